"""The measured database: a new one, with notes of many owners, and groups that all users may see."""

import asyncio
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from api.models.base import uuid7
from api.models.group import Group
from api.models.note import Note
from bench.people import Owner, add, populate
from tools.postgres import postgres

# Durable as by default. Nothing cleans up while something is measured: `settle` does it in between.
SERVER = (
    "-c shared_buffers=256MB -c max_connections=200 -c timezone=UTC -c autovacuum=off -c max_wal_size=4GB"
)
DATABASES = {"sqlite": sqlite3.sqlite_version}  # the versions of those that were used
OWNERS, NOTES, GROUPS = 1000, 200_000, 200
ASKING = 64  # owners who read, and as many others who write, so that what is read stays as it is
RARE = "zebra"  # a word in one of ten notes
WORDS = "the quick brown fox jumps over a lazy dog while autumn rain falls on green hills and nobody minds"


@dataclass(frozen=True)
class Ground:
    engine: str
    url: str
    readers: list[Owner]
    writers: list[Owner]
    last: UUID  # whatever has a later id was written while something was measured

    def settle(self) -> None:
        """Take away what was written, so that everybody begins with the same."""
        if self.engine == "sqlite":
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)) as file:
                file.execute("PRAGMA foreign_keys = ON")
                file.execute("DELETE FROM inboxes")
                for table in ("notes", "user_sessions"):
                    file.execute(f"DELETE FROM {table} WHERE id > ?", [self.last.hex])
                file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("TRUNCATE inboxes, events")
                for table in ("notes", "user_sessions"):
                    connection.execute(f"DELETE FROM {table} WHERE id > %s", [self.last])
                connection.execute("VACUUM ANALYZE")
                connection.execute("CHECKPOINT")


@contextmanager
def ground(engine: str, folder: Path) -> Iterator[Ground]:
    if engine == "sqlite":
        yield _filled(engine, f"sqlite:///{folder}/bench.db")
    else:
        with cluster() as url:
            yield _filled(engine, url)


@contextmanager
def cluster() -> Iterator[str]:
    with postgres(SERVER) as url:
        url = url.replace("+psycopg", "")
        with psycopg.connect(url) as connection:
            DATABASES["postgresql"] = str(connection.info.parameter_status("server_version")).split()[0]
        yield url


def _filled(engine: str, url: str) -> Ground:
    people = asyncio.run(populate(url, OWNERS, 2 * ASKING))
    notes = list(written(people))
    asyncio.run(add(url, Note, notes))
    asyncio.run(add(url, Group, list(open_groups(people))))
    newest = {owner.id: owner.notes for owner in people}
    for note in reversed(notes):
        newest[note["owner_id"]].append(note["id"])
    made = Ground(engine, url, people[:ASKING], people[ASKING : 2 * ASKING], uuid7())
    made.settle()
    return made


def open_groups(owners: Sequence[Owner]) -> Iterator[dict[str, Any]]:
    now = datetime.now(UTC)
    for number in range(GROUPS):
        keys = {
            "id": uuid7(),
            "created_at": now,
            "updated_at": now,
            "owner_id": owners[number % len(owners)].id,
        }
        yield keys | {"name": f"Group {number}", "description": WORDS, "is_open": True}


def written(owners: Sequence[Owner]) -> Iterator[dict[str, Any]]:
    """Notes of some 200 characters, by one owner after the other, each a tenth of a second after the one
    before."""
    chance, begin = random.Random(1), datetime.now(UTC) - timedelta(seconds=NOTES / 10 + 3600)  # noqa: S311
    choices = WORDS.split()
    for number in range(NOTES):
        moment = begin + timedelta(milliseconds=100 * number)
        words = chance.choices(choices, k=42)
        if number // len(owners) % 10 == 0:
            words[20] = RARE
        yield {
            "id": UUID(
                int=round(moment.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | chance.getrandbits(62)
            ),
            "created_at": moment,
            "updated_at": moment,
            "title": f"{words[0]} {words[1]} {number}".capitalize(),
            "content": " ".join(words),
            "owner_id": owners[number % len(owners)].id,
        }
