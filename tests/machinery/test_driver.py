"""The driver's own connections: what is true of them however they are used, and whatever happens to them."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from api.db.engine import Database
from api.db.fast.postgresql import Connection, Postgres
from api.db.fast.sqlite import Sqlite
from api.settings import Settings
from tests.support.listening import until
from tests.support.watching import needs_fast_path

pytestmark = [pytest.mark.anyio, needs_fast_path]
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :last) SELECT i FROM n"
only_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True, scope="session")
only_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session")


@pytest.fixture
async def single(settings: Settings) -> AsyncIterator[Database]:
    """A database with one connection of the driver."""
    database = Database(settings.model_copy(update={"database_pool_size": 1}))
    yield database
    await database.close()


def pids(database: Database) -> set[int]:
    assert isinstance(database.fast.driver, Postgres)
    return {wire.pgconn.backend_pid for wire in database.fast.driver.idle}


async def test_an_error_is_sqlalchemys_and_leaves_the_connection_usable(single: Database) -> None:
    for _ in range(3):
        with pytest.raises(DBAPIError, match="nowhere"):
            await single.fast.driver.run("SELECT * FROM nowhere", ())
        assert await single.fast.driver.run("SELECT 1", ()) == [(1,)]


@only_sqlite
async def test_a_long_read_is_for_a_thread_and_a_short_one_is_not(single: Database) -> None:
    driver = single.fast.driver
    assert isinstance(driver, Sqlite)
    with patch.object(driver, "_read", wraps=driver._read) as read:
        for _ in range(50):  # what a statement has counted before is not held against it
            assert len(await driver.run(NUMBERS, {"last": 500})) == 500
        assert {call.args[0] for call in read.mock_calls} == {driver}

        found = await driver.run(NUMBERS, {"last": 100_000})

    assert [row[0] for row in found] == list(range(1, 100_001))
    assert [call.args[0] for call in read.mock_calls[50:]] == [driver, driver.per_thread]


@only_sqlite
async def test_what_has_to_wait_waits_in_a_thread(single: Database) -> None:
    driver = single.fast.driver
    assert isinstance(driver, Sqlite)
    assert await driver.run("PRAGMA busy_timeout", ()) == [(0,)]
    read, busy = driver._read, sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY_RECOVERY  # as SQLite says while another process mends the log

    def read_unless_brief(owner: object, *statement: Any) -> Any:
        if owner is driver:
            raise DBAPIError("", None, busy)
        return read(owner, *statement)

    with patch.object(driver, "_read", read_unless_brief):
        assert await driver.run("PRAGMA busy_timeout", ()) == [(30_000,)]


@only_postgresql
async def test_values_larger_than_a_socket_takes_at_once_arrive(single: Database) -> None:
    large = "é" * 20_000_000

    [(length, last)] = await single.fast.driver.run("SELECT length($1::text), right($1::text, 1)", (large,))

    assert (length, last) == (20_000_000, "é")


@only_postgresql
async def test_one_connection_serves_many_who_wait_for_it(single: Database) -> None:
    found = await asyncio.gather(
        *(single.fast.driver.run("SELECT $1::int, pg_backend_pid()", (n,)) for n in range(50))
    )

    [pid] = pids(single)
    assert found == [[(n, pid)] for n in range(50)]


@only_postgresql
async def test_who_gives_up_leaves_no_answer_to_the_next(single: Database) -> None:
    waiting = asyncio.create_task(single.fast.driver.run("SELECT 'late', pg_sleep(30)", ()))
    await asyncio.sleep(0.2)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert await single.fast.driver.run("SELECT 'mine'", ()) == [("mine",)]
    running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT ''late%' AND state = 'active'"
    for _ in range(1000):
        if await single.fast.driver.run(running, ()) == [(0,)]:
            break
        await asyncio.sleep(0.01)
    else:
        pytest.fail("The server goes on with what nobody waits for.")


@only_postgresql
async def test_a_statement_is_prepared_only_when_it_comes_again_and_again(single: Database) -> None:
    names = "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 7'"
    for _ in range(5):
        await single.fast.driver.run("SELECT 7", ())
    before = await single.fast.driver.run(names, ())
    await single.fast.driver.run("SELECT 7", ())

    assert (before, await single.fast.driver.run(names, ())) == ([(0,)], [(1,)])


@only_postgresql
async def test_nothing_is_prepared_behind_an_old_pooler(settings: Settings) -> None:
    database = Database(settings.model_copy(update={"database_prepare_threshold": 0}))
    for _ in range(20):
        await database.fast.driver.run("SELECT 7", ())

    assert await database.fast.driver.run("SELECT count(*) FROM pg_prepared_statements", ()) == [(0,)]
    await database.close()


@only_postgresql
async def test_values_of_any_size_fit_the_same_prepared_statement(single: Database) -> None:
    for number in [1, 2**14, 2**30, 2**40, None] * 8:
        assert await single.fast.driver.run("SELECT $1::bigint", (number,)) == [(number,)]


@only_postgresql
async def test_a_table_that_changes_its_types_is_read_again(single: Database) -> None:
    async with single.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE changing (value integer)"))
        await connection.execute(text("INSERT INTO changing VALUES (1)"))
    for _ in range(10):
        await single.fast.driver.run("SELECT value FROM changing", ())
    async with single.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE changing ALTER value TYPE text"))

    try:
        assert await single.fast.driver.run("SELECT value FROM changing", ()) == [("1",)]
    finally:
        async with single.engine.begin() as connection:
            await connection.execute(text("DROP TABLE changing"))


@only_postgresql
async def test_a_write_is_not_repeated_when_its_connection_dies(single: Database) -> None:
    async with single.engine.begin() as connection:
        await connection.execute(text("CREATE SEQUENCE attempts"))  # which counts what fails, too
    try:
        with pytest.raises(OperationalError):
            await single.fast.driver.run(
                "SELECT nextval('attempts'), pg_terminate_backend(pg_backend_pid())", (), again=False
            )
        assert await single.fast.driver.run("SELECT last_value FROM attempts", ()) == [(1,)]
    finally:
        async with single.engine.begin() as connection:
            await connection.execute(text("DROP SEQUENCE attempts"))


@only_postgresql
async def test_moments_come_in_utc_whatever_the_server_thinks(single: Database) -> None:
    async with single.engine.connect() as connection:
        name = (await connection.execute(text("SELECT current_database()"))).scalar_one()
        await connection.execute(text(f"ALTER DATABASE {name} SET timezone TO 'Asia/Tokyo'"))
        await connection.commit()
    try:
        [(zone, moment)] = await single.fast.driver.run("SELECT current_setting('timezone'), now()", ())
        assert (zone, moment.utcoffset().total_seconds()) == ("UTC", 0)
    finally:
        async with single.engine.connect() as connection:
            await connection.execute(text(f"ALTER DATABASE {name} RESET timezone"))
            await connection.commit()


@only_postgresql
async def test_closing_a_connection_that_died_leaves_the_one_that_has_its_socket_number_alone(
    single: Database,
) -> None:
    assert isinstance(single.fast.driver, Postgres)
    [[pid]] = await single.fast.driver.run("SELECT pg_backend_pid()", ())
    [dead] = single.fast.driver.idle
    number = dead.pgconn.socket
    async with single.engine.connect() as connection:
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    await until(lambda: not dead.is_idle)
    # The system gives out the lowest number that is free.
    heirs = [Connection(await single.fast.driver.server.connect(autocommit=True)) for _ in range(5)]
    [heir] = [one for one in heirs if one.pgconn.socket == number]

    dead.close()

    async with asyncio.timeout(10):
        assert await heir.run("SELECT 1", ()) == [(1,)]
    for one in heirs:
        one.close()


@only_postgresql
async def test_a_connection_with_a_cancelled_statement_serves_nobody_else(single: Database) -> None:
    """The cancel may arrive when the statement has ended, and would end the next one."""
    driver = single.fast.driver
    await driver.run("SELECT 1", ())
    before = pids(single)
    driver.server.watch.cancel(driver.idle[-1].connection)

    assert await driver.run("SELECT 2", ()) == [(2,)]
    assert pids(single).isdisjoint(before)
