"""Upserts: a row is made or replaced by its key, also by two at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from fastapi import Depends, FastAPI, Query
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, func, select

from api.db import SessionDep
from api.db.engine import Database
from api.deps import CallerId, Upsert, mine, owned, scope_values, upserts
from api.lists import Affected, AllRows, Filters, change_all, delete_all
from api.models.base import Create, Entity, Update
from api.models.note import Note
from api.models.states import StateField
from api.models.types import Line, Whole
from api.problems import Code, problems
from api.settings import Settings
from api.web import Router
from tests.support.apart import with_routes
from tests.support.people import Person
from tests.support.watching import Sent, watching

pytestmark = pytest.mark.anyio


class Own(SQLModel, registry=registry()):
    """What makes a table one of these."""


class Stage(StrEnum):
    new = "new"
    won = "won"


class ClientBase(SQLModel):
    external_id: Line = Field(max_length=50)
    name: Line = Field(max_length=100)
    code: Line | None = Field(default=None, max_length=50, unique=True)
    visits: Whole = 0

    stage: Stage = StateField(Stage, Stage.new, transitions={Stage.new: [Stage.won], Stage.won: []})


class ClientCreate(ClientBase, Create): ...


class ClientUpdate(ClientBase, Update): ...


class ClientPublic(ClientBase, Entity):
    owner_id: UUID


class Client(ClientPublic, Own, table=True):
    __tablename__ = "apart_clients"

    __table_args__ = (UniqueConstraint("owner_id", "external_id"),)


router = Router(prefix="/clients", tags=["clients"])
MINE = mine(Client)
ByExternalId = Annotated[Upsert[Client], Depends(upserts(Client, "external_id"))]
ByCode = Annotated[Upsert[Client], Depends(upserts(Client, "code"))]


class ClientFilters(Filters[Client]):
    name: Line | None = None
    visits_min: int | None = None
    sort: Literal["id"] = "id"


class AllClients(ClientFilters, AllRows[Client]): ...


@router.put("/by/{external_id}")
async def put_client(
    upsert: ByExternalId, caller: CallerId, external_id: Line, body: ClientCreate
) -> ClientPublic:
    return await upsert(body, external_id, owner_id=caller)


@router.put("/by-code/{code}")
async def put_by_code(upsert: ByCode, caller: CallerId, code: Line, body: ClientCreate) -> ClientPublic:
    return await upsert(body, code, owner_id=caller)


@router.get("/{id}")
async def get_client(client: Annotated[Client, Depends(owned(Client))]) -> ClientPublic:
    return client


@router.patch("", responses=problems(Code.conflict))
async def update_clients(
    session: SessionDep, caller: CallerId, query: Annotated[AllClients, Query()], body: ClientUpdate
) -> Affected:
    return await change_all(session, query, MINE, body, **scope_values(caller))


@router.delete("")
async def delete_clients(
    session: SessionDep, caller: CallerId, query: Annotated[AllClients, Query()]
) -> Affected:
    return await delete_all(session, query, MINE, **scope_values(caller))


@pytest.fixture
async def clients(app: FastAPI, settings: Settings) -> AsyncIterator[FastAPI]:
    made = with_routes(settings, router)
    async with made.state.database.engine.begin() as connection:
        await connection.run_sync(Own.metadata.create_all)
    yield made
    async with made.state.database.engine.begin() as connection:
        await connection.run_sync(Own.metadata.drop_all)
    await made.state.database.close()


@pytest.fixture
def owner(clients: FastAPI, ada: Person) -> Person:
    return ada.through(clients)


@pytest.fixture
def other(clients: FastAPI, bob: Person) -> Person:
    return bob.through(clients)


async def number(clients: FastAPI) -> int:
    database: Database = clients.state.database
    async with database.read() as session:
        return (await session.exec(select(func.count()).select_from(Client))).one()


def body(key: str = "a1", **fields: Any) -> dict[str, Any]:
    return {"external_id": key, "name": "Ada"} | fields


async def test_a_row_is_made_and_then_replaced(owner: Person, clients: FastAPI) -> None:
    made = await owner.put("/clients/by/a1", json=body(visits=3))
    assert (made.status_code, made.json()["visits"]) == (201, 3), made.text
    assert made.headers["location"] == f"/api/v1/clients/{made.json()['id']}"
    assert (await owner.get(f"http://test{made.headers['location']}")).json() == made.json()

    same = await owner.put("/clients/by/a1", json=body(visits=3))
    assert (same.status_code, same.json()) == (200, made.json())
    assert same.headers["etag"] == made.headers["etag"]

    other = await owner.put("/clients/by/a1", json=body(name="Eve"))
    said = other.json()
    assert (other.status_code, said["name"], said["visits"]) == (200, "Eve", 0)  # with its default
    assert said["version"] != made.json()["version"]
    kept = ("id", "created_at", "owner_id", "external_id")
    assert {name: said[name] for name in kept} == {name: made.json()[name] for name in kept}
    assert await number(clients) == 1


async def test_conditions_tell_a_new_row_from_an_existing_one(owner: Person, clients: FastAPI) -> None:
    missing = await owner.put("/clients/by/a1", json=body(), headers={"If-Match": "*"})
    assert (missing.status_code, missing.json()["code"]) == (412, "stale")
    made = await owner.put("/clients/by/a1", json=body(), headers={"If-None-Match": "*"})
    assert made.status_code == 201
    exists = await owner.put("/clients/by/a1", json=body(name="Eve"), headers={"If-None-Match": "*"})
    assert (exists.status_code, exists.json()["code"]) == (412, "exists")
    seen = {"If-Match": f'"{made.json()["version"]}"'}
    changed = await owner.put("/clients/by/a1", json=body(name="Eve"), headers=seen)
    assert changed.status_code == 200
    stale = await owner.put("/clients/by/a1", json=body(name="Mia"), headers=seen)
    assert (stale.status_code, stale.json()["current"]) == (412, changed.json())
    assert await number(clients) == 1


async def test_the_key_of_the_body_is_that_of_the_path(owner: Person, clients: FastAPI) -> None:
    answer = await owner.put("/clients/by/a1", json=body("b2"))
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "external_id"])
    assert (await owner.put("/clients/by-code/c1", json=body())).json()["code"] == "c1"
    assert await number(clients) == 1


async def test_a_key_within_an_owner_is_free_for_others(
    owner: Person, other: Person, clients: FastAPI
) -> None:
    answers = [await who.put("/clients/by/a1", json=body()) for who in (owner, other)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert await number(clients) == 2


async def test_a_key_of_somebody_else_is_taken_and_says_no_more(
    owner: Person, other: Person, clients: FastAPI
) -> None:
    await owner.put("/clients/by-code/c1", json=body())
    for headers in ({}, {"If-None-Match": "*"}):
        answer = await other.put("/clients/by-code/c1", json=body(name="Eve"), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "already_exists")
        assert answer.json()["errors"][0]["loc"] == ["path", "code"]
        assert "Ada" not in answer.text
    taken = await other.put("/clients/by/z9", json=body("z9", code="c1"))
    assert (taken.status_code, taken.json()["errors"][0]["loc"]) == (409, ["body", "code"])
    assert await number(clients) == 1


async def test_many_at_once_make_one_row(owner: Person, clients: FastAPI) -> None:
    for key in "abc":
        sent = (owner.put(f"/clients/by/{key}", json=body(key, name=f"Name {n}")) for n in range(12))
        answers = await asyncio.gather(*sent)
        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 11}
        assert len({answer.json()["id"] for answer in answers}) == 1
    assert await number(clients) == 3


async def test_a_state_changes_only_if_it_is_named_and_possible(owner: Person, clients: FastAPI) -> None:
    await owner.put("/clients/by/a1", json=body())
    won = await owner.patch("/clients?visits_min=0", json={"stage": "won"})
    assert (won.status_code, won.json()) == (200, {"count": 1}), won.text
    kept = await owner.put("/clients/by/a1", json=body(name="Eve"))
    assert (kept.status_code, kept.json()["stage"], kept.json()["name"]) == (200, "won", "Eve")
    for refused in (
        await owner.put("/clients/by/a1", json=body(stage="new")),
        await owner.patch("/clients?visits_min=0", json={"stage": "new"}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")


async def test_a_dry_run_makes_nothing(owner: Person, clients: FastAPI) -> None:
    answer = await owner.put("/clients/by/a1", json=body(), headers={"Prefer": "dry-run"})
    assert (answer.status_code, await number(clients)) == (201, 0)


def test_a_column_that_is_not_unique_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Client\.name is not unique"):
        upserts(Client, "name")
    with pytest.raises(TypeError, match=r"Note\.title is not unique"):
        upserts(Note, "title")


async def test_the_document_tells_of_both_answers(clients: FastAPI) -> None:
    said = clients.openapi()["paths"]["/api/v1/clients/by/{external_id}"]["put"]
    schemas = [
        said["responses"][status]["content"]["application/json"]["schema"] for status in ("200", "201")
    ]
    assert schemas == [{"$ref": "#/components/schemas/ClientPublic"}] * 2
    assert {"409", "412", "422"} <= said["responses"].keys()
    assert {"If-Match", "If-None-Match", "Prefer"} <= {one["name"] for one in said["parameters"]}


async def some(owner: Person, rows: int = 5) -> None:
    for n in range(rows):
        name = "Ada" if n % 2 else "Eve"
        await owner.put(f"/clients/by/k{n}", json=body(f"k{n}", name=name, visits=n))


async def test_a_filter_names_what_is_changed(owner: Person, other: Person, clients: FastAPI) -> None:
    await some(owner)
    await some(other)
    tried = await owner.patch("/clients?name=Eve&dry_run=true", json={"visits": 9})
    assert (tried.status_code, tried.json()) == (200, {"count": 3})
    assert (await owner.patch("/clients?visits_min=9&dry_run=true", json={})).json() == {"count": 0}

    done = await owner.patch("/clients?name=Eve", json={"visits": 9})
    assert (done.status_code, done.json()) == (200, {"count": 3})
    assert (await owner.patch("/clients?visits_min=9&dry_run=true", json={})).json() == {"count": 3}
    assert (await other.patch("/clients?visits_min=9&dry_run=true", json={})).json() == {"count": 0}
    gone = await owner.delete("/clients?name=Eve")
    assert (gone.status_code, gone.json(), await number(clients)) == (200, {"count": 3}, 7)


async def test_without_a_filter_nothing_is_changed(owner: Person, clients: FastAPI) -> None:
    await some(owner)
    for query, wrong in {
        "": "missing_filter",
        "?dry_run=true": "missing_filter",
        "?sort=id": "extra_forbidden",  # it has no order
        "?order=asc": "extra_forbidden",
    }.items():
        for answer in (
            await owner.patch(f"/clients{query}", json={"visits": 1}),
            await owner.delete(f"/clients{query}"),
        ):
            assert (answer.status_code, answer.json()["errors"][0]["type"]) == (422, wrong)
    assert (await owner.delete("/clients?nonsense=1")).status_code == 422
    assert await number(clients) == 5


async def test_a_condition_of_one_row_is_refused(owner: Person, clients: FastAPI) -> None:
    await some(owner, 1)
    answer = await owner.delete("/clients?name=Eve", headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["header", "If-Match"])
    assert await number(clients) == 1


async def test_too_many_rows_are_refused_with_the_number(
    owner: Person, clients: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.lists.named_rows.MOST", 3)
    await some(owner, 4)
    answer = await owner.delete("/clients?visits_min=0")
    assert (answer.status_code, answer.json()["code"], answer.json()["max_rows"]) == (409, "too_many_rows", 3)
    assert await number(clients) == 4
    assert (await owner.delete("/clients?visits_min=1")).json() == {"count": 3}


async def test_a_change_that_a_constraint_refuses_changes_nothing(owner: Person, clients: FastAPI) -> None:
    await some(owner)
    answer = await owner.patch("/clients?visits_min=0", json={"code": "same"})
    assert answer.status_code == 409
    assert (await owner.patch("/clients?visits_min=0", json={"name": None})).status_code == 422
    assert (await owner.delete("/clients?name=Ada&dry_run=true")).json() == {"count": 2}


async def test_many_rows_are_changed_with_as_many_statements_as_few(owner: Person) -> None:
    counts: list[int] = []
    for rows in (3, 3, 40):
        await some(owner, rows)
        sent: list[Sent] = []
        with watching(sent.append):
            answer = await owner.patch("/clients?visits_min=0", json={"name": f"Name {rows} {len(counts)}"})
        assert answer.json()["count"] == rows
        counts.append(len(sent))
    assert counts[1] == counts[2] < 20


async def test_changes_at_once_wait_for_each_other(owner: Person) -> None:
    await some(owner, 20)
    sent = (owner.patch("/clients?visits_min=0", json={"name": f"Name {n}"}) for n in range(8))
    answers = await asyncio.gather(*sent)
    assert {(answer.status_code, answer.json()["count"]) for answer in answers} == {(200, 20)}


@pytest.mark.parametrize("name", ["sort", "order"])
async def test_what_is_changed_has_no_order(owner: Person, name: str) -> None:
    answer = await owner.delete("/clients", params={"name": "Ada", name: "id"})

    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["query", name])
