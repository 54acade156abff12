"""The fast path to PostgreSQL: connections that autocommit, built from psycopg's parts without its cursors.

A cursor registers the socket with the event loop for each statement. Here the socket stays registered, which
takes less work, and shows that the server has closed an idle connection.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Self

import psycopg
from psycopg import AsyncConnection, OperationalError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from sqlalchemy import URL, Dialect
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.db.fast.driver import Found, Script, Values
from api.db.fast.errors import fail

LEANS_ON = (
    "psycopg.adapt:Transformer.dump_sequence",
    "psycopg.adapt:Transformer.load_rows",
    "psycopg.adapt:Transformer.set_pgresult",
    "psycopg.errors:error_from_result",
    "psycopg.pq:PGconn.consume_input",
    "psycopg.pq:PGconn.flush",
    "psycopg.pq:PGconn.get_result",
    "psycopg.pq:PGconn.is_busy",
    "psycopg.pq:PGconn.send_prepare",
    "psycopg.pq:PGconn.send_query_params",
    "psycopg.pq:PGconn.send_query_prepared",
    "psycopg.pq:PGconn.socket",
    "psycopg.pq:PGconn.transaction_status",
)

OUTDATED = {"0A000", "26000"}  # a prepared statement does not fit the changed tables, or is gone
WAIT_SECONDS = 10.0  # for a connection to become free
CANCEL_SECONDS = 2.0  # for the server to end a statement
CLOSED = -1
MAX_STATEMENTS = 300  # statements that one connection remembers; each takes memory in PostgreSQL too
LONGEST = 16_384  # characters of such a statement; an IN with many values is longer
GOOD = {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}

Statement = tuple[str, tuple[int, ...]]  # the SQL, and the types of the values


class Connection:
    def __init__(self, connection: AsyncConnection, prepare_threshold: int | None) -> None:
        self.connection, self.pgconn = connection, connection.pgconn
        self.prepare_threshold = prepare_threshold
        self.seen: Counter[Statement] = Counter()
        self.names: dict[Statement, bytes] = {}
        self.waiter: asyncio.Future[None] | None = None
        self.loop = asyncio.get_running_loop()
        self.socket = self.pgconn.socket
        self.loop.add_reader(self.socket, self._read)

    @classmethod
    async def connect(cls, prepare_threshold: int | None, **target: Any) -> Self:
        connection = await AsyncConnection.connect(**target, autocommit=True)
        await connection.execute("SET TIME ZONE 'UTC'")  # so that times need no conversion
        return cls(connection, prepare_threshold)

    @property
    def is_idle(self) -> bool:
        """Whether the connection is ready: neither lost nor running a statement."""
        return self.pgconn.transaction_status == TransactionStatus.IDLE

    async def run(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows that the statement finds. `$1` is its first value."""
        try:
            return await self._run(sql, values)
        finally:
            if self.pgconn.status == ConnStatus.BAD:
                self._let_go()

    async def _run(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        adapt = Transformer(self.connection)
        sent = adapt.dump_sequence(values, [PyFormat.AUTO] * len(values))
        name = await self._prepared((sql, adapt.types or ())) if len(sql) <= LONGEST else None
        if name is None:
            self.pgconn.send_query_params(sql.encode(), sent, adapt.types, adapt.formats, Format.BINARY)
        else:
            self.pgconn.send_query_prepared(name, sent, adapt.formats, Format.BINARY)
        result = await self._result()
        adapt.set_pgresult(result)
        return adapt.load_rows(0, result.ntuples, tuple)

    async def _prepared(self, statement: Statement) -> bytes | None:
        """The name of the prepared statement, or None if it has not run often enough."""
        name = self.names.get(statement)
        if name or self.prepare_threshold is None or len(self.names) == MAX_STATEMENTS:
            return name
        if len(self.seen) == MAX_STATEMENTS:
            self.seen.clear()
        self.seen[statement] += 1
        if self.seen[statement] <= self.prepare_threshold:
            return None
        name = b"onefold_%d" % len(self.names)
        sql, types = statement
        self.pgconn.send_prepare(name, sql.encode(), types)
        await self._result()
        self.names[statement] = name
        return name

    async def _result(self) -> Any:
        while self.pgconn.flush():  # the socket does not accept everything at once
            await self._writable()
        result = None
        while True:
            while self.pgconn.is_busy():
                self.waiter = self.loop.create_future()
                await self.waiter
            following = self.pgconn.get_result()
            if following is None:
                break
            result = following
        if result is None or (result.status not in GOOD and self.pgconn.status == ConnStatus.BAD):
            raise OperationalError("The connection was lost.")
        if result.status not in GOOD:
            raise error_from_result(result)
        return result

    def _read(self) -> None:
        """Read what the server has sent, or notice that it has closed the connection."""
        try:
            self.pgconn.consume_input()
        except OperationalError:
            self._let_go()
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    async def _writable(self) -> None:
        ready = self.loop.create_future()
        self.loop.add_writer(self.socket, lambda: None if ready.done() else ready.set_result(None))
        try:
            await ready
        finally:
            self.loop.remove_writer(self.socket)

    def _let_go(self) -> None:
        """Stop watching the socket of a lost connection.

        This must happen at once: libpq closes the socket, and a new connection may get the same number.
        """
        if self.socket != CLOSED:
            self.loop.remove_reader(self.socket)
            self.socket = CLOSED

    async def close(self) -> None:
        if self.pgconn.transaction_status == TransactionStatus.ACTIVE:  # its request was cancelled
            with suppress(psycopg.Error):
                await self.connection.cancel_safe(timeout=CANCEL_SECONDS)
        self._let_go()
        await self.connection.close()


class Postgres:
    """A pool of connections that autocommit. It uses the most recently used connection first."""

    def __init__(self, url: URL, dialect: Dialect, size: int, **options: Any) -> None:
        self.target = dict(dialect.create_connect_args(url)[1], **options)
        kind: Any = type(dialect)
        self.dialect = kind(paramstyle="numeric_dollar", dbapi=dialect.dbapi)
        self.idle: deque[Connection] = deque()
        self.free = asyncio.Semaphore(size)

    async def run(self, sql: str, values: Values, *, again: bool = True) -> Found:
        if self.free.locked():
            await self._wait()
        else:
            await self.free.acquire()
        connection = None
        try:
            connection = await self._take()
            return await connection.run(sql, values)
        except psycopg.Error as error:
            if not again or connection is None or (connection.is_idle and error.sqlstate not in OUTDATED):
                fail(sql, error)
            self.idle.append(connection)
            await self.close()  # the idle connections have probably failed in the same way
        finally:
            if connection is not None:
                await self._give_back(connection)
            self.free.release()
        return await self.run(sql, values, again=False)

    async def commit(self, script: Script) -> Found:
        """Run the script. For PostgreSQL it is one statement, which is a transaction by itself."""
        [(sql, values)] = script
        return await self.run(sql, values, again=False)

    async def _take(self) -> Connection:
        while self.idle:
            connection = self.idle.pop()
            if connection.is_idle:
                return connection
            await connection.close()  # the server has closed it meanwhile
        return await Connection.connect(**self.target)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self.free.acquire()
        except TimeoutError:
            raise PoolTimeout(f"No connection became free within {WAIT_SECONDS:.0f} seconds.") from None

    async def _give_back(self, connection: Connection) -> None:
        if connection.is_idle:
            self.idle.append(connection)
        else:
            await connection.close()

    async def close(self) -> None:
        while self.idle:
            await self.idle.pop().close()
