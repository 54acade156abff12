"""Database errors as problems: a value that is taken, or a database that is unavailable or too busy."""

import logging
import re

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.problems import Code, FieldError, ProblemError

log = logging.getLogger(__name__)

TIME_LIMITS = {"25P03", "55P03", "57014"}  # of an idle transaction, a lock, a statement
MISSING = "no such table"  # SQLite's words
# The server only reads, a table is missing, or a pooler has lost a prepared statement or shows another one
UNFIT = {"25006", "42P01", "26000", "42P05"}


def install(app: FastAPI) -> None:
    @app.exception_handler(DBAPIError)
    async def from_database(_: Request, error: DBAPIError) -> JSONResponse:
        if isinstance(error, IntegrityError):
            return conflict(error).response()
        if is_unavailable(error):
            log.warning("The database could not be used: %s", first_line(error))
            return unavailable().response()
        raise error

    @app.exception_handler(PoolTimeout)
    async def from_pool(_: Request, error: PoolTimeout) -> JSONResponse:
        log.warning("No database connection became free: %s", error)
        return unavailable().response()


def unavailable(detail: str | None = None) -> ProblemError:
    return ProblemError(Code.unavailable, detail, headers={"Retry-After": "1"})


def taken_field(error: IntegrityError) -> str | None:
    """The unique field whose value is taken. Both databases name it only in the text of the error.

    None if something else is wrong: several columns together, a foreign key, …
    """
    diagnosis = getattr(error.orig, "diag", None)
    said = str(diagnosis.message_detail if diagnosis else error.orig)
    found = re.search(
        r"^Key \((\w+)\)=.* already exists|UNIQUE constraint failed: \w+\.(\w+)$", said, re.M | re.S
    )
    return str(found[1] or found[2]).removesuffix("_key") if found else None


def conflict(error: IntegrityError) -> ProblemError:
    name = taken_field(error)
    if name is None:
        return ProblemError(Code.conflict)
    taken = FieldError(loc=["body", name], msg=f"This {name} is taken.", type="already_exists")
    return ProblemError(Code.already_exists, f"Another one with this {name} exists.", errors=[taken])


def first_line(error: DBAPIError) -> str:
    """What happened. The other lines of an error may contain values."""
    return str(error.orig).partition("\n")[0]


def sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's code of the error; empty if it is not from PostgreSQL, or the connection was lost."""
    return str(getattr(error.orig, "sqlstate", None) or "")


def is_unavailable(error: Exception) -> bool:
    """Whether a later retry may succeed.

    The server is unavailable, restarting or overloaded, only reads, or is not migrated yet; a connection or a
    lock did not become free; or two transactions conflicted.
    """
    if not isinstance(error, DBAPIError):
        return isinstance(error, PoolTimeout)
    state = sqlstate(error)
    # 08 connection, 40 rollback, 53 resources, 57P shutdown or start, and time limits
    if state:
        return state[:2] in {"08", "40", "53"} or state.startswith("57P") or state in TIME_LIMITS | UNFIT
    said = str(error.orig).replace(MISSING, "")
    return error.connection_invalidated or (
        isinstance(error, OperationalError | InterfaceError)
        and ("no such" not in said and "syntax error" not in said)
    )
