"""Rows that a database keeps are shown as FastAPI shows them, on both engines."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import pytest
from fastapi import APIRouter, Body, FastAPI, HTTPException
from httpx import ASGITransport, AsyncClient
from sqlalchemy import bindparam
from sqlmodel import col, select

from tests.machinery.ordinary.all_ladders import LADDERS
from tests.machinery.ordinary.house import Database, Entity, Router, SessionDep, Settings, create_app
from tests.machinery.ordinary.ladders import ROW, Apart

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def tables(settings: Settings) -> AsyncIterator[Database]:
    """The test database with the tables of the ladders."""
    database = Database(settings)
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.create_all)
    yield database
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.drop_all)
    await database.close()


@pytest.fixture
async def stored(tables: Database) -> AsyncIterator[Database]:
    yield tables
    async with tables.engine.begin() as connection:
        for table in Apart.metadata.sorted_tables:
            await connection.execute(table.delete())


def resource(router: APIRouter, public: type[Entity], table: type[Entity], more: dict[str, Any]) -> None:
    by_id: Any = select(table).where(col(table.id) == bindparam("id"))
    by_name: Any = select(table).order_by(col(table.name))  # type: ignore[attr-defined]

    @router.post("/rungs/{id}", response_model=public, status_code=201)
    async def create(session: SessionDep, id: UUID, name: Annotated[str, Body()]) -> Any:
        row = table(**{**ROW, **more, "id": id, "name": name})
        session.add(row)
        return row

    @router.get("/rungs/{id}", response_model=public)
    async def get(session: SessionDep, id: UUID) -> Any:
        found = await session.rows(by_id, id=id)
        if not found:
            raise HTTPException(404)
        return found[0]

    @router.get("/rungs", response_model=list[public])  # type: ignore[valid-type]
    async def listed(session: SessionDep) -> Any:
        return list(await session.rows(by_name))

    @router.put("/rungs/{id}", response_model=public)
    async def change(session: SessionDep, id: UUID, name: Annotated[str, Body()]) -> Any:
        row = (await session.exec(by_id, params={"id": id})).one()
        row.sqlmodel_update({"name": name, "updated_at": ROW["created_at"]})
        return row

    @router.delete("/rungs/{id}", status_code=204)
    async def delete(session: SessionDep, id: UUID) -> None:
        await session.delete((await session.exec(by_id, params={"id": id})).one())


Told = tuple[int, bytes, str]


async def told(app: FastAPI) -> list[Told]:
    """What it answers to somebody who makes two rows, changes one, looks at both, and clears up."""
    one, two = f"/rungs/{UUID(int=1)}", f"/rungs/{UUID(int=2)}"
    steps = [
        ("POST", one, "b"), ("POST", two, "ü"), ("GET", one, None), ("GET", "/rungs", None),
        ("PUT", one, "c"), ("GET", "/rungs", None), ("DELETE", one, None), ("GET", one, None),
        ("DELETE", two, None), ("GET", "/rungs", None),
    ]  # fmt: skip
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        answers = [await client.request(method, path, json=name) for method, path, name in steps]
    return [
        (answer.status_code, answer.content, answer.headers["content-type"])
        if answer.status_code < 204
        else (answer.status_code, b"", "")
        for answer in answers
    ]


async def theirs(database: Database, settings: Settings, ladder: Any) -> list[Told]:
    app, router = FastAPI(), APIRouter()
    app.state.settings, app.state.database = settings, database
    resource(router, *ladder)
    app.include_router(router)
    found = await told(app)
    assert [status for status, _, _ in found] == [201, 201, 200, 200, 200, 200, 204, 404, 204, 200]
    return found


IDS = [public.__name__.removeprefix("Ladder").removesuffix("Public") for public, _, _ in LADDERS]


@pytest.mark.parametrize("ladder", LADDERS, ids=IDS)
@pytest.mark.parametrize("fast_path", [True, False], ids=["fast", "slow"])
async def test_a_stored_row_is_shown_as_fastapi_shows_it(
    stored: Database, settings: Settings, ladder: Any, fast_path: bool
) -> None:
    app, router = FastAPI(), Router()
    app.state.settings = Settings(_env_file=None, **{**settings.model_dump(), "fast_path": fast_path})
    app.state.database = stored
    resource(router, *ladder)
    app.include_router(router)

    assert await told(app) == await theirs(stored, settings, ladder)


@pytest.mark.parametrize("ladder", [LADDERS[0], LADDERS[2]], ids=[IDS[0], IDS[2]])
async def test_a_stored_row_is_shown_in_the_whole_house(
    stored: Database, settings: Settings, ladder: Any
) -> None:
    app, router = create_app(settings), Router()
    resource(router, *ladder)
    app.include_router(router)
    try:
        ours = await told(app)
    finally:
        await app.state.database.close()

    assert ours == await theirs(stored, settings, ladder)
