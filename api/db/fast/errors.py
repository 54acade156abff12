"""Raises the errors of a driver as SQLAlchemy's errors, as the ORM does."""

import sqlite3
from typing import Any, NoReturn

import psycopg
from sqlalchemy.exc import DBAPIError

from api.db.errors import TooLarge, conceal

ERRORS: Any = (psycopg.Error, sqlite3.Error)  # `instance` also accepts a tuple, but is typed for one class


def fail(sql: str, error: Exception) -> NoReturn:
    raise failure(sql, error) from error


def failure(sql: str, error: Exception) -> Exception:
    if isinstance(error, OverflowError):
        return TooLarge(error)
    conceal(error)
    return DBAPIError.instance(sql, None, error, ERRORS, hide_parameters=True)
