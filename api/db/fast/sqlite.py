"""The fast path to SQLite: connections of the standard library, without a thread for short reads."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import URL, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from api.db.fast.driver import Found, Script, Values
from api.db.fast.errors import fail
from api.db.fast.sqlite_writer import LEANS_ON as WRITER_LEANS_ON
from api.db.fast.sqlite_writer import Writer, is_to_wait
from api.db.fast.types import Unfit
from api.db.sqlite import Deadline, configuration

LEANS_ON = WRITER_LEANS_ON

CHECK_EVERY = 1000  # instructions of SQLite's virtual machine between two calls of `_is_long`
MAX_CHECKS = 20  # calls after which a read moves to a thread
CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"
MISSING = ("no such function", "no such collation")  # registered on the connections of SQLAlchemy's engine


class Sqlite:
    """Connections that only read: one for the event loop, and one for each of a few threads.

    Most reads take less time than handing them to a thread, so they run in the event loop. A read that is
    long, or has to wait for a lock, is interrupted and runs again in a thread.
    """

    def __init__(
        self,
        url: URL,
        dialect: Dialect,
        size: int,
        writer: AsyncEngine,
        lock_seconds: float,
        statement_seconds: float,
    ) -> None:
        self.lock_seconds, self.statement_seconds = lock_seconds, statement_seconds
        self.dialect, self.target = dialect, dialect.create_connect_args(url)
        self.threads = ThreadPoolExecutor(size, thread_name_prefix="sqlite")
        self.per_thread = threading.local()
        self.connections: list[sqlite3.Connection] = []
        self.checks = 0
        self.writer = Writer(writer, self._connect_to_write, lambda: self._read_in_thread(CHECKPOINT, ()))

    async def run(self, sql: str, values: Values, *, again: bool = True) -> Found:
        self.checks = 0
        try:
            return self._read(self, sql, values)
        except DBAPIError as error:
            if not is_to_wait(error):
                raise
        return await self._read_in_thread(sql, values)

    async def _read_in_thread(self, sql: str, values: Values) -> Found:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, self._read, self.per_thread, sql, values)

    def _read(self, owner: Any, sql: str, values: Values) -> Found:
        """Read with the owner's connection. The owner is this object or the storage of a thread."""
        try:
            if not hasattr(owner, "connection"):
                owner.connection = self._connect(owner)
            if owner is not self:
                owner.deadline.begin()
            found: Found = owner.connection.execute(sql, values).fetchall()
        except (sqlite3.Error, OverflowError) as error:
            if str(error).startswith(MISSING):
                raise Unfit(str(error)) from None
            fail(sql, error)
        return found

    def _is_long(self) -> bool:
        self.checks += 1
        return self.checks > MAX_CHECKS

    async def commit(self, script: Script) -> Found:
        return await self.writer.commit(script)

    def _connect_to_write(self, is_long: Callable[[], bool]) -> sqlite3.Connection:
        connection = self._connect(self)
        connection.set_progress_handler(is_long, CHECK_EVERY)
        connection.execute("PRAGMA query_only = OFF")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        return connection

    def _connect(self, owner: Any) -> sqlite3.Connection:
        arguments, options = self.target
        on_loop = owner is self
        options = {**options, "check_same_thread": False, "timeout": 0 if on_loop else self.lock_seconds}
        # The options are untyped
        connection: sqlite3.Connection = sqlite3.connect(*arguments, **options)  # type: ignore[call-overload]
        configuration(self.lock_seconds)(connection)
        if on_loop:
            connection.execute("PRAGMA busy_timeout = 0")
            connection.set_progress_handler(self._is_long, CHECK_EVERY)
        else:
            owner.deadline = Deadline(self.statement_seconds)
            connection.set_progress_handler(owner.deadline, CHECK_EVERY)
        connection.execute("PRAGMA query_only = ON")
        self.connections.append(connection)
        return connection

    async def close(self) -> None:
        self.threads.shutdown()
        for connection in self.connections:
            connection.close()
