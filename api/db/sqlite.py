"""The options of connections to SQLite, and how their transactions begin."""

import math
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Float, Numeric

from api.db.errors import TooLarge
from api.db.readiness import FULL, UNWRITABLE
from api.db.sqlite_functions import register
from api.db.timeouts import LOOKS

Convert = Callable[[Any], Any]
CHECK_EVERY = 10_000  # instructions of SQLite's virtual machine
PRAGMAS = ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = {busy}")


def create_private(_dialect: Any, _record: Any, arguments: Any, _options: Any = None) -> None:
    """Create a missing database that only its owner can read. SQLite gives its other files the same mode.

    A file that exists must not be opened: closing it would release the locks of all connections to it.
    """
    path = str(arguments[0])
    if not path.startswith("file:") and not os.path.isfile(path):
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            if not os.path.isfile(path):  # another process may just have created it
                raise sqlite3.OperationalError("unable to open database file") from error


def fault_of(url: URL) -> str | None:
    """Why the file cannot be written to, if so. Trying it would have to wait for other writers."""
    path = Path(str(url.database).removeprefix("file:"))
    is_opened_to_read = url.query.get("mode") == "ro" or url.query.get("immutable") == "1"
    if is_opened_to_read or not os.access(path, os.W_OK):
        return UNWRITABLE
    return None if shutil.disk_usage(path.parent).free else FULL


class BoundedNumeric(Numeric[Any]):
    """Refuses a number that is too large for its column, as PostgreSQL does. SQLite would store it."""

    def bind_processor(self, dialect: Dialect) -> Convert | None:
        convert: Convert | None = super().bind_processor(dialect)  # type: ignore[no-untyped-call]
        if convert is None or self.precision is None:
            return convert
        scale = self.scale or 0
        limit = 10 ** (self.precision - scale)

        def check_and_convert(value: Any) -> Any:
            if value is not None and abs(round(float(value), scale)) >= limit:
                raise TooLarge(OverflowError(f"numeric field overflow: at most {self.precision} digits"))
            return convert(value)

        return check_and_convert


TYPES: dict[Any, Any] = {Numeric: BoundedNumeric, Float: Float}  # in place of SQLAlchemy's


class Deadline:
    """Interrupts a read that takes too long. SQLite asks after every `CHECK_EVERY` instructions.

    The time is divided into looks, as in `timeouts.py`.
    """

    def __init__(self, seconds: float) -> None:
        self.step, self.looks, self.next = seconds / LOOKS, 0, math.inf

    def begin(self) -> None:
        self.looks, self.next = 0, time.monotonic() + self.step

    def __call__(self) -> bool:
        if (now := time.monotonic()) >= self.next:
            self.looks, self.next = self.looks + 1, now + self.step
        return self.looks >= LOOKS


def bound(connection: Any, record: Any, *, seconds: float) -> None:
    """Give a new connection of the readers a deadline for each statement."""
    record.info[Deadline] = deadline = Deadline(seconds)
    connection.run_async(lambda driver: driver.set_progress_handler(deadline, CHECK_EVERY))


def begin_statement(connection: Connection, *_: Any) -> None:
    connection.connection.info[Deadline].begin()


def configuration(lock_seconds: float) -> Callable[..., None]:
    """What sets the options of a new connection, which waits so long for the lock of another process."""

    def configure(connection: Any, _: Any = None) -> None:
        _set_options(connection, round(1000 * lock_seconds))

    return configure


def _set_options(connection: Any, busy: int) -> None:
    connection.isolation_level = None  # The driver begins no transaction: `begin` and `begin_immediate` do.
    register(connection)
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma.format(busy=busy)}")
    cursor.close()


def begin(connection: Connection) -> None:
    """Begin a transaction, so that all reads of a session see the same state. The driver begins none."""
    connection.exec_driver_sql("BEGIN")


def begin_immediate(connection: Connection) -> None:
    """Begin a transaction with the write lock, so that writers wait for each other.

    A transaction that reads first and requests the lock later fails instead of waiting.
    """
    if not connection.get_execution_options().get("migrating"):  # migrations begin their own
        connection.exec_driver_sql("BEGIN IMMEDIATE")
