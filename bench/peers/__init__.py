"""The same small API in other frameworks, and without one, in a separate virtual environment."""
