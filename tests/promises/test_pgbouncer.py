"""Behind PgBouncer, each request gets its own rows: prepared statements of one client are never another's."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI
from httpx import Response

from api.app import create_app
from api.settings import Mechanism, Settings
from tests.support.make import days, make, make_slot
from tests.support.people import Person
from tests.support.pgbouncer import PROGRAM, pgbouncer_to
from tests.support.watching import needs_fast_path

ROUNDS = 8  # more than the statements run before they are prepared

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.heavy,
    pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session"),
    pytest.mark.skipif(PROGRAM is None and "CI" not in os.environ, reason="there is no pgbouncer"),
]


@pytest.fixture
def pooled(settings: Settings, app: FastAPI) -> Iterator[str]:
    with pgbouncer_to(settings.database_url, size=3) as url:
        yield url


@pytest.fixture(params=[pytest.param(True, id="fast", marks=needs_fast_path), pytest.param(False, id="slow")])
async def clients(
    pooled: str, settings: Settings, request: pytest.FixtureRequest
) -> AsyncIterator[list[FastAPI]]:
    """Two applications, as two processes are: each has connections of its own to PgBouncer."""
    mechanisms = settings.fast_path if request.param else frozenset[Mechanism]()
    changes = {"database_url": pooled, "fast_path": mechanisms}
    async with AsyncExitStack() as stack:
        apps = [create_app(settings.model_copy(update=changes)) for _ in range(2)]
        for app in apps:
            await stack.enter_async_context(app.router.lifespan_context(app))
        yield apps


async def use(person: Person, number: int, slot: str) -> list[Response]:
    """Requests that read and write in all ways, in an order of one's own."""
    note = await make(person, "/notes", title=person.username)
    asked: list[Callable[[], Awaitable[Response]]] = [
        lambda: person.get("/notes", params={"limit": 5}),
        lambda: person.get("/users/me"),
        lambda: person.patch(f"/notes/{note['id']}", json={"title": person.username}),
        lambda: person.get("/tasks", params={"sort": "deadline"}),
        lambda: person.post("/bookings", json={"slot_id": slot, "customer_name": person.username}),
        lambda: person.get("/bookings", params={"count": True}),
        lambda: person.post("/groups", json={"name": f"{person.username} {note['id']}"}),
        lambda: person.get("/notes", params={"q": person.username}),
        lambda: person.patch("/users/me", json={"first_name": person.username}),
    ]
    answers = [await ask() for ask in asked[number:] + asked[:number]]
    return [*answers, await person.delete(f"/notes/{note['id']}")]


async def test_nobody_gets_the_rows_of_another_statement(
    clients: list[FastAPI], ada: Person, bob: Person, staff: Person, caplog: pytest.LogCaptureFixture
) -> None:
    slot = await make_slot(staff, capacity=1000, ends_at=days(3))
    people = [one.through(app) for one in (ada, bob) for app in clients]
    caplog.clear()
    for _ in range(ROUNDS):
        for answers in await asyncio.gather(*(use(one, n, slot["id"]) for n, one in enumerate(people))):
            for answer in answers:
                assert answer.status_code < 300, answer.text
    for one in people:
        assert (await one.get("/users/me")).json()["username"] == one.username
        assert (await one.get("/notes")).json()["items"] == []
        names = {row["customer_name"] for row in (await one.get("/bookings")).json()["items"]}
        assert names == {one.username}

    warned = [one.message for one in caplog.records if one.levelno >= logging.WARNING]
    assert len(warned) <= len(clients)
    assert all("prepare" in words for words in warned)
