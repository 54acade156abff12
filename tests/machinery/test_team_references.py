"""Rows of teams are linked to, found through and shown with rows of teams of the caller only."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select

from api.app import create_app
from api.db.engine import Database
from api.settings import Settings
from tests.machinery import tools
from tests.support.make import Made, join, make, make_team
from tests.support.people import Person

pytestmark = pytest.mark.anyio

MODELS: list[Any] = [tools.Mark, tools.Tool, tools.ToolMark, tools.Plan]
TABLES = [model.__table__ for model in MODELS]


@pytest.fixture(scope="module")
async def running_shed(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    app.include_router(tools.router, prefix="/api/v1")
    database: Database = app.state.database
    async with database.engine.begin() as connection:
        await connection.run_sync(tools.Shed.metadata.create_all, tables=TABLES)
    yield app
    async with database.engine.begin() as connection:
        await connection.run_sync(tools.Shed.metadata.drop_all, tables=TABLES)
    await database.close()


@pytest.fixture
async def shed(app: FastAPI, running_shed: FastAPI) -> AsyncIterator[FastAPI]:
    yield running_shed
    database: Database = running_shed.state.database
    async with database.engine.begin() as connection:
        for table in reversed(TABLES):
            await connection.execute(table.delete())


@pytest.fixture
def ada(shed: FastAPI, ada: Person) -> Person:
    return ada.through(shed)


@pytest.fixture
def bob(shed: FastAPI, bob: Person) -> Person:
    return bob.through(shed)


@pytest.fixture
def base(shed: FastAPI) -> Database:
    database: Database = shed.state.database
    return database


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def make_tool(person: Person, team: Made, name: str = "Saw", **fields: Any) -> Made:
    return await make(person, "/tools", name=name, team_id=team["id"], **fields)


async def make_mark(person: Person, team: Made, name: str = "sharp") -> Made:
    return await make(person, "/marks", name=name, team_id=team["id"])


async def titles(person: Person, **query: str) -> list[str]:
    answer = await person.get("/plans", params=query)
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json()["items"]]


async def links(base: Database) -> int:
    async with base.read() as session:
        return len((await session.exec(select(tools.ToolMark))).all())


@pytest.mark.parametrize("way", ["marks", "seen-marks", "any-marks"])
async def test_a_member_of_two_teams_links_no_row_of_one_to_a_row_of_the_other(
    way: str, ada: Person, base: Database
) -> None:
    here, there = await make_team(ada), await make_team(ada)
    tool, own, foreign = await make_tool(ada, here), await make_mark(ada, here), await make_mark(ada, there)

    refused = await ada.put(f"/tools/{tool['id']}/{way}/{foreign['id']}")
    assert said(refused) == (404, "not_found")
    assert await links(base) == 0
    assert (await ada.put(f"/tools/{tool['id']}/{way}/{own['id']}")).status_code == 204
    marks = (await ada.get(f"/tools/{tool['id']}")).json()["marks"]
    assert [mark["id"] for mark in marks] == [own["id"]]
    assert (await ada.delete(f"/tools/{tool['id']}/marks/{own['id']}")).status_code == 204


async def test_all_links_at_once_are_to_rows_of_the_same_team(ada: Person, base: Database) -> None:
    here, there = await make_team(ada), await make_team(ada)
    own, foreign = await make_mark(ada, here), await make_mark(ada, there)
    body = {"name": "Saw", "team_id": here["id"], "mark_ids": [own["id"], foreign["id"]]}

    refused = await ada.post("/tools", json=body)

    assert said(refused) == (422, "invalid_request")
    [error] = refused.json()["errors"]
    assert (error["loc"], error["type"]) == (["body", "mark_ids"], "unknown_reference")
    assert (await ada.get("/tools")).json()["items"] == []
    assert len((await make_tool(ada, here, mark_ids=[own["id"]]))["marks"]) == 1


async def test_seeing_the_rows_of_a_team_is_not_enough_to_change_them(
    ada: Person, bob: Person, base: Database
) -> None:
    """Also if the route uses `visible` with the scope `ours`."""
    team = await make_team(ada, roles={"viewer": []})
    tool = await make_tool(ada, team)
    await join(base, team, bob, "viewer")
    at = f"/tools/{tool['id']}"

    assert (await bob.get(at)).json() == tool
    assert said(await bob.patch(at, json={"name": "Mine"})) == (403, "forbidden")
    assert (await ada.get(at)).json() == tool
    assert (await ada.patch(at, json={"name": "Ours"})).status_code == 200
