"""Commits on SQLite that the fast path does together."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.db.engine import Database
from api.db.fast import sqlite_writer
from api.db.request_state import RequestState, current
from api.problems import ProblemError
from api.settings import Settings
from tests.support.watching import needs_fast_path

pytestmark = [pytest.mark.anyio, needs_fast_path]

PATIENCE = 30
ADD, ADD_TWICE = (
    "INSERT INTO t VALUES (?) RETURNING n",
    "INSERT INTO t SELECT n + 100 FROM t WHERE n = ? RETURNING n",
)
LONG = "WITH RECURSIVE l(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM l WHERE n < 9999) INSERT INTO t SELECT max(n) FROM l RETURNING n"


def add(number: int) -> Any:
    return [(ADD, (number,)), (ADD_TWICE, (number,))]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path / 'written.db'}"
    database = Database(
        Settings(_env_file=None, database_url=url, database_lock_seconds=0.3, database_pool_seconds=0.3)
    )
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE t (n INTEGER PRIMARY KEY CHECK (n <> 103))"))
    yield database
    await database.close()


async def stored(database: Database) -> list[int]:
    return [row[0] for row in await database.fast.driver.run("SELECT n FROM t ORDER BY n", ())]


@contextmanager
def written() -> Iterator[list[tuple[int, bool]]]:
    """How many were written in each transaction, and whether it was in a thread."""
    found, write = list[tuple[int, bool]](), sqlite_writer.write

    def note(connection: sqlite3.Connection, scripts: Any) -> Any:
        found.append((len(scripts), threading.current_thread() is not threading.main_thread()))
        return write(connection, scripts)

    with patch.object(sqlite_writer, "write", note):
        yield found


async def test_what_comes_together_is_one_transaction_and_one_that_fails_is_alone(database: Database) -> None:
    commit = database.fast.driver.commit
    with written() as transactions:
        answers = await asyncio.gather(*(commit(add(n)) for n in (1, 2, 3, 1, 4)), return_exceptions=True)
        nothing = await commit([(ADD_TWICE, (77,)), (ADD, (5,))])

    assert answers[:2] == [[(101,)], [(102,)]]
    assert [type(one) for one in answers[2:4]] == [IntegrityError, IntegrityError]
    assert answers[4] == [(104,)]
    assert nothing == []  # and the second statement did not run
    assert await stored(database) == [1, 2, 4, 101, 102, 104]
    assert transactions == [(5, False), (1, False)]


async def test_very_many_are_several_transactions(database: Database) -> None:
    with written() as transactions:
        await asyncio.gather(*(database.fast.driver.commit([(ADD, (n,))]) for n in range(80)))

    assert [many for many, _ in transactions] == [32, 32, 16]
    assert len(await stored(database)) == 80


async def test_it_waits_for_a_writer_of_this_process_and_for_others(
    database: Database, tmp_path: Path
) -> None:
    commit = database.fast.driver.commit
    with written() as transactions:
        async with database.engine.begin() as connection:
            await connection.execute(text("INSERT INTO t VALUES (1)"))
            ours = [asyncio.ensure_future(commit(add(n))) for n in (2, 4)]
            assert await asyncio.wait(ours, timeout=0.05) == (set(), set(ours))
            assert await stored(database) == []  # reads do not wait
        assert await asyncio.gather(*ours) == [[(102,)], [(104,)]]

        with closing(sqlite3.connect(tmp_path / "written.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            ours = [asyncio.ensure_future(commit(add(n))) for n in (5, 6)]
            assert await asyncio.wait(ours, timeout=0.05) == (set(), set(ours))
            other.execute("COMMIT")
        assert await asyncio.gather(*ours) == [[(105,)], [(106,)]]

    assert transactions == [(2, True), (2, False), (2, True)]


async def test_a_lock_that_is_never_released_is_an_error_of_all(database: Database, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "written.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        commits = (database.fast.driver.commit(add(n)) for n in (1, 2))
        answers = await asyncio.gather(*commits, return_exceptions=True)

    assert [type(one) for one in answers] == [OperationalError, OperationalError]
    await database.fast.driver.commit(add(1))
    assert await stored(database) == [1, 101]


async def test_who_comes_late_waits_for_as_long_as_the_others(database: Database) -> None:
    commit, seconds = database.fast.driver.commit, database.settings.database_pool_seconds
    async with database.engine.begin():
        early = [asyncio.ensure_future(commit(add(n))) for n in range(200, 200 + 40)]
        await asyncio.sleep(seconds / 2)
        late = asyncio.ensure_future(commit(add(1)))
        await asyncio.wait(early)
        assert not late.done()

    assert {type(one.exception()) for one in early} == {PoolTimeout}
    assert await late == [(101,)]
    assert await stored(database) == [1, 101]


async def test_what_takes_long_is_done_in_a_thread(database: Database) -> None:
    with written() as transactions, patch.object(sqlite_writer, "MOST_CHECKS", 0):
        answers = await asyncio.gather(
            *(database.fast.driver.commit([one]) for one in ((ADD, (1,)), (LONG, ())))
        )

    assert answers == [[(1,)], [(9999,)]]
    assert transactions == [(2, False), (2, True)]


async def test_what_nobody_waits_for_is_not_written(database: Database) -> None:
    class Gone(RequestState):
        is_abandoned = True

    async def of_a_client_that_left() -> None:
        current.set(Gone())
        await database.fast.driver.commit(add(2))

    ours = [asyncio.ensure_future(database.fast.driver.commit(add(n))) for n in (1, 4)]
    left = asyncio.ensure_future(of_a_client_that_left())
    await asyncio.sleep(0)
    ours[0].cancel()
    with pytest.raises(ProblemError, match="unavailable"):
        await left

    assert await ours[1] == [(104,)]
    assert await stored(database) == [4, 104]


async def test_a_full_disk_leaves_what_was_answered(database: Database) -> None:
    await database.fast.driver.commit(add(1))
    connection = database.fast.driver.writer.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    many = "INSERT INTO t SELECT value + 1000 FROM generate_series(1, 99999) RETURNING 1"
    many = many.replace(
        "generate_series(1, 99999)",
        "(WITH RECURSIVE l(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM l WHERE value < 9999) SELECT value FROM l)",
    )
    scripts = add(2), [(many, ())], add(4)
    answers = await asyncio.gather(*map(database.fast.driver.commit, scripts), return_exceptions=True)

    assert isinstance(answers[1], OperationalError)
    told = [one[0][0] - 100 for one in answers if isinstance(one, list)]
    assert [n for n in await stored(database) if n < 100] == [1, *told]


async def test_the_write_ahead_log_does_not_grow_for_ever(database: Database, tmp_path: Path) -> None:
    commit, many = database.fast.driver.commit, 3 * sqlite_writer.CHECKPOINT_EVERY
    await asyncio.gather(*(commit([(ADD, (n,))]) for n in range(1000, 1000 + many)))
    for n in range(many):
        await commit([(ADD, (n + 2000,))])

    size = (tmp_path / "written.db-wal").stat().st_size
    assert size < 2 * sqlite_writer.CHECKPOINT_EVERY * 4120  # a page of each transaction
    assert len(await stored(database)) == 2 * many
