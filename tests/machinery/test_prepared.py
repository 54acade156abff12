"""Prepared statements, which a pooler may lose, or show to the processes of others."""

import logging
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from api.db.engine import Database
from api.db.fast.prepared import name_of
from api.db.migrations import HOME
from api.settings import Settings
from tests.support.watching import needs_fast_path

pytestmark = pytest.mark.anyio
only_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session")
STATEMENT = ("SELECT $1::text || 'x'", (25,))
PRINT_NAME = f"from api.db.fast.prepared import name_of; print(name_of({STATEMENT!r}).decode())"
COUNT = "SELECT count(*) FROM pg_prepared_statements"


@pytest.fixture
async def single(settings: Settings) -> AsyncIterator[Database]:
    """A database with one connection of the driver, and one for transactions."""
    database = Database(settings.model_copy(update={"database_pool_size": 1}))
    yield database
    await database.close()


def test_a_statement_has_the_same_name_in_every_process_and_no_other_has_it() -> None:
    names = {
        subprocess.check_output([sys.executable, "-c", PRINT_NAME], cwd=HOME, text=True).strip()
        for _ in range(2)
    }
    sql, types = STATEMENT

    assert names == {name_of(STATEMENT).decode()}
    assert len({name_of(STATEMENT), name_of((sql, (1043,))), name_of((sql + " ", types))}) == 3
    assert all(len(name) < 64 for name in names)  # PostgreSQL cuts longer ones


@only_postgresql
@needs_fast_path
@pytest.mark.parametrize(
    "happens", ["DEALLOCATE ALL", f"PREPARE {name_of(('SELECT 7', ())).decode()} AS SELECT 8"]
)
@pytest.mark.parametrize("again", [True, False], ids=["a read", "a write"])
async def test_a_statement_that_a_pooler_loses_or_takes_from_another_is_answered_and_the_log_says_so_once(
    single: Database, happens: str, again: bool, caplog: pytest.LogCaptureFixture
) -> None:
    run = single.fast.driver.run
    for _ in range(6 if happens == "DEALLOCATE ALL" else 5):
        assert await run("SELECT 7", ()) == [(7,)]
    await run(happens, ())

    assert [await run("SELECT 7", (), again=again) for _ in range(20)] == [[(7,)]] * 20
    assert await run(COUNT, ()) == [(0,)]
    [warned] = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert "prepare" in warned.getMessage()


@only_postgresql
@needs_fast_path
async def test_an_error_of_ones_own_statement_is_answered_as_it_is(single: Database) -> None:
    with pytest.raises(Exception, match="does not exist"):
        await single.fast.driver.run("EXECUTE nothing", ())


@only_postgresql
async def test_transactions_prepare_where_no_pooler_is_in_between(single: Database) -> None:
    async with single.engine.connect() as connection:
        for _ in range(10):
            await connection.execute(text("SELECT CAST(:value AS text)"), {"value": "one"})
        [[prepared]] = (await connection.execute(text(COUNT))).all()

    assert prepared
