"""The database: the engines, the session of a request and its commit, live events, and migrations."""

from api.db.engine import Database, DatabaseDep
from api.db.request_session import RESERVED, SessionDep
from api.db.session import Session, fresh, lock
from api.db.trash import purge, restore, trashed

__all__ = [
    "RESERVED",
    "Database",
    "DatabaseDep",
    "Session",
    "SessionDep",
    "fresh",
    "lock",
    "purge",
    "restore",
    "trashed",
]
