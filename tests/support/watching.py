"""Watches what is sent to databases, by SQLAlchemy and by the driver."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.engine import Engine

from api.db.fast import sqlite_writer
from api.db.fast.driver import Found, Script
from api.db.fast.postgresql import Postgres
from api.db.fast.sqlite import Sqlite
from api.settings import Settings

needs_fast_path = pytest.mark.skipif(
    not Settings(_env_file=None).fast_path, reason="This is about the fast path, and FAST_PATH is false."
)


class Sent(NamedTuple):
    sql: str
    values: Any
    in_transaction: bool
    by_driver: bool


@contextmanager
def watching(note: Callable[[Sent], None]) -> Iterator[None]:
    """Tell of every statement that any app sends meanwhile, when it has run."""
    run, read, write = Postgres.run, Sqlite._read, sqlite_writer._run

    def note_of_sqlalchemy(connection: Any, _: Any, sql: str, values: Any, *__: Any) -> None:
        note(Sent(sql, values, _in_transaction(connection.connection.driver_connection), False))

    async def note_run(self: Postgres, sql: str, values: Any, **how: bool) -> Found:
        found = await run(self, sql, values, **how)
        note(Sent(sql, values, not all(wire.is_idle for wire in self.idle), True))
        return found

    def note_read(self: Sqlite, owner: Any, sql: str, values: Any) -> Found:
        found = read(self, owner, sql, values)
        note(Sent(sql, values, _in_transaction(owner.connection), True))
        return found

    def note_written(connection: Any, script: Script) -> Found | Exception:
        found = write(connection, script)
        for sql, values in script:
            note(Sent(sql, values, True, True))
        return found

    event.listen(Engine, "after_cursor_execute", note_of_sqlalchemy)
    with (
        patch.object(Postgres, "run", note_run),
        patch.object(Sqlite, "_read", note_read),
        patch.object(sqlite_writer, "_run", note_written),
    ):
        yield
    event.remove(Engine, "after_cursor_execute", note_of_sqlalchemy)


def _in_transaction(connection: Any) -> bool:
    """What the driver itself says; SQLAlchemy also calls autocommit a transaction."""
    if hasattr(connection, "in_transaction"):
        return bool(connection.in_transaction)
    return bool(connection.info.transaction_status != TransactionStatus.IDLE)
