"""The files of SQLite: who may read them, and that connections keep their locks."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, literal, select, text
from sqlalchemy.exc import OperationalError

from api.db.engine import Database
from api.db.problems import is_unavailable
from api.settings import Mechanism, Settings

pytestmark = pytest.mark.anyio

OPEN_AND_CLOSE = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM t'); c.close()"
)


async def test_a_new_connection_does_not_release_the_locks_of_others(tmp_path: Path) -> None:
    """Otherwise another process that closes the database believes that nobody else uses it, and deletes its log."""
    file = tmp_path / "locked.db"
    database = Database(Settings(_env_file=None, database_url=f"sqlite:///{file}"))
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE t (n INTEGER)"))
    async with database.reader.connect() as first, database.reader.connect() as second:
        await first.execute(text("SELECT * FROM t"))
        await second.execute(text("SELECT * FROM t"))
        other = await asyncio.create_subprocess_exec(sys.executable, "-c", OPEN_AND_CLOSE, str(file))
        assert await other.wait() == 0
        assert (tmp_path / "locked.db-wal").exists()
    await database.close()


LONG = select(literal(1).label("n")).cte("long", recursive=True)
LONG = LONG.union_all(select(LONG.c.n + 1).where(LONG.c.n < 20_000_000))
COUNTED = select(func.count()).select_from(LONG)


@pytest.mark.parametrize("is_fast", [True, False])
async def test_a_read_that_takes_too_long_is_ended(tmp_path: Path, is_fast: bool) -> None:
    fast = frozenset(Mechanism) if is_fast else frozenset[Mechanism]()
    url = f"sqlite:///{tmp_path / 'long.db'}"
    limits: dict[str, Any] = {"database_statement_seconds": 0.1, "database_url": url, "fast_path": fast}
    database = Database(Settings(_env_file=None, **limits))

    with pytest.raises(OperationalError, match="interrupted") as ended:
        await database.rows(COUNTED)
    assert is_unavailable(ended.value)
    assert await database.rows(select(literal(1))) == [(1,)]
    await database.close()
