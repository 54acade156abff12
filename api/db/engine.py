"""The engines of an application, and the commit of a request."""

import select
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.requests import HTTPConnection

from api.db import sqlite
from api.db.outbox import Wake
from api.db.quotas import Quotas
from api.db.request_state import current
from api.db.session import Session
from api.doors import open_door
from api.models.base import Entity
from api.settings import Mechanism, Settings


class Database:
    """The database of an application. It creates sessions for reading and for writing."""

    wake: Wake | None = None  # called after each commit with the changed inboxes
    fast: Any = None  # the fast path, or None if it is off or one of its modules cannot be loaded

    def __init__(self, settings: Settings) -> None:
        self.quotas = Quotas(settings)
        url, size = make_url(settings.database_url), settings.database_pool_size
        is_fast = Mechanism.driver in settings.fast_path
        if url.get_backend_name() == "sqlite":
            # SQLite allows one writer at a time. With one connection for writing, writers queue for it in
            # order, without polling. The busy_timeout is for other processes. Readers do not wait.
            self.engine = create_async_engine(url, pool_size=1, max_overflow=0)
            self.reader = create_async_engine(url, pool_size=size, max_overflow=0)
            event.listen(self.engine.sync_engine, "begin", sqlite.begin_immediate)
            event.listen(self.reader.sync_engine, "begin", sqlite.begin)
            for engine in (self.engine, self.reader):
                event.listen(engine.sync_engine, "do_connect", sqlite.create_private)
                event.listen(engine.sync_engine, "connect", sqlite.configure)
            if is_fast and (door := open_door("api.db.fast.sqlite")):
                self._open(settings, door.Sqlite(url, self.engine.dialect, size, self.engine))
        else:
            # psycopg prepares a statement after it has run this many times. Old versions of PgBouncer lose
            # prepared statements between transactions, so 0 means never.
            options = {"prepare_threshold": settings.database_prepare_threshold or None, "connect_timeout": 5}
            door = open_door("api.db.fast.postgresql") if is_fast else None
            pool = {
                "pool_size": max(1, size // 2) if door else size,
                "max_overflow": 0,
                "pool_timeout": 10,
                "pool_use_lifo": True,
            }
            self.engine = self.reader = create_async_engine(url, connect_args=options, **pool)
            event.listen(self.engine.sync_engine, "checkout", refuse_dead)
            if door:
                self._open(settings, door.Postgres(url, self.engine.dialect, size, **options))

    def _open(self, settings: Settings, driver: Any) -> None:
        doors = [
            open_door(f"api.db.fast.{name}")
            for name in ("rows", "types", "entities", "statements", "changes", "single_row", "path")
        ]
        if all(doors):
            # All of them were loaded
            self.fast = doors[-1].FastPath(driver, settings.fast_path)  # type: ignore[union-attr]
            if door := open_door("api.db.fast.writing"):
                Entity.__fast__ = door

    def read(self) -> Session:
        """A session for reading: `async with database.read() as session: ...`"""
        return Session(self, is_reading=True)

    def write(self) -> Session:
        """A session for one transaction: `async with database.write() as session, session.begin(): ...`"""
        return Session(self, is_reading=False)

    async def rows(self, statement: Any, **values: Any) -> Sequence[Any]:
        """The result of a select, in its own session (see `Session.rows`). The rows are detached.

        A request whose transaction has a connection reads on that one. If each held one and waited for
        another, none would go on.
        """
        state = current.get()
        if state is not None and (holder := state.transaction) is not None:
            found = await holder.beside(statement, values)
            if found is not None:
                return found
        if self.fast is not None and (found := await self.fast.find(statement, values)) is not None:
            return list(found)
        async with self.read() as session:
            return await session.rows(statement, **values)

    async def commit(self, session: Session) -> None:
        """Confirm the session's guard, then commit all of the session's changes, or none."""
        if self.fast is not None and await self.fast.commit(session):
            return
        await session.confirm()
        if session.is_touched:
            await session.commit()

    async def ping(self) -> None:
        """Raise unless the database answers."""
        if self.fast is not None:
            await self.fast.driver.run("SELECT 1", ())
        else:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()
        await self.reader.dispose()
        if self.fast is not None:
            await self.fast.driver.close()


def refuse_dead(connection: Any, *_: Any) -> None:
    """Refuse a pooled connection that the server has closed: it has data to read, although no statement runs.

    SQLAlchemy's `pool_pre_ping` would cost three round trips.
    """
    driver, waiting = connection.driver_connection, select.poll()
    if not driver.closed:
        waiting.register(driver.fileno(), select.POLLIN)
    if driver.closed or waiting.poll(0):
        raise DisconnectionError


async def get_database(connection: HTTPConnection) -> Database:
    database: Database = connection.app.state.database
    return database


DatabaseDep = Annotated[Database, Depends(get_database)]
