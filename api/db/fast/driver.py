"""The database's own driver, for statements that need no transaction around them: one round trip each.

There is a way for each engine. What goes wrong in a driver comes out as SQLAlchemy's error, as everywhere else.
"""

import asyncio
import select
import sqlite3
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn, Protocol

import psycopg
from sqlalchemy import URL, Connection, Dialect
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.db.fast.connection import Wire

OUTDATED = {"0A000", "26000"}  # a prepared statement does not fit the tables any more, or is gone
PATIENCE = 10.0  # seconds to wait for a connection to become free

STRIDE = 1000  # instructions of SQLite's machine
STRIDES = 20  # a longer read than this is for a thread
NOT_NOW = {sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY}
PRIMARY = 0xFF  # the part of an error's code that says its kind

PRAGMAS = ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 15000")

Found = Sequence[Sequence[Any]]
Values = Any  # a mapping or a list, as the driver takes them


class Driver(Protocol):
    dialect: Dialect  # how it wants its statements

    async def run(self, sql: str, values: Values, *, again: bool = True) -> Found:
        """What the statement finds. `again` lets it run a second time when the connection turns out to be dead."""

    async def close(self) -> None: ...


class Postgres:
    """A pool of connections that autocommit. The one that was given back last is the first to be used."""

    def __init__(self, url: URL, dialect: Dialect, size: int, **options: Any) -> None:
        self.target = dict(dialect.create_connect_args(url)[1], **options)
        kind: Any = type(dialect)
        self.dialect = kind(paramstyle="numeric_dollar", dbapi=dialect.dbapi)
        self.idle: deque[Wire] = deque()
        self.free = asyncio.Semaphore(size)

    async def run(self, sql: str, values: Values, *, again: bool = True) -> Found:
        if self.free.locked():
            await self._wait()
        else:
            await self.free.acquire()
        wire = None
        try:
            wire = await self._take()
            return await wire.run(sql, values)
        except psycopg.Error as error:
            if not again or wire is None or (wire.is_idle and error.sqlstate not in OUTDATED):
                _fail(sql, error)
            self.idle.append(wire)
            await self.close()  # what happened to this one has happened to those that nobody uses, too
        finally:
            if wire is not None:
                await self._give_back(wire)
            self.free.release()
        return await self.run(sql, values, again=False)

    async def _take(self) -> Wire:
        while self.idle:
            wire = self.idle.pop()
            if wire.is_idle:
                return wire
            await wire.close()  # the server has ended it meanwhile
        return await Wire.connect(**self.target)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self.free.acquire()
        except TimeoutError:
            raise PoolTimeout(f"No connection became free within {PATIENCE:.0f} seconds.") from None

    async def _give_back(self, wire: Wire) -> None:
        if wire.is_idle:
            self.idle.append(wire)
        else:
            await wire.close()

    async def close(self) -> None:
        while self.idle:
            await self.idle.pop().close()


class Sqlite:
    """Connections that only read: one for the event loop, and one for each of a few threads.

    Most reads take less time than to hand them to a thread, and are done at once. One that turns out to be long, or has
    to wait, is broken off and begun again in a thread.
    """

    def __init__(self, url: URL, dialect: Dialect, size: int) -> None:
        self.dialect, self.target = dialect, dialect.create_connect_args(url)
        self.threads = ThreadPoolExecutor(size, thread_name_prefix="sqlite")
        self.mine = threading.local()
        self.connections: list[sqlite3.Connection] = []
        self.strides = 0

    async def run(self, sql: str, values: Values, *, again: bool = True) -> Found:
        self.strides = 0
        try:
            return self._read(self, sql, values)
        except DBAPIError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & PRIMARY not in NOT_NOW:
                raise
        return await asyncio.get_running_loop().run_in_executor(self.threads, self._read, self.mine, sql, values)

    def _read(self, owner: Any, sql: str, values: Values) -> Found:
        """Read by the connection of this object, or of this thread."""
        try:
            if not hasattr(owner, "connection"):
                owner.connection = self._connect(brief=owner is self)
            found: Found = owner.connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            _fail(sql, error)
        return found

    def _is_long(self) -> bool:
        self.strides += 1
        return self.strides > STRIDES

    @staticmethod
    def commit(connection: sqlite3.Connection, statements: Sequence[tuple[str, Values]]) -> Found:
        """Run them as one transaction; what the last one finds. If the first one finds nothing, the others are left out."""
        sql: str = "BEGIN IMMEDIATE"
        found: Found = []
        try:
            connection.execute(sql)
            (sql, values), *others = statements
            found = connection.execute(sql, values).fetchall()
            for sql, values in others if found else ():
                found = connection.execute(sql, values).fetchall()
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            _fail(sql, error)
        return found

    def _connect(self, *, brief: bool) -> sqlite3.Connection:
        arguments, options = self.target
        options = {**options, "check_same_thread": False, "timeout": 0 if brief else 15}
        connection: sqlite3.Connection = sqlite3.connect(*arguments, **options)  # type: ignore[call-overload]  # options of any kind
        configure(connection)
        if brief:
            connection.execute("PRAGMA busy_timeout = 0")
            connection.set_progress_handler(self._is_long, STRIDE)
        connection.execute("PRAGMA query_only = ON")
        self.connections.append(connection)
        return connection

    async def close(self) -> None:
        self.threads.shutdown()
        for connection in self.connections:
            connection.close()


def refuse_dead(connection: Any, *_: Any) -> None:
    """The pool does not give out what the server has ended: then there is something to read where nothing was asked.

    To ask it something, which SQLAlchemy calls a ping, would cost three round trips.
    """
    driver, waiting = connection.driver_connection, select.poll()
    if not driver.closed:
        waiting.register(driver.fileno(), select.POLLIN)
    if driver.closed or waiting.poll(0):
        raise DisconnectionError


def configure(connection: Any, _: Any = None) -> None:
    """Make a new connection to SQLite what we expect of a database."""
    connection.isolation_level = None  # The driver begins nothing by itself: `begin_immediate` does.
    # SQLite's own lower() knows only ASCII, and a search for "ÉCOLE" must find "école" on both engines.
    connection.create_function("lower", 1, lambda value: value.lower() if isinstance(value, str) else value)
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_immediate(connection: Connection) -> None:
    """Writers queue for the lock before they read: a deferred transaction that upgrades later fails instead."""
    if not connection.get_execution_options().get("migrating"):  # migrations begin by themselves
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _fail(sql: str, error: Exception) -> NoReturn:
    raise DBAPIError.instance(sql, None, error, (psycopg.Error, sqlite3.Error)) from error  # type: ignore[call-overload]  # one type is enough for it
