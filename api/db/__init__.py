"""The database: the engines, the session of a request and its commit, live events, and migrations."""

from api.db.engine import Database, DatabaseDep
from api.db.links import link, link_only, unlink
from api.db.positions import PositionCode, RowOrder, append, remove, reorder
from api.db.request_session import RESERVED, SessionDep
from api.db.session import Session
from api.db.statements import delete_rows, fresh, lock
from api.db.trash import purge, restore, trashed

__all__ = [
    "RESERVED",
    "Database",
    "DatabaseDep",
    "PositionCode",
    "RowOrder",
    "Session",
    "SessionDep",
    "append",
    "delete_rows",
    "fresh",
    "link",
    "link_only",
    "lock",
    "purge",
    "remove",
    "reorder",
    "restore",
    "trashed",
    "unlink",
]
