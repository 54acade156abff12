"""A database that says nothing: every request is answered, and the next one when the database is back succeeds.

The deadlines are small here. Nothing is timed: what is answered is answered while the database is silent.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from api.app import create_app
from api.db import SessionDep
from api.db.engine import Database
from api.db.migrations import HOME
from api.models.role import Role
from api.settings import Mechanism, Settings
from api.web import Router
from tests.project.test_shutdown import until_ready_says
from tests.support.listening import until
from tests.support.make import make
from tests.support.people import Person
from tests.support.proxy import Proxy, proxy_to
from tests.support.watching import needs_fast_path
from tools.servers import free_port

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.heavy,
    pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session"),
]

SMALL = {
    "database_connect_seconds": 0.8,
    "database_pool_seconds": 0.4,
    "database_statement_seconds": 0.4,
    "database_lock_seconds": 0.2,
    "database_pool_size": 4,
}
both_ways = pytest.mark.parametrize(
    "fast_path", [pytest.param(True, id="fast", marks=needs_fast_path), pytest.param(False, id="slow")]
)


@pytest.fixture
async def proxy(app: FastAPI, settings: Settings) -> AsyncIterator[Proxy]:
    async with proxy_to(settings.database_url) as proxy:
        yield proxy
        proxy.go_on()


@pytest.fixture
async def behind(proxy: Proxy, settings: Settings, fast_path: bool) -> AsyncIterator[FastAPI]:
    """An app with small deadlines that reaches the database through the proxy."""
    mechanisms = settings.fast_path if fast_path else frozenset[Mechanism]()
    changes = SMALL | {"database_url": proxy.url, "fast_path": mechanisms}
    behind = create_app(settings.model_copy(update=changes))
    async with behind.router.lifespan_context(behind):
        yield behind


def requests(person: Person, note: str) -> list[Coroutine[Any, Any, Response]]:
    """Requests of each kind, more of them than there are connections."""
    body = {"username": person.username, "password": person.password}
    return [
        *(person.get("/notes") for _ in range(6)),
        *(person.patch(f"/notes/{note}", json={"title": "Two"}) for _ in range(3)),
        *(person.patch("/users/me", json={"first_name": "Ada"}) for _ in range(3)),
        person.post("/auth/login", json=body),
        person.get("http://test/ready"),
    ]


async def ask(person: Person, note: str) -> list[Response]:
    """The answers to all of them at once."""
    return await asyncio.gather(*requests(person, note))


async def succeed(person: Person, note: str) -> bool:
    """Whether all of them succeed, one after the other: a busy machine may be slow with all at once."""
    return {(await one).status_code for one in requests(person, note)} == {200}


def problems(answers: list[Response]) -> set[tuple[int, Any, str | None]]:
    return {
        (answer.status_code, answer.json().get("code"), answer.headers.get("retry-after"))
        for answer in answers
    }


@both_ways
async def test_while_the_database_is_silent_every_request_is_answered_503(
    behind: FastAPI, proxy: Proxy, ada: Person, fast_path: bool
) -> None:
    ada = ada.through(behind)
    note = (await make(ada, "/notes", title="One"))["id"]
    assert await succeed(ada, note)
    proxy.fall_silent()

    for _ in range(2):  # with connections that were in use, and without any
        assert problems(await ask(ada, note)) == {(503, "unavailable", "1")}
        assert proxy.is_silent

    proxy.go_on()
    assert await succeed(ada, note)


@both_ways
@pytest.mark.parametrize("at", ["statement", "commit"])
async def test_a_connection_that_is_silent_in_a_transaction_is_closed_at_once(
    behind: FastAPI, proxy: Proxy, fast_path: bool, ada: Person, at: str
) -> None:
    router = Router()

    @router.post("/silent")
    async def write(session: SessionDep) -> None:
        session.add(Role(name="half"))
        await session.flush()
        proxy.fall_silent()
        if at == "statement":
            await session.exec(select(Role.id))

    behind.include_router(router, prefix="/api/v1")
    ada = ada.through(behind)
    await ada.get("/roles")

    answer = await ada.post("/silent")

    assert (answer.status_code, proxy.is_silent) == (503, True)
    database: Database = behind.state.database
    assert [engine.pool.checkedout() for engine in (database.engine, database.reader)] == [0, 0]  # type: ignore[attr-defined]
    proxy.go_on()
    await until(lambda: proxy.left)
    roles = await ada.get("/roles")
    assert roles.status_code == 200
    assert at == "commit" or "half" not in roles.text  # nobody knows whether a silent server commits


@both_ways
async def test_connections_that_are_frozen_are_left_behind_together(
    behind: FastAPI, ada: Person, database: Database, fast_path: bool
) -> None:
    ada = ada.through(behind)
    note = (await make(ada, "/notes", title="One"))["id"]
    await ask(ada, note)  # there are several connections of each kind
    whose = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND client_addr IS NULL"
    async with database.engine.connect() as connection:
        own = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        pids = set((await connection.execute(text(f"{whose} AND state = 'idle'"))).scalars()) - {own}
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        first = await ada.get("/notes")
        is_back = await succeed(ada, note)
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)

    assert first.status_code == 503
    assert is_back


async def test_long_work_has_a_deadline_of_its_own(settings: Settings) -> None:
    quick = Database(settings.model_copy(update=SMALL))
    patient = Database(settings.model_copy(update=SMALL), is_patient=True)
    statement = text("SELECT 'done' FROM pg_sleep(1.5)")
    async with patient.engine.connect() as connection:
        assert (await connection.execute(statement)).scalar_one() == "done"
    async with quick.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="statement timeout"):  # the server ends it, and is not silent
            await connection.execute(statement)
        await connection.rollback()
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    await quick.close()
    await patient.close()


@pytest.fixture
def server(proxy: Proxy, settings: Settings, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The real server, as a process of its own."""
    port = free_port()
    small = {name.upper(): str(value) for name, value in SMALL.items()}
    environment = (
        os.environ
        | small
        | {
            "DATABASE_URL": proxy.url,
            "ENVIRONMENT": "production",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "PYTHONPATH": str(HOME),
            "SECRET_KEY": settings.secret_key.get_secret_value(),
        }
    )
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "api", "serve"], env=environment, cwd=tmp_path, stdout=log, stderr=log
        )
        yield process, port
        process.kill()
        process.wait()


async def test_a_server_stops_while_its_database_is_silent(
    server: tuple[subprocess.Popen[bytes], int], proxy: Proxy, ada: Person, tmp_path: Path
) -> None:
    process, port = server
    async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        await until_ready_says(200, client, process)
        proxy.fall_silent()
        bearer = {"Authorization": ada.headers["authorization"]}
        asked = [asyncio.create_task(client.get("/api/v1/notes", headers=bearer)) for _ in range(3)]
        await asyncio.sleep(0)
        process.send_signal(signal.SIGTERM)
        await asyncio.gather(*asked, return_exceptions=True)
        ended = await to_thread.run_sync(lambda: process.wait(30))

    assert (ended in {0, -signal.SIGTERM}, proxy.is_silent) == (True, True)
    assert "Traceback" not in (tmp_path / "log").read_text()
