"""The fast path to PostgreSQL: connections that autocommit, built from psycopg's parts without its cursors.

A cursor registers the socket with the event loop for each statement. Here the socket stays registered, which
takes less work, and shows that the server has closed an idle connection.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any, cast

import psycopg
from psycopg import OperationalError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from sqlalchemy import Dialect

from api.db import postgresql
from api.db.fast.driver import Found, Script, Values
from api.db.fast.errors import fail
from api.db.fast.places import Places, Use, use_of
from api.db.fast.prepared import Prepared, Statement, name_of
from api.db.postgresql import LATE, LOST, Server

LEANS_ON = (
    "psycopg.adapt:Transformer.dump_sequence",
    "psycopg.adapt:Transformer.load_rows",
    "psycopg.adapt:Transformer.set_pgresult",
    "psycopg.errors:error_from_result",
    "psycopg.pq:PGconn.consume_input",
    "psycopg.pq:PGconn.finish",
    "psycopg.pq:PGconn.flush",
    "psycopg.pq:PGconn.get_result",
    "psycopg.pq:PGconn.is_busy",
    "psycopg.pq:PGconn.send_prepare",
    "psycopg.pq:PGconn.send_query_params",
    "psycopg.pq:PGconn.send_query_prepared",
    "psycopg.pq:PGconn.socket",
    "psycopg.pq:PGconn.transaction_status",
)

OUTDATED = LOST | {"0A000"}  # or a prepared statement does not fit the changed tables
CLOSED = -1
GOOD = {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}


class Connection:
    def __init__(self, connection: postgresql.Connection) -> None:
        self.connection, self.pgconn, self.watch = connection, connection.pgconn, connection.watch
        self.prepared = Prepared(connection.threshold)
        self.waiter: asyncio.Future[None] | None = None
        self.loop = asyncio.get_running_loop()
        self.socket = self.pgconn.socket
        self.loop.add_reader(self.socket, self._read)

    @property
    def is_idle(self) -> bool:
        """Whether the connection is ready: neither lost nor running a statement."""
        return self.pgconn.transaction_status == TransactionStatus.IDLE

    async def run(self, sql: str, values: Sequence[Any], *, prepares: bool = True) -> list[tuple[Any, ...]]:
        """The rows that the statement finds. `$1` is its first value."""
        self.watch.begin(self.connection)
        try:
            return await self._run(sql, values, prepares)
        finally:
            self.watch.end(self.connection)
            if self.pgconn.status == ConnStatus.BAD:
                self._let_go()

    async def _run(self, sql: str, values: Sequence[Any], prepares: bool) -> list[tuple[Any, ...]]:
        adapt = Transformer(self.connection)
        sent = adapt.dump_sequence(values, [PyFormat.AUTO] * len(values))
        statement = sql, adapt.types or ()
        name = self.prepared.names.get(statement) if prepares else None
        if name is None and prepares and self.prepared.is_due(statement):
            name = await self._prepare(statement)
        if name is None:
            self.pgconn.send_query_params(sql.encode(), sent, adapt.types, adapt.formats, Format.BINARY)
        else:
            self.pgconn.send_query_prepared(name, sent, adapt.formats, Format.BINARY)
        result = await self._result()
        adapt.set_pgresult(result)
        return adapt.load_rows(0, result.ntuples, tuple)

    async def _prepare(self, statement: Statement) -> bytes:
        """Prepare the statement, and return its name."""
        (sql, types), name = statement, name_of(statement)
        self.pgconn.send_prepare(name, sql.encode(), types)
        await self._result()
        self.prepared.names[statement] = name
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

    def close(self) -> None:
        """Close the connection without waiting for the server."""
        self._let_go()
        is_active = self.pgconn.transaction_status == TransactionStatus.ACTIVE
        if is_active and not self.connection.is_cut:  # its request was cancelled
            self.watch.cancel(self.connection, closes=True)
        else:
            self.pgconn.finish()


class Postgres:
    """A pool of connections that autocommit. It uses the most recently used connection first."""

    def __init__(self, server: Server, dialect: Dialect, size: int, wait_seconds: float) -> None:
        self.server, kind = server, cast("Any", type(dialect))
        self.dialect = kind(paramstyle="numeric_dollar", dbapi=dialect.dbapi)
        self.idle: deque[Connection] = deque()
        self.places = Places(size, wait_seconds)

    async def run(
        self, sql: str, values: Values, *, again: bool = True, is_writer: bool = False, prepares: bool = True
    ) -> Found:
        use = Use.write if is_writer else use_of(sql)
        if not self.places.take(use):
            await self.places.wait(use)
        connection = None
        try:
            connection = await self._take()
            return await connection.run(sql, values, prepares=prepares)
        except psycopg.Error as error:
            self.server.hear(error)
            is_outdated = prepares and error.sqlstate in OUTDATED  # then it has not run
            if connection is not None and connection.connection.is_cut:
                fail(sql, OperationalError(LATE))
            is_lost = connection is not None and not connection.is_idle
            if connection is None or not (is_outdated or (again and is_lost)):
                fail(sql, error)
            connection.close()
            await self.close()  # the idle connections have probably failed in the same way
        finally:
            if connection is not None:
                self._give_back(connection)
            self.places.give_back(use)
        return await self.run(sql, values, again=False, is_writer=is_writer, prepares=not is_outdated)

    async def commit(self, script: Script) -> Found:
        """Run the script. For PostgreSQL it is one statement, which is a transaction by itself."""
        [(sql, values)] = script
        return await self.run(sql, values, again=False, is_writer=True)

    async def _take(self) -> Connection:
        while self.idle:
            connection = self.idle.pop()
            if connection.is_idle and not connection.connection.is_outdated:
                return connection
            connection.close()  # the server has closed it meanwhile, or has been silent
        return Connection(await self.server.connect(autocommit=True))

    def _give_back(self, connection: Connection) -> None:
        if connection.is_idle:
            self.idle.append(connection)
        else:
            connection.close()

    async def close(self) -> None:
        while self.idle:
            self.idle.pop().close()
