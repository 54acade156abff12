"""The engines of an application, and the commit of a request."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy import URL, event, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from starlette.requests import HTTPConnection

from api.db import readiness, sqlite
from api.db.dry_run import refuse_in_dry_run
from api.db.errors import conceal_all, name_overflow
from api.db.outbox import Wake
from api.db.postgresql import Server, refuse_dead
from api.db.problems import unavailable
from api.db.quotas import Quotas
from api.db.request_state import current
from api.db.session import Session
from api.db.timeouts import Pool
from api.db.watch import Watch
from api.doors import open_door
from api.models.base import Entity
from api.settings import Mechanism, Settings

DOORS = ("rows", "types", "entities", "children", "plans", "statements", "changes", "single_row", "path")
PING = "SELECT version_num, {}, EXISTS (SELECT 1 FROM users) FROM alembic_version"


class Database:
    """The database of an application. It creates sessions for reading and for writing."""

    wake: Wake | None = None  # called after each commit with the changed inboxes
    watch: Watch | None = None  # over the statements on PostgreSQL
    fast: Any = None  # the fast path, or None if it is off or one of its modules cannot be loaded

    def __init__(self, settings: Settings, *, is_patient: bool = False) -> None:
        """With `is_patient`, statements may take as long as migrations."""
        if is_patient:
            limits = ("database_statement_seconds", "database_lock_seconds")
            patience = dict.fromkeys(limits, settings.database_maintenance_seconds)
            settings = settings.model_copy(update=patience)
        url = make_url(settings.database_url)
        self.settings, self.quotas = settings, Quotas(settings)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._use_sqlite(url)
        else:
            self._use_postgresql(url, Server(settings, is_patient=is_patient))
        for engine in (self.engine, self.reader):
            event.listen(engine.sync_engine, "commit", refuse_in_dry_run)

    def _use_sqlite(self, url: URL) -> None:
        # SQLite allows one writer at a time. With one connection for writing, writers queue for it in
        # order, without polling. The busy_timeout is for other processes. Readers do not wait.
        size = self.settings.database_pool_size
        lock, statement = self.settings.database_lock_seconds, self.settings.database_statement_seconds
        self.engine, self.reader = self._engine(url, 1), self._engine(url, size)
        event.listen(self.engine.sync_engine, "begin", sqlite.begin_immediate)
        event.listen(self.reader.sync_engine, "begin", sqlite.begin)
        for engine in (self.engine, self.reader):
            engine.dialect.colspecs = {**engine.dialect.colspecs, **sqlite.TYPES}
            event.listen(engine.sync_engine, "handle_error", name_overflow)
            event.listen(engine.sync_engine, "do_connect", sqlite.create_private)
            event.listen(engine.sync_engine, "connect", sqlite.configuration(lock))
        event.listen(self.reader.sync_engine, "connect", partial(sqlite.bound, seconds=statement))
        event.listen(self.reader.sync_engine, "before_cursor_execute", sqlite.begin_statement)
        if door := self._door("sqlite"):
            self._open(door.Sqlite(url, self.engine.dialect, size, self.engine, lock, statement))

    def _use_postgresql(self, url: URL, server: Server) -> None:
        # Writers may all wait for a lock. Readers, and those who sign in, have connections of their own.
        size, half = self.settings.database_pool_size, max(1, self.settings.database_pool_size // 2)
        options = {"async_creator": server.connect, "pool_use_lifo": True}
        self.engine, self.reader = self._engine(url, half, **options), self._engine(url, half, **options)
        server.read_url(url, self.engine.dialect)
        self.watch = server.watch
        for engine in (self.engine, self.reader):
            event.listen(engine.sync_engine, "checkout", refuse_dead)
            event.listen(engine.sync_engine, "handle_error", conceal_all)
            event.listen(engine.sync_engine, "handle_error", lambda c: server.hear(c.original_exception))
        if door := self._door("postgresql"):
            driver = door.Postgres(server, self.engine.dialect, size, self.settings.database_pool_seconds)
            self._open(driver)

    def _engine(self, url: URL, size: int, **options: Any) -> AsyncEngine:
        return create_async_engine(
            url,
            poolclass=Pool,
            pool_size=size,
            max_overflow=0,
            pool_timeout=self.settings.database_pool_seconds,
            hide_parameters=True,  # logs contain no values
            **options,
        )

    def _door(self, name: str) -> Any:
        return open_door(f"api.db.fast.{name}") if Mechanism.driver in self.settings.fast_path else None

    def _open(self, driver: Any) -> None:
        doors = [open_door(f"api.db.fast.{name}") for name in DOORS]
        if all(doors):
            # All of them were loaded
            self.fast = doors[-1].FastPath(driver, self.settings)  # type: ignore[union-attr]
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
        if session.fast is not None and await session.fast.commit(session):
            return
        await session.confirm()
        if session.is_touched:
            await session.commit()

    async def ping(self) -> None:
        """Raise unless the database answers, is migrated, and can be written to."""
        sql = PING.format("'off'" if self.is_sqlite else "current_setting('transaction_read_only')")
        rows: Sequence[Any]
        if self.fast is not None:
            rows = await self.fast.driver.run(sql, ())
        else:
            async with self.reader.connect() as connection:
                rows = (await connection.execute(text(sql))).all()
        if self.watch is not None and any(row[1] == "on" for row in rows):
            self.watch.cuts += 1  # the next one asks on a new connection
            raise unavailable(readiness.UNWRITABLE)
        if not readiness.is_migrated([row[0] for row in rows]):
            raise unavailable(readiness.UNMIGRATED)
        if self.is_sqlite and (fault := sqlite.fault_of(self.engine.url)):
            raise unavailable(fault)

    async def close(self) -> None:
        await self.engine.dispose()
        await self.reader.dispose()
        if self.fast is not None:
            await self.fast.driver.close()
        if self.watch is not None:
            await self.watch.close()


async def get_database(connection: HTTPConnection) -> Database:
    database: Database = connection.app.state.database
    return database


DatabaseDep = Annotated[Database, Depends(get_database)]
