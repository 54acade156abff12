"""Whether the database can be used: it answers, is migrated, and can be written to. If not, what is wrong."""

import ast
import re
from functools import cache
from pathlib import Path

from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.db.errors import READ_ONLY
from api.db.problems import first_line, is_unavailable, sqlstate

UNAVAILABLE = "The database is unavailable."
UNMIGRATED = "The database is not migrated. Run: python -m api migrate"
UNWRITABLE = "The database can only be read."
FULL = "The disk of the database is full."
# What codes of PostgreSQL and words of SQLite say
FAULTS = {READ_ONLY: UNWRITABLE, "42P01": UNMIGRATED, "53100": FULL}
WORDS = {
    "readonly database": UNWRITABLE,
    "session is read-only": UNWRITABLE,  # libpq's, of a server that it does not want
    "no such table": UNMIGRATED,
    "disk is full": FULL,
}

VERSIONS = Path(__file__).parent.parent.parent / "alembic/versions"
REVISION = re.compile(r"^(down_revision|revision)\b[^=\n]*=\s*(.+?)\s*$", re.M)


def fault_of(error: BaseException) -> str:
    """What the error says about the database."""
    if not isinstance(error, DBAPIError):
        return UNAVAILABLE
    if state := sqlstate(error):
        return FAULTS.get(state, UNAVAILABLE)
    said = str(error.orig)
    return next((fault for words, fault in WORDS.items() if words in said), UNAVAILABLE)


def why_not(error: BaseException) -> str | None:
    """Why the application cannot start with this database; None if the error is the application's own."""
    if isinstance(error, OSError | PoolTimeout):
        return f"{UNAVAILABLE} Check DATABASE_URL, and whether the server runs."
    is_expected = is_unavailable(error) if isinstance(error, DBAPIError) else False
    is_no_database = type(error) is DatabaseError  # a file of something else, or a damaged one
    if not isinstance(error, DBAPIError) or not (is_expected or is_no_database):
        return None
    if (fault := fault_of(error)) != UNAVAILABLE:
        return fault
    return f"The database cannot be used: {first_line(error).rstrip('.')}. Check DATABASE_URL."


@cache
def outdated() -> frozenset[str]:
    """The migrations that others follow. Alembic's own reading of them would take time and memory."""
    followed: set[str] = set()
    for file in VERSIONS.glob("*.py"):
        found = {name: ast.literal_eval(value) for name, value in REVISION.findall(file.read_text())}
        before = found.get("down_revision") or ()
        followed |= {before} if isinstance(before, str) else set(before)
    return frozenset(followed)


def is_migrated(revisions: list[str]) -> bool:
    """Whether the tables are those of this version, or of a later one, as while replicas are replaced."""
    return bool(revisions) and not outdated().intersection(revisions)
