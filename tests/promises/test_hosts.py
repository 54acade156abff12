"""A database with several servers, of which one accepts writes, and may be another one later."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from api.app import create_app
from api.seeds.first_start import make_ready
from api.settings import Mechanism, Settings
from tests.support.people import PASSWORD, Person
from tests.support.proxy import proxy_to
from tests.support.visitors import visit
from tests.support.watching import needs_fast_path
from tools.postgres import postgres
from tools.servers import free_port

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.heavy,
    pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session"),
]
both_ways = pytest.mark.parametrize(
    "fast_path", [pytest.param(True, id="fast", marks=needs_fast_path), pytest.param(False, id="slow")]
)
END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname <> ''"
)
FORMS = [
    "postgresql://postgres:x@127.0.0.1:{},127.0.0.1:{}/{}?target_session_attrs=read-write",
    "postgres://postgres:x@127.0.0.1:{},127.0.0.1:{}/{}",
    "postgresql+asyncpg://postgres:x@/{2}?host=127.0.0.1:{0}&host=127.0.0.1:{1}",
    "postgresql://postgres:x@/{2}?host=127.0.0.1,127.0.0.1&port={0},{1}&target_session_attrs=primary",
]


@asynccontextmanager
async def app_at(settings: Settings, url: str, fast_path: bool, **changes: Any) -> AsyncIterator[FastAPI]:
    mechanisms = settings.fast_path if fast_path else frozenset[Mechanism]()
    given = settings.model_dump() | {"database_url": url, "fast_path": mechanisms} | changes
    app = create_app(Settings(_env_file=None, **given))
    async with app.router.lifespan_context(app):
        yield app


def port_of(url: str) -> int:
    return make_url(url).port or 0


async def write(person: Person, app: FastAPI) -> int:
    return (await person.through(app).post("/notes", json={"title": "One"})).status_code


@both_ways
@pytest.mark.parametrize("form", FORMS)
async def test_a_server_that_refuses_is_passed_over(
    settings: Settings, ada: Person, form: str, fast_path: bool
) -> None:
    async with proxy_to(settings.database_url) as proxy:
        name = make_url(settings.database_url).database
        url = form.format(free_port(), port_of(proxy.url), name)
        async with app_at(settings, url, fast_path) as app:
            assert await write(ada, app) == 201
            assert (await ada.through(app).get("http://test/ready")).status_code == 200


@both_ways
async def test_a_server_that_says_nothing_leaves_time_for_the_next(
    settings: Settings, ada: Person, fast_path: bool
) -> None:
    async with proxy_to(settings.database_url) as silent, proxy_to(settings.database_url) as other:
        silent.fall_silent()
        name = make_url(settings.database_url).database
        url = FORMS[0].format(port_of(silent.url), port_of(other.url), name)
        async with app_at(settings, url, fast_path, database_connect_seconds=2) as app:
            assert await write(ada, app) == 201


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[str, str]]:
    """The URLs of two more servers."""
    with postgres() as first, postgres() as second:
        yield first, second


@pytest.fixture
async def migrated(servers: tuple[str, str], settings: Settings) -> AsyncIterator[str]:
    """Both servers have our tables. The first can be written to when a test begins."""
    for url in servers:
        await make_ready(settings.model_copy(update={"database_url": url}))
    yield "postgresql://postgres@/postgres?host=" + ",".join(
        str(make_url(url).query["host"]) for url in servers
    )
    await tell(servers[0], "ALTER DATABASE postgres RESET default_transaction_read_only")


async def tell(url: str, *statements: str) -> None:
    server = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.execute(text("SET default_transaction_read_only = off"))
        for statement in statements:
            await connection.execute(text(statement))
    await server.dispose()


@both_ways
async def test_after_a_failover_the_other_server_is_written_to(
    migrated: str, servers: tuple[str, str], settings: Settings, fast_path: bool
) -> None:
    async with app_at(settings, migrated, fast_path) as app, visit(app) as client:
        ada = {"username": f"ada{fast_path}", "email": f"ada{fast_path}@example.com", "password": PASSWORD}
        assert (await client.post("/api/v1/auth/register", json=ada)).status_code == 201
        assert (await client.post("/api/v1/auth/register", json=ada)).status_code == 409

        # The first server follows another one from now on. Open connections can only read.
        await tell(servers[0], "ALTER DATABASE postgres SET default_transaction_read_only = on")
        await tell(servers[0], END_OTHERS)

        answers = [await client.post("/api/v1/auth/register", json=ada) for _ in range(3)]
        assert {answer.status_code for answer in answers[:-1]} <= {201, 409, 503}
        assert 201 in {answer.status_code for answer in answers}  # she is new there
        assert (await client.get("/ready")).status_code == 200
