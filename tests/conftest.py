"""Every test that uses the app runs on SQLite and on PostgreSQL; `pytest -n auto` spreads them over the
cores."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from api.app import create_app
from api.db.engine import Database
from api.deps.throttling import Throttle
from api.seeds.first_start import seed
from api.settings import Settings
from tests.support.answers import check_answer
from tests.support.listening import Site, serving, until
from tests.support.mailbox import Mailbox
from tests.support.makers import Maker
from tests.support.people import Person, register
from tests.support.watching import Sent, watching
from tools.postgres import postgres

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
ENGINES = ("sqlite", "postgresql")
THOROUGH = bool(os.environ.get("THOROUGH"))  # `make fuzz` sets it
resources = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """One throw-away PostgreSQL for the whole run: started here, inherited by xdist's workers."""
    if WORKER == "main" and "TEST_POSTGRES_URL" not in os.environ and not config.option.collectonly:
        os.environ["TEST_POSTGRES_URL"] = resources.enter_context(postgres())


def pytest_unconfigure() -> None:
    resources.close()


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that the server runs on, where there is one."""
    return "asyncio", {"use_uvloop": find_spec("uvloop") is not None}


@pytest.fixture(scope="session")
async def mail_server() -> AsyncIterator[tuple[Mailbox, int]]:
    mailbox = Mailbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(mailbox), "127.0.0.1", 0)
    yield mailbox, server.sockets[0].getsockname()[1]
    server.close()


@pytest.fixture
def mailbox(mail_server: tuple[Mailbox, int]) -> Mailbox:
    """All mail that was really sent, by SMTP, in this test."""
    return mail_server[0]


async def empty_database(kind: str, folder: Path, name: str) -> str:
    """The URL of a new database with nothing in it."""
    if kind == "sqlite":
        return f"sqlite+aiosqlite:///{folder}/{name}.db"
    server = create_async_engine(os.environ["TEST_POSTGRES_URL"], isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        await connection.exec_driver_sql(f"CREATE DATABASE {name}")
    await server.dispose()
    return str(server.url.set(database=name).render_as_string(hide_password=False))


@pytest.fixture(scope="session", params=ENGINES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
async def settings(
    kind: str, tmp_path_factory: pytest.TempPathFactory, mail_server: tuple[Mailbox, int]
) -> Settings:
    return Settings(
        _env_file=None,
        database_url=await empty_database(kind, tmp_path_factory.mktemp("db"), f"test_{WORKER}"),
        environment="production",
        docs=True,
        cors_origins=["http://localhost:5173", "https://app.example.com"],
        secret_key="a secret for tests, which is long enough",
        password_hash_rounds=4,
        smtp_host="127.0.0.1",
        smtp_port=mail_server[1],
        smtp_security="none",
        rate_limit_requests="1000000/minute",
        # Forty requests at once may take long on a busy machine. Tests of these limits set them.
        database_pool_seconds=30,
        database_lock_seconds=30,
        database_statement_seconds=30,
        rate_limit_auth="1000/minute",
        rate_limit_mail="1000/minute",
        rate_limit_recipient="1000/minute",
    )


@pytest.fixture(scope="session")
async def running_app(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):  # httpx does not run it
        yield app


@pytest.fixture
async def app(
    running_app: FastAPI, settings: Settings, mail_server: tuple[Mailbox, int]
) -> AsyncIterator[FastAPI]:
    """The app on an empty, migrated and seeded database. What the test commits is real, and gone after it."""
    written: set[str] = set()

    def note(sent: Sent) -> None:
        written.update(
            re.findall(r"^(?:WITH \w+ AS )?\W*(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)", sent.sql, re.M)
        )

    database: Database = running_app.state.database
    with watching(note):  # a second app on the same database too
        yield running_app
    seeded = "roles" in written
    async with database.engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            if seeded or table.name in written:
                await connection.execute(table.delete())
    if seeded:
        await seed(database, settings)
    running_app.state.throttle = Throttle(settings)
    mail_server[0].letters.clear()


@pytest.fixture(scope="session")
async def running_site(running_app: FastAPI) -> AsyncIterator[Site]:
    async with serving(running_app, lifespan="off") as site:
        yield site


@pytest.fixture
async def site(running_site: Site, app: FastAPI) -> Site:
    """The app behind a real socket, for what does not fit into one answer."""
    await until(lambda: not running_site.bus.listeners)  # those of the test before are on their way out
    return running_site


@pytest.fixture
async def replica(app: FastAPI, settings: Settings) -> AsyncIterator[FastAPI]:
    """The same database behind a second app, which shares nothing else with the first."""
    second = create_app(settings)
    async with second.router.lifespan_context(second):
        yield second


@pytest.fixture
def database(app: FastAPI) -> Database:
    database: Database = app.state.database
    return database


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """Somebody who has not signed in."""
    hooks = {"response": [check_answer]}
    async with AsyncClient(
        transport=ASGITransport(app), base_url="http://test/api/v1", event_hooks=hooks
    ) as client:
        yield client


MakePerson = Callable[..., Awaitable[Person]]


@pytest.fixture
async def person(app: FastAPI, request: pytest.FixtureRequest) -> AsyncIterator[MakePerson]:
    """`await person(role="staff")`: somebody new who has signed in; by HTTP in a test that reads the mail."""
    async with AsyncExitStack() as stack:

        async def make(**fields: Any) -> Person:
            made = await register(app, by_http="mailbox" in request.fixturenames, **fields)
            stack.push_async_callback(made.aclose)
            return made

        yield make


@pytest.fixture
async def ada(person: MakePerson) -> Person:
    return await person(username="ada")


@pytest.fixture
async def bob(person: MakePerson) -> Person:
    return await person(username="bob")


@pytest.fixture
async def admin(person: MakePerson) -> Person:
    return await person(username="root", role="admin")


@pytest.fixture
async def staff(person: MakePerson) -> Person:
    return await person(username="sam", role="staff")


@pytest.fixture
def maker(admin: Person) -> Maker:
    return Maker(admin)
