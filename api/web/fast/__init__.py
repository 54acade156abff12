"""The fast path of routes: answers requests with less work than FastAPI. `api/doors.py` loads it."""
