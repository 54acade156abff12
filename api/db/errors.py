"""Errors of the database without the values of rows, because an unexpected error is logged."""

import re
from typing import Any

from sqlalchemy.exc import DataError, DBAPIError, DontWrapMixin

READ_ONLY = "25006"  # the SQLSTATE of a write to a server that only reads


class CannotStart(Exception):
    """What the operator has to do before the application can start, in a sentence."""


def conceal(error: BaseException) -> None:
    """Shorten the text of PostgreSQL's error to what holds no values. `diag` keeps everything.

    Its details and its context repeat rows and parameters, as do the quotes of an error about data.
    """
    state = getattr(error, "sqlstate", None)
    if not state:
        return
    said = str(error).partition("\n")[0]
    error.args = (re.sub(r'".*"', '"…"', said) if state.startswith("22") else said,)


class TooLarge(DataError, DontWrapMixin):
    """A number that does not fit its column in SQLite."""

    def __init__(self, error: OverflowError) -> None:
        super().__init__(None, None, error, hide_parameters=True)


def name_overflow(context: Any) -> TooLarge | None:
    """What is raised in place of Python's error of a number that no column of SQLite takes."""
    error = context.original_exception
    return TooLarge(error) if isinstance(error, OverflowError) else None


def conceal_all(context: Any) -> None:
    """For an error of the ORM's connections, which SQLAlchemy has wrapped already."""
    cause, wrapped = context.original_exception, context.sqlalchemy_exception
    conceal(cause)
    if isinstance(wrapped, DBAPIError):
        wrapped.args = (f"({type(cause).__module__}.{type(cause).__name__}) {cause}",)
