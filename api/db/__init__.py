"""The database: engines, the session of a request, the one commit, events and migrations."""
