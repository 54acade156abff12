"""A process that stood still refuses nobody: the limits of all that wait would be over at once."""

import asyncio
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.db.engine import Database
from api.db.sqlite import Deadline
from api.db.timeouts import timeout
from api.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def a_database(folder: Path, seconds: float) -> Database:
    url = f"sqlite+aiosqlite:///{folder}/x.db"
    return Database(Settings(_env_file=None, database_url=url, database_pool_seconds=seconds))


async def test_a_process_that_stood_still_refuses_no_connection(tmp_path: Path) -> None:
    database = a_database(tmp_path, 0.2)

    async def use() -> None:
        async with database.engine.connect():
            await asyncio.sleep(0.001)

    async with database.engine.connect():  # the only connection of writers
        waiting = [asyncio.create_task(use()) for _ in range(3)]
        await asyncio.sleep(0.01)
        time.sleep(0.4)  # noqa: ASYNC251  the whole process stands still, with every timer of the loop
        await asyncio.sleep(0.02)  # as long as an answer of the database takes to be read
    await asyncio.gather(*waiting)

    await database.close()


async def test_the_wait_for_a_connection_has_an_end(tmp_path: Path) -> None:
    database = a_database(tmp_path, 0.05)
    async with database.engine.connect():
        for _ in range(2):  # the first one, and one after nobody has waited
            with pytest.raises(PoolTimeout):
                await database.engine.connect()
    async with database.engine.connect():
        pass

    await database.close()


async def test_a_process_that_stood_still_gives_up_nothing() -> None:
    answer = asyncio.Event()
    async with timeout(0.2):
        asyncio.get_running_loop().call_later(0.25, answer.set)
        time.sleep(0.4)  # noqa: ASYNC251  as above
        await answer.wait()
        await asyncio.sleep(0.01)


async def test_a_timeout_has_an_end() -> None:
    with pytest.raises(TimeoutError):
        async with timeout(0.01):
            await asyncio.Event().wait()


def test_a_read_of_a_process_that_stood_still_is_not_ended() -> None:
    deadline = Deadline(0.2)
    deadline.begin()
    time.sleep(0.3)

    assert not deadline()
    while not deadline():  # but it has an end
        pass
