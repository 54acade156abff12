"""Dry runs of handlers that do unusual things: they commit, write beside the session, or work afterwards."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import BackgroundTasks, FastAPI
from sqlalchemy import Column, ForeignKey, Uuid, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, func, select

from api.db import DatabaseDep, SessionDep
from api.db.engine import Database
from api.deps import CallerId, CurrentUser, ThrottleDep, limited
from api.models.base import Entity
from api.models.note import Note, NoteCreate, NotePublic
from api.web import Router, no_dry_run
from tests.support.apart import include
from tests.support.make import make
from tests.support.people import Person

pytestmark = pytest.mark.anyio

DRY = {"Prefer": "dry-run"}
done: list[str] = []


def tried_routes() -> Router:
    router = Router(prefix="/tried")

    @router.post("/committing", status_code=201)
    async def commit_twice(session: SessionDep, caller: CallerId, body: NoteCreate) -> NotePublic:
        first = Note.model_validate(body, update={"owner_id": caller})
        session.add(first)
        await session.commit()
        session.add(Note.model_validate(body, update={"owner_id": caller}))
        await session.commit()
        return first

    @router.post("/beside")
    async def write_beside(database: DatabaseDep, user: CurrentUser, body: NoteCreate) -> None:
        async with database.write() as session, session.begin():
            session.add(Note.model_validate(body, update={"owner_id": user.id}))

    @router.post("/engine")
    async def write_by_hand(database: DatabaseDep, user: CurrentUser) -> None:
        async with database.engine.begin() as connection:
            await connection.execute(text("DELETE FROM notes"))

    @router.post("/later")
    async def work_later(tasks: BackgroundTasks, session: SessionDep, user: CurrentUser) -> None:
        tasks.add_task(done.append, "later")

    @router.post("/unknown-owner")
    async def break_a_rule(session: SessionDep, _: CallerId, body: NoteCreate) -> None:
        session.add(Note.model_validate(body, update={"owner_id": UUID(int=7)}))

    @router.post("/counted", dependencies=[limited("auth")])
    async def count_attempts(session: SessionDep, user: CurrentUser) -> None: ...

    @router.post("/counting")
    async def count_by_itself(session: SessionDep, user: CurrentUser, throttle: ThrottleDep) -> None: ...

    @router.post("/charged")
    @no_dry_run("It charges a card.")
    async def charge(session: SessionDep, user: CurrentUser) -> None:
        done.append("charged")

    return router


@pytest.fixture
def tried(second: FastAPI, ada: Person) -> Person:
    include(second, tried_routes())
    done.clear()
    return ada.through(second)


class Late(SQLModel, registry=registry()):
    """What makes a table one of these."""


class Leg(Entity, Late, table=True):
    __tablename__ = "apart_legs"

    next_id: UUID | None = Field(
        default=None,
        sa_column=Column(Uuid, ForeignKey("apart_legs.id", deferrable=True, initially="DEFERRED")),
    )


async def number(database: Database) -> int:
    async with database.read() as session:
        return (await session.exec(select(func.count()).select_from(Note))).one()


async def test_a_handler_that_commits_is_tried_and_commits_nothing(tried: Person, database: Database) -> None:
    answer = await tried.post("/tried/committing", json={"title": "One"}, headers=DRY)

    assert (answer.status_code, answer.json()["title"]) == (201, "One")
    assert await number(database) == 0
    assert (await tried.post("/tried/committing", json={"title": "One"})).status_code == 201
    assert await number(database) == 2


@pytest.mark.parametrize("path", ["/tried/beside", "/tried/engine"])
async def test_a_handler_that_commits_beside_its_session_is_refused(
    tried: Person, database: Database, path: str
) -> None:
    await make(tried, "/notes", title="One")
    body: dict[str, Any] = {"json": {"title": "Two"}} if path == "/tried/beside" else {}
    answer = await tried.post(path, **body, headers=DRY)

    assert (answer.status_code, answer.json()["code"]) == (422, "no_dry_run")
    assert await number(database) == 1
    assert (await tried.post(path, **body)).status_code == 200
    assert await number(database) != 1


async def test_what_would_run_after_the_response_does_not_run(tried: Person) -> None:
    assert (await tried.post("/tried/later", headers=DRY)).status_code == 200
    assert done == []
    assert (await tried.post("/tried/later")).status_code == 200
    assert done == ["later"]


@pytest.mark.parametrize("path", ["/tried/counted", "/tried/counting", "/tried/charged"])
async def test_what_counts_or_says_so_cannot_be_tried(tried: Person, path: str) -> None:
    answer = await tried.post(path, headers=DRY)

    assert (answer.status_code, answer.json()["code"], done) == (422, "no_dry_run", [])
    assert "preference-applied" not in answer.headers


async def test_the_constraints_of_the_database_speak(tried: Person) -> None:
    answers = [
        await tried.post("/tried/unknown-owner", json={"title": "One"}, headers=headers)
        for headers in (DRY, {})
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "conflict")] * 2
    assert answers[0].headers["preference-applied"] == "dry-run"


@pytest.fixture
async def legs(tried: Person, second: FastAPI) -> AsyncIterator[Person]:
    router, database = Router(prefix="/legs"), second.state.database

    @router.post("")
    async def create_legs(session: SessionDep, _: CurrentUser, is_whole: bool) -> int:
        last = Leg()
        session.add(Leg(next_id=last.id))
        await session.flush()  # the next one comes later
        if is_whole:
            session.add(last)
        return 2

    include(second, router)
    async with database.engine.begin() as connection:
        await connection.run_sync(Late.metadata.create_all)
    yield tried
    async with database.engine.begin() as connection:
        await connection.run_sync(Late.metadata.drop_all)


@pytest.mark.parametrize("headers", [DRY, {}])
async def test_constraints_that_are_checked_at_the_commit_speak_too(
    legs: Person, headers: dict[str, str]
) -> None:
    answers = [await legs.post(f"/legs?is_whole={whole}", headers=headers) for whole in (True, False)]

    assert [answer.status_code for answer in answers] == [200, 409], answers[1].text
    assert answers[1].json()["code"] == "conflict"


@pytest.mark.parametrize(
    ("sent", "is_dry"),
    [
        ("dry-run", True),
        ("return=minimal, Dry-Run; why=form", True),
        ("dry-run=false", False),
        ("dry", False),
        ("", False),
    ],
)
async def test_a_preference_is_one_of_a_list(
    ada: Person, database: Database, sent: str, is_dry: bool
) -> None:
    answer = await ada.post("/notes", json={"title": "One"}, headers={"Prefer": sent})

    assert ("preference-applied" in answer.headers, await number(database)) == (is_dry, 1 - is_dry)


async def test_a_quota_is_checked_and_not_used_up(second: FastAPI, ada: Person) -> None:
    quotas = second.state.database.quotas
    quotas.most = quotas.most._replace(rows=2)
    ada = ada.through(second)
    for _ in range(5):
        assert (await ada.post("/notes", json={"title": "One"}, headers=DRY)).status_code == 201
    for _ in range(2):
        assert (await ada.post("/notes", json={"title": "One"})).status_code == 201
    for headers in (DRY, {}):
        answer = await ada.post("/notes", json={"title": "One"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "quota_exceeded")


async def test_nobody_is_woken(app: FastAPI, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[Any] = []
    monkeypatch.setattr(app.state.database, "wake", woken.append)
    await ada.post("/notes", json={"title": "One"}, headers=DRY)
    assert woken == []
    await ada.post("/notes", json={"title": "One"})
    assert len(woken) == 1
