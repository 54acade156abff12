"""The engine, the session, and the one commit."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.fast.driver import Driver, Found, Postgres, Sqlite, begin_immediate, configure, refuse_dead
from api.db.fast.single_row import Change, Script, script
from api.db.outbox import Wake
from api.db.session import Asking, Reader, Writer
from api.models.base import Entity
from api.problems import Overtaken
from api.settings import Settings

Row = TypeVar("Row", bound=Entity)


class Database:
    """One app's way to its database: transactions to write in, and plain reads that open none."""

    wake: Wake | None = None  # whom every commit tells what it has written down for whom
    driver: Driver

    def __init__(self, settings: Settings) -> None:
        url, size = make_url(settings.database_url), settings.database_pool_size
        if url.get_backend_name() == "sqlite":
            # SQLite lets one write at a time. With one connection for it, writers queue here, in order and without
            # polling; the busy_timeout is for other processes. Readers wait for nobody.
            self.engine = create_async_engine(url, pool_size=1, max_overflow=0)
            event.listen(self.engine.sync_engine, "connect", configure)
            event.listen(self.engine.sync_engine, "begin", begin_immediate)
            self.driver = Sqlite(url, self.engine.dialect, size)
        else:
            # psycopg prepares a statement that it sees for the fifth time; behind an old PgBouncer it must not.
            options = {"prepare_threshold": settings.database_prepare_threshold or None, "connect_timeout": 5}
            self.engine = create_async_engine(
                url, pool_size=size // 2, max_overflow=0, pool_timeout=10, pool_use_lifo=True, connect_args=options
            )
            event.listen(self.engine.sync_engine, "checkout", refuse_dead)
            self.driver = Postgres(url, self.engine.dialect, size, **options)

    def read(self) -> Asking:
        """A session for reading: every statement on its own, no BEGIN and no COMMIT."""
        return Reader(self.driver)

    def write(self) -> Asking:
        """A session for one transaction: `async with db.write() as session, session.begin(): ...`"""
        return Writer(self.driver, self.engine, self.wake)

    async def commit(self, session: Asking) -> None:
        """Confirm who asks, and commit all that the session has changed, or none of it."""
        if (change := session.change_alone) is not None:
            await self._commit_alone(session, change)
            return
        await session.confirm()
        if session.has_changes:
            await session.commit()

    async def _commit_alone(self, session: Asking, change: Change) -> None:
        if isinstance(self.driver, Sqlite):
            await session.confirm()
        statements, listeners = script(change, self.driver.dialect, session.claim)
        found = await self._commit(statements)
        if not found and change.was:
            raise Overtaken
        session.judge(bool(found))
        if self.wake is not None:
            self.wake({id: found[0][0] for id in listeners})

    async def _commit(self, statements: Script) -> Found:
        if isinstance(self.driver, Postgres):
            [(sql, values)] = statements
            return await self.driver.run(sql, values, again=False)
        async with self.engine.connect() as connection:  # the one writer
            driver: Any = (await connection.get_raw_connection()).driver_connection
            found: Found = await driver._execute(Sqlite.commit, driver._conn, statements)
            return found

    async def ping(self) -> None:
        await self.driver.run("SELECT 1", ())

    async def close(self) -> None:
        await self.engine.dispose()
        await self.driver.close()


async def get_database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def get_session(request: Request) -> AsyncIterator[Asking]:
    """One request, one transaction: committed when the handler returns, rolled back if it raises.

    It begins with the first statement, so a handler may hash or think before it without holding anybody up.
    GET opens no transaction at all, and must not write.
    """
    database: Database = request.app.state.database
    session = database.read() if request.method in {"GET", "HEAD"} else database.write()
    try:
        try:
            yield session
        except Exception:
            await session.confirm()  # whose claim does not hold is not told what else is wrong
            raise
        await database.commit(session)
    except BaseException:
        if session.has_begun:
            await asyncio.shield(session.rollback())  # also when the request is being cancelled
        raise
    finally:
        if session.has_begun:
            await asyncio.shield(session.close())


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
SessionDep = Annotated[Asking, Depends(get_session, scope="function")]
DatabaseDep = Annotated[Database, Depends(get_database)]
