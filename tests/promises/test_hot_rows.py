"""A row that many requests wait for: the others go on, the wait has an end, and nobody waits for a client that has
left."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from fastapi import BackgroundTasks, FastAPI
from httpx import Response
from sqlalchemy import text
from sqlmodel import select

from api.app import create_app
from api.db import DatabaseDep
from api.db.engine import Database
from api.db.fast.places import Use
from api.models.note import Note
from api.models.product import Product
from api.settings import Mechanism, Settings
from tests.support.connections import counted_connections
from tests.support.listening import serving, until
from tests.support.make import make
from tests.support.people import Person
from tests.support.watching import needs_fast_path

pytestmark = pytest.mark.anyio

only_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True, scope="session")
only_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session")
both_ways = pytest.mark.parametrize(
    "fast_path", [pytest.param(True, id="fast", marks=needs_fast_path), pytest.param(False, id="slow")]
)
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@asynccontextmanager
async def app_with(settings: Settings, fast_path: bool, **changes: Any) -> AsyncIterator[FastAPI]:
    """An app on the same database, with a small pool."""
    mechanisms = settings.fast_path if fast_path else frozenset[Mechanism]()
    changes = {"database_pool_size": 4, "database_pool_seconds": 0.3, "fast_path": mechanisms} | changes
    app = create_app(settings.model_copy(update=changes))
    async with app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def locked(database: Database, *rows: tuple[Any, str]) -> AsyncIterator[None]:
    """Somebody else has locked these rows."""
    async with database.write() as session, session.begin():
        for model, id in rows:
            await session.exec(select(model).where(model.id == UUID(id)).with_for_update())
        yield


async def waiting(database: Database) -> int:
    async with database.reader.connect() as connection:
        return int((await connection.execute(WAITING)).scalar_one())


async def until_waiting(database: Database, number: int) -> None:
    async with asyncio.timeout(10):
        while await waiting(database) != number:  # noqa: ASYNC110  there is no event to wait for
            await asyncio.sleep(0.01)


def statuses(answers: list[Response]) -> list[int]:
    return [answer.status_code for answer in answers]


@only_postgresql
@both_ways
async def test_readers_and_sign_ins_go_on_while_all_writers_wait(
    settings: Settings, database: Database, admin: Person, fast_path: bool
) -> None:
    notes = [(await make(admin, "/notes", title="One"))["id"] for _ in range(8)]
    product = (await make(admin, "/products", name="Tea", price="1.00", quantity=5))["id"]
    async with app_with(settings, fast_path, database_lock_seconds=60, database_statement_seconds=60) as app:
        person = admin.through(app)
        async with locked(database, *((Note, note) for note in notes), (Product, product)):
            writers = [
                asyncio.create_task(request)
                for note in notes
                for request in (
                    person.patch(f"/notes/{note}", json={"title": "Two"}),
                    person.post(f"/products/{product}/stock", json={"change": 1}),
                )
            ]
            places = 3 + 2 if fast_path else 2  # the driver's and the transactions' for writers
            await until(lambda: sum(task.done() for task in writers) == len(writers) - places)
            await until_waiting(database, places)
            refused = [(await task) for task in writers if task.done()]

            body = {"username": admin.username, "password": admin.password}
            others = [
                await person.get("/notes"),
                await person.get("/groups"),
                await person.get("/users/me"),
                await person.get("http://test/ready"),
                await person.post("/auth/login", json=body),
                await person.post("/auth/refresh", json={"refresh_token": admin.tokens["refresh_token"]}),
            ]
            assert await waiting(database) == places
        served = [await task for task in writers if await task not in refused]

    assert statuses(others) == [200] * len(others)
    assert {(answer.status_code, answer.headers["retry-after"]) for answer in refused} == {(503, "1")}
    assert statuses(served) == [200] * places


@only_postgresql
@needs_fast_path
async def test_readers_and_writers_go_on_while_many_search(
    settings: Settings, database: Database, admin: Person
) -> None:
    product = (await make(admin, "/products", name="Tea", price="1.00", quantity=5))["id"]
    async with app_with(settings, True, database_statement_seconds=60) as app:
        person = admin.through(app)
        async with database.write() as session, session.begin():
            await (await session.connection()).execute(text("LOCK TABLE notes IN ACCESS EXCLUSIVE MODE"))
            searches = [
                asyncio.create_task(person.get("/notes", params=query))
                for query in ({"q": "tea"}, {"count": "true"}) * 5
            ]
            places = 2  # half of them
            await until(lambda: sum(task.done() for task in searches) == len(searches) - places)
            refused = [(await task) for task in searches if task.done()]

            others = [
                await person.get("/products"),
                await person.get("/users/me"),
                await person.patch(f"/products/{product}", json={"price": "2.00"}),
            ]
            assert await waiting(database) == places
        served = [await task for task in searches if await task not in refused]

    assert statuses(others) == [200] * len(others)
    assert {(answer.status_code, answer.headers["retry-after"]) for answer in refused} == {(503, "1")}
    assert statuses(served) == [200] * places


@only_postgresql
@both_ways
async def test_the_wait_for_a_row_has_an_end(
    settings: Settings, database: Database, ada: Person, fast_path: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    note = (await make(ada, "/notes", title="One"))["id"]
    limits = {"database_lock_seconds": 0.2, "database_statement_seconds": 20}
    async with app_with(settings, fast_path, **limits) as app:
        person = ada.through(app)
        async with locked(database, (Note, note)):
            answers = [await person.patch(f"/notes/{note}", json={"title": "Two"}) for _ in range(3)]
        later = await person.patch(f"/notes/{note}", json={"title": "Two"})

    assert {(one.status_code, one.json()["code"], one.headers["retry-after"]) for one in answers} == {
        (503, "unavailable", "1")
    }
    assert later.status_code == 200
    assert capsys.readouterr().out.count("due to lock timeout") == 3


@only_postgresql
@both_ways
async def test_a_pool_without_a_free_connection_is_asked_once(
    settings: Settings, ada: Person, fast_path: bool
) -> None:
    async with app_with(settings, fast_path, database_pool_size=1, database_pool_seconds=0.2) as app:
        database: Database = app.state.database
        async with database.reader.connect(), database.engine.connect():
            if fast_path:
                assert database.fast.driver.places.take(Use.read)
            for method, path in (("GET", "/notes"), ("POST", "/notes"), ("GET", "/users/me")):
                with counted_connections() as connections:
                    answer = await ada.through(app).request(
                        method, path, json={"title": "One"} if method == "POST" else None
                    )
                assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
                assert connections.asked == 1, path
            if fast_path:
                database.fast.driver.places.give_back(Use.read)
        assert (await ada.through(app).get("/notes")).status_code == 200


def request(person: Person, method: str, path: str) -> bytes:
    body = b'{"name": "Two"}' if path == "/groups" else b'{"title": "Two"}'
    head = (
        f"{method} /api/v1{path} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
        f"Authorization: {person.headers['authorization']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@only_postgresql
@both_ways
async def test_the_statement_of_a_client_that_has_left_is_cancelled(
    settings: Settings, database: Database, ada: Person, fast_path: bool
) -> None:
    note = (await make(ada, "/notes", title="One"))["id"]
    async with (
        app_with(settings, fast_path, database_lock_seconds=60, database_statement_seconds=60) as app,
        serving(app, lifespan="off") as site,
    ):
        async with locked(database, (Note, note)):
            _, stays = await asyncio.open_connection("127.0.0.1", site.port)
            _, leaves = await asyncio.open_connection("127.0.0.1", site.port)
            leaves.write(request(ada, "PATCH", f"/notes/{note}"))
            await until_waiting(database, 1)
            leaves.transport.abort()
            await until_waiting(database, 0)  # although the row is still locked

            stays.write(request(ada, "DELETE", f"/notes/{note}"))
            await until_waiting(database, 1)
            assert (await ada.get(f"/notes/{note}")).json()["title"] == "One"
        async with asyncio.timeout(10):
            while (await ada.get(f"/notes/{note}")).status_code != 404:  # noqa: ASYNC110  as above
                await asyncio.sleep(0.01)
        stays.transport.abort()


@only_sqlite
@both_ways
async def test_on_sqlite_the_wait_for_other_writers_has_an_end(
    settings: Settings, ada: Person, fast_path: bool
) -> None:
    async with app_with(settings, fast_path) as app:
        person, database = ada.through(app), app.state.database
        async with database.write() as session, session.begin():
            await session.exec(select(Note.id))
            answers = [
                await person.post("/notes", json={"title": "One"}),
                await person.patch("/users/me", json={"first_name": "Ada"}),
            ]
            read = await person.get("/notes")
        later = await person.post("/notes", json={"title": "One"})

    assert [(one.status_code, one.headers["retry-after"]) for one in answers] == [(503, "1")] * 2
    assert (read.status_code, later.status_code) == (200, 201)


@asynccontextmanager
async def all_writing(app: FastAPI, fast_path: bool) -> AsyncIterator[None]:
    """No connection is free for writing."""
    database: Database = app.state.database
    writers = 1 if database.is_sqlite else 2
    async with AsyncExitStack() as stack:
        for _ in range(writers):
            await (await stack.enter_async_context(database.write())).exec(select(Note.id))
        taken = 0
        while fast_path and not database.is_sqlite and database.fast.driver.places.take(Use.write):
            taken += 1
        yield
    for _ in range(taken):
        database.fast.driver.places.give_back(Use.write)


@both_ways
@pytest.mark.parametrize(("method", "path"), [("POST", "/notes"), ("POST", "/groups")])
async def test_nothing_is_written_for_a_client_that_has_left_while_it_waited(
    settings: Settings, ada: Person, fast_path: bool, method: str, path: str
) -> None:
    """A note is written by the driver, and a group by the ORM."""
    async with app_with(settings, fast_path, database_pool_seconds=60) as app, serving(app, "off") as site:
        person = ada.through(app)
        with counted_connections() as connections:
            async with all_writing(app, fast_path):
                before = connections.asked
                _, leaves = await asyncio.open_connection("127.0.0.1", site.port)
                leaves.write(request(ada, method, path))
                await until(lambda: connections.asked > before)
                await asyncio.sleep(0.3)  # who asks is read first
                leaves.transport.abort()
                await asyncio.sleep(0.1)  # the server hears of it
        assert (await person.post("/notes", json={"title": "Three"})).status_code == 201
        listed = [(await ada.get(place)).json()["items"] for place in ("/notes", "/groups")]

    assert [[row.get("title") for row in rows] for rows in listed] == [["Three"], []]


@both_ways
async def test_a_background_task_goes_on_when_its_client_has_left(
    settings: Settings, ada: Person, fast_path: bool
) -> None:
    left = asyncio.Event()
    async with app_with(settings, fast_path) as app, serving(app, "off") as site:

        @app.patch("/api/v1/later")
        async def answer(database: DatabaseDep, tasks: BackgroundTasks) -> None:
            async def write() -> None:
                await left.wait()
                async with database.write() as session, session.begin():
                    session.add(Note(owner_id=UUID(ada.id), title="Later"))

            tasks.add_task(write)

        reader, leaves = await asyncio.open_connection("127.0.0.1", site.port)
        leaves.write(request(ada, "PATCH", "/later"))
        await reader.readuntil(b"\r\n\r\n")
        leaves.transport.abort()
        await asyncio.sleep(0.1)  # the server hears of it
        left.set()
        async with asyncio.timeout(10):
            while not (await ada.get("/notes")).json()["items"]:  # noqa: ASYNC110  there is no event
                await asyncio.sleep(0.01)
