"""The fast path of the database: reads and commits rows without the ORM. `api/doors.py` loads it."""
