"""Rows of teams are linked to, found through and shown with rows of teams of the caller only."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlmodel import select

from api.db import link, unlink
from api.db.engine import Database
from api.deps import check_team
from api.settings import Settings
from tests.machinery import tools
from tests.support.apart import with_routes
from tests.support.make import Made, join, make, make_team
from tests.support.people import Person
from tests.support.watching import Sent, watching

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def running_shed(settings: Settings) -> AsyncIterator[FastAPI]:
    app = with_routes(settings, tools.router)
    database: Database = app.state.database
    async with database.engine.begin() as connection:
        await connection.run_sync(tools.Shed.metadata.create_all, tables=tools.TABLES)
    yield app
    async with database.engine.begin() as connection:
        await connection.run_sync(tools.Shed.metadata.drop_all, tables=tools.TABLES)
    await database.close()


@pytest.fixture
async def shed(app: FastAPI, running_shed: FastAPI) -> AsyncIterator[FastAPI]:
    yield running_shed
    database: Database = running_shed.state.database
    async with database.engine.begin() as connection:
        for table in reversed(tools.TABLES):
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


async def titles(person: Person, path: str = "/plans", **query: Any) -> list[str]:
    answer = await person.get(path, params=query)
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


async def test_the_activity_tells_of_links(ada: Person, admin: Person, base: Database) -> None:
    team = await make_team(ada)
    one, two = await make_mark(ada, team), await make_mark(ada, team)
    tool = await make_tool(ada, team, mark_ids=[one["id"]])
    for _ in range(2):  # of which the second changes nothing
        assert (await ada.put(f"/tools/{tool['id']}/any-marks/{two['id']}")).status_code == 204
    for _ in range(2):
        assert (await ada.delete(f"/tools/{tool['id']}/marks/{one['id']}")).status_code == 204

    entries = (await admin.get("/activity", params={"row_id": tool["id"]})).json()["items"]
    assert [(one["action"], one["changes"].get("mark_ids")) for one in reversed(entries)] == [
        ("created", [None, [one["id"]]]),
        ("updated", [None, [two["id"]]]),
        ("updated", [[one["id"]], None]),
    ]


async def test_links_of_one_transaction_are_one_change(ada: Person, admin: Person, base: Database) -> None:
    team = await make_team(ada)
    gone, kept, new, brief = [await make_mark(ada, team, name) for name in ("gone", "kept", "new", "brief")]
    tool = await make_tool(ada, team, mark_ids=[gone["id"], kept["id"]])
    async with base.write() as session, session.begin():
        row = await session.get_one(tools.Tool, UUID(tool["id"]))
        for change, mark in (
            (unlink, gone),
            (unlink, kept),
            (link, brief),
            (link, kept),
            (link, new),
            (unlink, brief),
        ):
            await change(session, tools.ToolMark, row, await session.get_one(tools.Mark, UUID(mark["id"])))

    [newest, _] = (await admin.get("/activity", params={"row_id": tool["id"]})).json()["items"]
    assert newest["changes"] == {"mark_ids": [[gone["id"]], [new["id"]]]}


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


async def test_a_filter_finds_nothing_through_a_row_of_a_team_that_the_caller_has_left(
    ada: Person, bob: Person, base: Database
) -> None:
    team = await make_team(ada)
    saw, axe = await make_tool(ada, team), await make_tool(ada, team, "Axe")
    await join(base, team, bob)
    for tool in (saw, axe):
        await make(bob, "/plans", title=f"With a {tool['name']}", tool_id=tool["id"])
    assert await titles(bob, tool_name="Saw") == ["With a Saw"]
    assert await titles(bob, tool_name_not="Saw") == ["With a Axe"]

    assert (await ada.delete(f"/teams/{team['id']}/members/{bob.id}")).status_code == 204

    assert await titles(bob, tool_name="Saw") == []
    assert await titles(bob, tool_name_not="Saw") == await titles(bob) == ["With a Axe", "With a Saw"]
    await ada.patch(f"/tools/{axe['id']}", json={"name": "Saw"})
    assert await titles(bob, tool_name="Saw") == []


async def test_a_filter_finds_nothing_through_a_link_to_another_team(
    ada: Person, bob: Person, base: Database
) -> None:
    """Also if something else than a route has made the link."""
    here, there = await make_team(ada), await make_team(bob)
    tool, own, foreign = (
        await make_tool(ada, here),
        await make_mark(ada, here),
        await make_mark(bob, there, "x"),
    )
    async with base.write() as session, session.begin():
        for mark in (own, foreign):
            session.add(tools.ToolMark(tool_id=UUID(tool["id"]), mark_id=UUID(mark["id"])))

    async def found(**query: str) -> int:
        return len((await ada.get("/tools", params=query)).json()["items"])

    assert await found(mark_name="sharp") == 1
    assert await found(mark_name="x") == 0
    assert await found(mark_name_not="x") == 1


async def test_a_filter_finds_nothing_through_a_row_in_the_trash(ada: Person) -> None:
    """Neither for rows nor for rows in the trash."""
    saw = await make_tool(ada, await make_team(ada))
    kept = await make(ada, "/plans", title="Kept", tool_id=saw["id"])
    gone = await make(ada, "/plans", title="Gone", tool_id=saw["id"])
    assert (await ada.delete(f"/plans/{gone['id']}")).status_code == 204
    trash = "/plans/trash"
    assert (await titles(ada, tool_name="Saw"), await titles(ada, trash, tool_name="Saw")) == (
        ["Kept"], ["Gone"],
    )  # fmt: skip

    assert (await ada.delete(f"/tools/{saw['id']}")).status_code == 204

    assert (await titles(ada, tool_name="Saw"), await titles(ada, trash, tool_name="Saw")) == ([], [])
    assert await titles(ada, tool_name_is_null=True) == await titles(ada, tool_name_not="Saw") == ["Kept"]
    assert (await ada.get(f"/plans/{kept['id']}")).json()["tool_id"] is None
    assert (await ada.post(f"/tools/{saw['id']}/restore")).status_code == 200
    assert (await titles(ada, tool_name="Saw"), await titles(ada, trash, tool_name="Saw")) == (
        ["Kept"], ["Gone"],
    )  # fmt: skip


async def test_a_kept_answer_tells_a_former_member_nothing(ada: Person, bob: Person, base: Database) -> None:
    """Also if it does not name the team."""
    team = await make_team(ada)
    saw = await make_tool(ada, team)
    await join(base, team, bob)
    at, key = f"/tools/{saw['id']}/sharpen", {"Idempotency-Key": "once"}
    for _ in range(2):
        assert (await bob.post(at, headers=key)).json() == {"id": saw["id"], "name": "Saw"}

    assert (await bob.delete(f"/teams/{team['id']}/members/me")).status_code == 204

    assert said(await bob.post(at, headers=key)) == (409, "answer_withheld")


async def test_the_role_is_asked_once_for_many_rows_of_a_team(
    ada: Person, bob: Person, base: Database
) -> None:
    here, there = await make_team(ada), await make_team(ada, roles={"viewer": []})
    await join(base, here, bob)
    await join(base, there, bob, "viewer")
    sent: list[Sent] = []

    async def asked(*teams: Made) -> int:
        items = [{"name": f"Tool {uuid4()}", "team_id": team["id"]} for team in teams]
        sent.clear()
        with watching(sent.append):
            answer = await bob.post("/tools/bulk", json={"items": items}, params={"partial": True})
        assert [one["status"] for one in answer.json()["items"]] == [
            201 if one is here else 403 for one in teams
        ]
        return len([one for one in sent if "FROM team_members" in one.sql])

    assert await asked(*[here] * 10) == 1
    assert await asked(*[here] * 3, *[there] * 2, *[here] * 3) < 12
    assert (await bob.delete(f"/teams/{here['id']}/members/me")).status_code == 204
    refused = await bob.post("/tools", json={"name": "Axe", "team_id": here["id"]})
    assert said(refused) == (422, "invalid_request")


async def test_a_role_that_a_savepoint_has_read_is_read_again_after_its_end(
    ada: Person, base: Database
) -> None:
    """With the savepoint, PostgreSQL gives back what kept the member."""
    id, user = UUID((await make_team(ada))["id"]), UUID(ada.id)
    sent: list[Sent] = []
    async with base.write() as session, session.begin():
        with watching(sent.append):
            for _ in range(2):
                savepoint = await session.begin_nested()
                for _ in range(2):
                    await check_team(session, id, user)
                await savepoint.rollback()
            async with session.begin_nested():
                await check_team(session, id, user)
            await check_team(session, id, user)
    assert len([one for one in sent if "FROM team_members" in one.sql]) == 3


async def test_a_change_of_many_rows_refers_to_a_row_of_their_own_team(ada: Person, bob: Person) -> None:
    here, there, strange = await make_team(ada), await make_team(ada), await make_team(bob)
    for team in (here, there):
        await make_tool(ada, team)
    own, foreign = await make_mark(ada, here), await make_mark(bob, strange)

    async def change(mark: str | None, **query: Any) -> tuple[int, Any]:
        answer = await ada.patch("/tools", params=query, json={"first_mark_id": mark})
        found = answer.json()
        return answer.status_code, found.get("count", found.get("errors", [{}])[0].get("loc"))

    refused = (422, ["body", "first_mark_id"])
    assert await change(own["id"], name="Saw") == refused
    assert await change(own["id"], team_id=there["id"]) == refused
    assert await change(foreign["id"], team_id=here["id"]) == refused
    assert await change(here["id"], team_id=here["id"]) == refused
    assert await change(own["id"], team_id=here["id"]) == (200, 1)
    assert await change(None, name="Saw") == (200, 2)
