"""What goes wrong in a driver comes out as SQLAlchemy's error, as everywhere else."""

import sqlite3
from typing import Any, NoReturn

import psycopg
from sqlalchemy.exc import DBAPIError

ERRORS: Any = (psycopg.Error, sqlite3.Error)  # one type is enough for it, says its signature


def fail(sql: str, error: Exception) -> NoReturn:
    raise DBAPIError.instance(sql, None, error, ERRORS) from error
