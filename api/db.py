"""The engine, the session, and the one commit."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.events import TellingSession, Wake
from api.models.base import Entity
from api.settings import Settings

Row = TypeVar("Row", bound=Entity)

PRAGMAS = ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 15000")


class Database:
    """One app's way to its database: transactions to write in, and plain reads that open none."""

    wake: Wake | None = None  # whom every commit tells what it has written down for whom

    def __init__(self, settings: Settings) -> None:
        url, size = settings.database_url, settings.database_pool_size
        if url.startswith("sqlite"):
            # SQLite lets one write at a time. With one connection for it, writers queue here, in order and without
            # polling; the busy_timeout is for other processes. Readers wait for nobody.
            self.engine = create_async_engine(url, pool_size=1, max_overflow=0)
            self.reading = create_async_engine(url, pool_size=size, max_overflow=0)
            event.listen(self.engine.sync_engine, "connect", _configure_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_immediate)
            event.listen(self.reading.sync_engine, "connect", _configure_sqlite)
            event.listen(self.reading.sync_engine, "connect", _refuse_writes)
        else:
            # psycopg prepares a statement that it sees for the fifth time; behind an old PgBouncer it must not.
            driver = {"prepare_threshold": settings.database_prepare_threshold or None, "connect_timeout": 5}
            self.engine = create_async_engine(
                url, pool_size=size, max_overflow=0, pool_timeout=10, pool_pre_ping=True, connect_args=driver
            )
            self.reading = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    def read(self) -> AsyncSession:
        """A session for reading: every statement on its own, no BEGIN and no COMMIT."""
        return AsyncSession(self.reading, expire_on_commit=False)

    def write(self) -> AsyncSession:
        """A session for one transaction: `async with db.write() as session, session.begin(): ...`"""
        told = {"wake": self.wake}
        return AsyncSession(self.engine, expire_on_commit=False, sync_session_class=TellingSession, info=told)

    async def ping(self) -> None:
        async with self.reading.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()
        await self.reading.dispose()


def _configure_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # The driver begins nothing by itself: `_begin_immediate` does.
    # SQLite's own lower() knows only ASCII, and a search for "ÉCOLE" must find "école" on both engines.
    connection.create_function("lower", 1, lambda value: value.lower() if isinstance(value, str) else value)
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _refuse_writes(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA query_only = ON")


def _begin_immediate(connection: Connection) -> None:
    """Writers queue for the lock before they read: a deferred transaction that upgrades later fails instead."""
    if not connection.get_execution_options().get("migrating"):  # migrations begin by themselves
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def get_database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """One request, one transaction: committed when the handler returns, rolled back if it raises.

    It begins with the first statement, so a handler may hash or think before it without holding anybody up.
    GET opens no transaction at all, and must not write.
    """
    database = get_database(request)
    if request.method in {"GET", "HEAD"}:
        async with database.read() as session:
            yield session
    else:
        async with database.write() as session, session.begin():
            yield session


async def lock(session: AsyncSession, model: type[Entity], id: UUID) -> None:
    """Let nobody else change this row before our commit; what is read from now on is its newest state.

    The row is locked by itself: in a join, PostgreSQL drops a row whose foreign key changed while it waited.
    """
    await session.exec(select(model.id).where(model.id == id).with_for_update(key_share=True))


async def fresh(session: AsyncSession, row: Row) -> Row:
    """The row as the database has it now, with what is nested in it and counted for it."""
    session.add(row)
    await session.flush()
    model = type(row)
    again = select(model).where(model.id == row.id).execution_options(populate_existing=True)
    return (await session.exec(again)).one()


# scope="function" commits before the response is sent, so a failed commit is still an error response.
SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
DatabaseDep = Annotated[Database, Depends(get_database)]
