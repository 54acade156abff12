"""The fast way to each engine. Nothing outside of api/db knows that it exists."""
