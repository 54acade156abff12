"""The same small API, in other frameworks at their best and in the practical limits. They run in a venv of
their own."""
