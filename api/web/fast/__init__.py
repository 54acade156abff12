"""The fast way through FastAPI. Nothing outside of api/web knows that it exists."""
