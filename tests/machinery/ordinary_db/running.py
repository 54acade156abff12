"""The house and the plain way, each of which runs a case and tells what came of it."""

from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from httpx import ASGITransport, AsyncClient
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from tests.machinery.ordinary_db.cases import Act, Case
from tests.machinery.ordinary_db.comparing import Outcome, named, plain
from tests.machinery.ordinary_db.defaults import heard
from tests.machinery.ordinary_db.routes import router_for
from tests.machinery.ordinary_db.storage import Storage

BASE = "http://test/api/v1/ordinary"


class Running:
    """What is run next, and what came of it."""

    act: Act
    value: Any
    raised: str | None

    def begin(self, act: Act) -> None:
        heard.clear()
        self.act, self.value, self.raised = act, "not run", None

    async def __call__(self, *given: Any) -> None:
        try:
            self.value = plain(await self.act(*given))
        except Exception as error:
            self.value, self.raised = None, named(error)
            raise

    def outcome(self, storage: Storage, *, is_committed: bool) -> Outcome:
        told = list(heard)
        return Outcome(self.value, self.raised, is_committed, told, storage.changes())


class House:
    """An app with a route for each thing that a case may be given: its session; a list; a row."""

    def __init__(self, app: Any, token: str, storage: Storage) -> None:
        self.app, self.storage, self.running = app, storage, Running()
        app.include_router(router_for(self.running))
        headers = {"Authorization": token}
        self.client = AsyncClient(
            transport=ASGITransport(app, raise_app_exceptions=False), base_url=BASE, headers=headers
        )

    async def run(self, method: str, case: Case) -> Outcome:
        what, model, *id = case.given or ("session", None)
        method = "PATCH" if id and method == "POST" else method
        path = "/".join(["", what, *([] if model is None else [model.__tablename__]), *map(str, id)])
        self.running.begin(case.act)
        with case.around():
            answer = await self.client.request(method, path)
        return self.running.outcome(self.storage, is_committed=answer.is_success)


class Plain:
    """SQLModel's own session on an engine of SQLAlchemy, made as their documentation says."""

    def __init__(self, url: str, storage: Storage, owner: Any) -> None:
        self.engine, self.storage, self.owner = create_async_engine(url), storage, owner
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine.sync_engine, "connect", _obey_foreign_keys)
            event.listen(
                self.engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN")
            )

    def session(self) -> AsyncSession:
        return AsyncSession(self.engine, expire_on_commit=False)

    async def run(self, case: Case) -> Outcome:
        running, is_committed = Running(), False
        running.begin(case.act)
        with case.around(), suppress(Exception):
            async with self.session() as session:
                is_given = case.given and case.given[1] is not None
                await running(session, *[await self._found(session, *case.given)] if is_given else ())
                await session.commit()
                is_committed = True
        return running.outcome(self.storage, is_committed=is_committed)

    async def _found(self, session: AsyncSession, what: str, model: Any, id: Any = None) -> Any:
        if id is not None:
            return (await session.exec(select(model).where(model.id == id))).unique().one()
        mine = select(model).where(model.owner_id == self.owner).order_by(sa.desc(model.id)).limit(50)
        return list((await session.exec(mine)).unique().all())


def _obey_foreign_keys(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # so that BEGIN and SAVEPOINT are what they should be
    connection.execute("PRAGMA foreign_keys = ON")
