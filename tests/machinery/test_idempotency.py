"""Retries: a POST with an Idempotency-Key takes effect once, and is answered as before."""

import asyncio
import sys
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from httpx import Response
from sqlalchemy import update
from sqlmodel import col, func, select

from api.db import SessionDep
from api.db.engine import Database
from api.deps import CurrentUser
from api.models.base import utcnow
from api.models.idempotency_key import IdempotencyKey
from api.models.note import Note
from api.web import Router
from api.web.idempotency import KEPT
from tests.machinery.books import Book
from tests.support.people import Person
from tests.support.watching import needs_fast_path

pytestmark = pytest.mark.anyio

OURS = ("web/idempotency.py", "web/dry_runs.py", "db/dry_run.py")


@pytest.fixture
def owner(ada: Person, books: FastAPI) -> Person:
    return ada.through(books)


async def post(person: Person, key: str = "order-7", **fields: Any) -> Response:
    return await person.post("/books", json={"title": "Emma"} | fields, headers={"Idempotency-Key": key})


async def number(database: Database, model: Any = Book) -> int:
    async with database.read() as session:
        return (await session.exec(select(func.count()).select_from(model))).one()


async def test_a_retry_is_answered_as_before_and_takes_effect_once(owner: Person, database: Database) -> None:
    first, again = await post(owner), await post(owner)

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["location"] == again.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert await number(database) == 1


async def test_another_key_is_another_request(owner: Person, database: Database) -> None:
    assert (await post(owner, "one")).json()["id"] != (await post(owner, "two")).json()["id"]
    assert await number(database) == 2


async def test_a_key_without_its_request_is_refused(owner: Person, database: Database) -> None:
    await post(owner)

    answer = await post(owner, title="Persuasion")

    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert await number(database) == 1


async def test_a_key_belongs_to_one_user(
    owner: Person,
    bob: Person,
    books: FastAPI,
    database: Database,
) -> None:
    answers = [await post(owner), await post(bob.through(books))]

    assert [answer.json()["owner_id"] for answer in answers] == [owner.id, bob.id]
    assert await number(database) == 2


async def test_a_request_that_fails_keeps_neither_its_effect_nor_its_key(
    owner: Person,
    database: Database,
) -> None:
    refused = await post(owner, title="Refused")
    invalid = await post(owner, title="")

    assert (refused.status_code, invalid.status_code) == (409, 422)
    assert (await number(database), await number(database, IdempotencyKey)) == (0, 0)
    assert (await post(owner)).status_code == 201


async def test_requests_with_one_key_at_once_take_effect_once(owner: Person, database: Database) -> None:
    answers = await asyncio.gather(*(post(owner) for _ in range(10)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    refused = [answer for answer in answers if answer.status_code == 409]
    assert {answer.json()["code"] for answer in refused} <= {"request_in_progress"}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert await number(database) == 1


async def test_a_key_is_forgotten_after_its_time(owner: Person, database: Database) -> None:
    first = await post(owner)
    async with database.write() as session, session.begin():
        old = utcnow() - KEPT - timedelta(seconds=1)
        await session.exec(update(IdempotencyKey).values(created_at=old))

    again = await post(owner)

    assert again.json()["id"] != first.json()["id"]
    assert (await number(database), await number(database, IdempotencyKey)) == (2, 1)


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 201])
async def test_a_key_is_a_short_word(owner: Person, key: str) -> None:
    headers: Any = {b"Idempotency-Key": key.encode()}
    answer = await owner.post("/books", json={"title": "Emma"}, headers=headers)

    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["header", "Idempotency-Key"])


async def test_without_a_key_every_request_counts(owner: Person, database: Database) -> None:
    for _ in range(2):
        assert (await owner.post("/books", json={"title": "Emma"})).status_code == 201

    assert (await number(database), await number(database, IdempotencyKey)) == (2, 0)
    async with database.read() as session:
        titles = (await session.exec(select(Book.title).order_by(col(Book.id)))).all()
    assert titles == ["Emma", "Emma"]


@needs_fast_path
async def test_a_request_without_a_key_runs_none_of_this(ada: Person) -> None:
    """What a request costs that asks for nothing special: a look at the names of its headers."""
    await ada.post("/notes", json={"title": "One"})
    called: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.endswith(OURS):
            called.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        await ada.post("/notes", json={"title": "One"})
        without = [*called]
        await ada.post("/notes", json={"title": "One"}, headers={"Idempotency-Key": "k"})
    finally:
        sys.setprofile(None)

    assert without == []
    assert "keep_once" in called


async def test_a_kept_answer_counts_as_stored(owner: Person, books: FastAPI) -> None:
    quotas = books.state.database.quotas
    before, quotas.most = quotas.most, quotas.most._replace(rows=1)
    try:
        refused = await owner.post("/notes", json={"title": "One"}, headers={"Idempotency-Key": "k"})
        quotas.known.clear()  # it would be counted again in seconds
        made = await owner.post("/notes", json={"title": "One"})
    finally:
        quotas.most = before
        quotas.known.clear()

    assert (refused.status_code, refused.json()["code"]) == (409, "quota_exceeded")
    assert made.status_code == 201


async def test_other_words_in_the_query_are_another_request(owner: Person) -> None:
    await post(owner)

    answer = await owner.post("/books?x=1", json={"title": "Emma"}, headers={"Idempotency-Key": "order-7"})

    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


async def test_an_answer_that_cannot_be_kept_is_an_error_and_has_no_effect(
    second: FastAPI, ada: Person, database: Database
) -> None:
    router = Router(prefix="/odd")

    @router.post("/text")
    async def answer_text(session: SessionDep, user: CurrentUser) -> PlainTextResponse:
        session.add(Note(title="One", owner_id=user.id))
        return PlainTextResponse("One")

    second.include_router(router, prefix="/api/v1")
    ada = ada.through(second)
    answer = await ada.post("/odd/text", headers={"Idempotency-Key": "k"})

    assert (answer.status_code, await number(database, Note)) == (500, 0)
    assert (await ada.post("/odd/text")).status_code == 200
