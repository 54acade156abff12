"""The files of SQLite: who may read them, and that connections keep their locks."""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from api.db.engine import Database
from api.settings import Settings

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
