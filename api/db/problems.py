"""Database errors as problems: a value that is taken, or a database that is unavailable or too busy."""

import logging
import re

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import SQLModel

from api.db.errors import TooLarge
from api.problems import Code, FieldError, ProblemError

log = logging.getLogger(__name__)

TIME_LIMITS = {"25P03", "55P03", "57014"}  # of an idle transaction, a lock, a statement
TOO_LARGE = {"22001", "22003"}  # a text or a number, for its column
MISSING = "no such table"  # SQLite's words
# The server only reads, a table is missing, or a pooler has lost a prepared statement or shows another one
UNFIT = {"25006", "42P01", "26000", "42P05"}


def install(app: FastAPI) -> None:
    @app.exception_handler(DBAPIError)
    async def from_database(_: Request, error: DBAPIError) -> JSONResponse:
        if (problem := refusal(error)) is not None:
            return problem.response()
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


def refusal(error: Exception) -> ProblemError | None:
    """The problem of a value that cannot be stored, or None if something else is wrong."""
    if isinstance(error, IntegrityError):
        return conflict(error)
    if isinstance(error, TooLarge) or (isinstance(error, DBAPIError) and sqlstate(error) in TOO_LARGE):
        return ProblemError(Code.invalid_request, "A value is too large to be stored.")
    return None


def conflict(error: IntegrityError) -> ProblemError:
    if (name := taken_field(error)) is None:
        return ProblemError(Code.conflict)
    taken = FieldError(loc=["body", name], msg=f"This {name} is taken.", type="already_exists")
    code = Code.already_exists if len(_broken_rule(error)[1]) == 1 else Code.conflict
    return ProblemError(code, f"Another one with this {name} exists.", errors=[taken])


def taken_field(error: IntegrityError) -> str | None:
    """The unique field whose value is taken. It may be unique within an owner, a team or a parent.

    None if something else is wrong: several fields together, a foreign key, …
    """
    table, names = _broken_rule(error)
    if len(names) > 1 and table in SQLModel.metadata.tables:
        columns = SQLModel.metadata.tables[table].c
        names = [name for name in names if name in columns and not columns[name].foreign_keys]
    return names[0].removesuffix("_key") if len(names) == 1 else None


def _broken_rule(error: IntegrityError) -> tuple[str, list[str]]:
    """The table and the columns of a unique rule. Both databases name the columns only in a text."""
    if (diagnosis := getattr(error.orig, "diag", None)) is not None:
        found = re.match(r"Key \(([\w, ]+)\)=.* already exists", str(diagnosis.message_detail), re.S)
        return str(diagnosis.table_name), found[1].split(", ") if found else []
    found = re.match(r"UNIQUE constraint failed: ([\w., ]+)$", str(error.orig))
    places = [place.split(".") for place in found[1].split(", ")] if found else []
    return places[0][0] if places else "", [name for *_, name in places]


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
