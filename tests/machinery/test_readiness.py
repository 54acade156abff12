"""What `/ready` says of a database that cannot be used, and how requests are answered meanwhile."""

import os
import resource
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import text

from api.app import create_app
from api.db.engine import Database
from api.db.migrations import configuration, upgrade
from api.db.readiness import UNAVAILABLE, UNMIGRATED, UNWRITABLE, outdated
from api.seeds.first_start import make_ready
from api.settings import Mechanism, Settings
from tests.conftest import WORKER, empty_database
from tests.support.people import PASSWORD
from tests.support.visitors import visit
from tests.support.watching import needs_fast_path

pytestmark = pytest.mark.anyio
both_ways = pytest.mark.parametrize(
    "fast_path", [pytest.param(True, id="fast", marks=needs_fast_path), pytest.param(False, id="slow")]
)
only_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True, scope="session")
only_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session")
ADA = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}
SCRIPTS = ScriptDirectory.from_config(configuration())
Open = Callable[[str], FastAPI]


@pytest.fixture
async def open_app(settings: Settings, fast_path: bool) -> AsyncIterator[Open]:
    """An application at this URL, without its start."""
    opened: list[Database] = []

    def open_at(url: str) -> FastAPI:
        mechanisms = settings.fast_path if fast_path else frozenset[Mechanism]()
        given = settings.model_dump() | {"database_url": url, "fast_path": mechanisms}
        app = create_app(Settings(_env_file=None, **given))
        opened.append(app.state.database)
        return app

    yield open_at
    for database in opened:
        await database.close()


@pytest.fixture
async def fresh(kind: str, settings: Settings, tmp_path: Path) -> str:
    """The URL of a database with our tables and roles."""
    url = await empty_database(kind, tmp_path, f"fresh_{WORKER}")
    await make_ready(settings.model_copy(update={"database_url": url}))
    return url


async def migrate(url: str, revision: str) -> None:
    database = Database(Settings(_env_file=None, database_url=url))
    await upgrade(database.engine, revision)
    await database.close()


async def tell(url: str, sql: str) -> None:
    database = Database(Settings(_env_file=None, database_url=url))
    async with database.engine.begin() as connection:
        await connection.execute(text(sql))
    await database.close()


async def said(client: AsyncClient) -> tuple[int, str | None]:
    answer = await client.get("/ready")
    return answer.status_code, answer.json().get("detail")


def is_unavailable(answer: Response) -> bool:
    return (answer.status_code, answer.headers.get("retry-after")) == (503, "1")


def test_the_outdated_migrations_are_those_that_alembic_knows_but_its_heads() -> None:
    known = {script.revision for script in SCRIPTS.walk_revisions()}

    assert outdated() == known - set(SCRIPTS.get_heads())
    assert len(outdated()) == len([*SCRIPTS.walk_revisions()]) - len(SCRIPTS.get_heads())


@both_ways
async def test_a_database_is_ready_when_it_is_migrated(
    kind: str, tmp_path: Path, open_app: Open, fast_path: bool
) -> None:
    url = await empty_database(kind, tmp_path, f"fresh_{WORKER}")
    async with visit(open_app(url)) as client:
        assert await said(client) == (503, UNMIGRATED)
        if before := SCRIPTS.get_revision("head").down_revision:
            await migrate(url, str(before))
            assert await said(client) == (503, UNMIGRATED)
        await migrate(url, "head")
        assert await said(client) == (200, None)
        # Replicas of the next version have migrated it, while this one still runs.
        await tell(url, "UPDATE alembic_version SET version_num = 'the_next_one'")
        assert await said(client) == (200, None)
        await tell(url, "DELETE FROM alembic_version")
        assert await said(client) == (503, UNMIGRATED)


@both_ways
@only_postgresql
async def test_a_server_that_only_reads_is_not_ready(fresh: str, open_app: Open, fast_path: bool) -> None:
    name = fresh.partition("?")[0].rpartition("/")[2]
    await tell(fresh, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    async with visit(open_app(fresh)) as client:
        assert await said(client) == (503, UNWRITABLE)
        assert is_unavailable(await client.post("/api/v1/auth/register", json=ADA))


@both_ways
@only_postgresql
async def test_a_server_that_does_not_answer_is_not_ready(open_app: Open, fast_path: bool) -> None:
    async with visit(open_app("postgresql://postgres@127.0.0.1:1/nowhere")) as client:
        assert await said(client) == (503, UNAVAILABLE)
        assert is_unavailable(await client.post("/api/v1/auth/register", json=ADA))


@both_ways
@only_sqlite
async def test_a_file_that_can_only_be_read_is_not_ready(fresh: str, open_app: Open, fast_path: bool) -> None:
    file = fresh.partition(":///")[2]
    async with visit(open_app(f"sqlite:///file:{file}?mode=ro&uri=true")) as client:
        assert await said(client) == (503, UNWRITABLE)
        assert is_unavailable(await client.post("/api/v1/auth/register", json=ADA))
        assert (await client.get("/api/v1/products")).status_code == 200


@contextmanager
def full_disk(bytes: int) -> Iterator[None]:
    """No file of this process may become larger than this."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@both_ways
@only_sqlite
async def test_a_full_disk_is_unavailable_until_there_is_room(
    fresh: str, open_app: Open, fast_path: bool
) -> None:
    async with visit(open_app(fresh)) as client:
        token = (await client.post("/api/v1/auth/register", json=ADA)).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}

        async def write() -> Response:
            note = {"title": "One", "content": "x" * 40_000}
            return await client.post("/api/v1/notes", json=note, headers=headers)

        assert (await write()).status_code == 201
        with full_disk(os.stat(fresh.partition(":///")[2] + "-wal").st_size):
            answers: list[Any] = [await write() for _ in range(3)]
        assert all(is_unavailable(answer) for answer in answers), [answer.text for answer in answers]
        assert (await write()).status_code == 201
