"""What is measured on: databases of their own with accounts, sign-ins and notes, made by Onefold's own migrations."""

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Table, insert, select
from sqlmodel import SQLModel

from api.db import Database
from api.flows.seed import seed
from api.migrate import upgrade
from api.models import Note, Role, User, UserSession
from api.models.base import uuid7
from api.models.role import USER
from api.security import hash_password, make_token
from api.settings import Settings
from bench.apps import SECRET_KEY
from tests.postgres import postgres

# Durable as by default. Nothing cleans up while something is measured: `settle` does it in between.
SERVER = "-c shared_buffers=256MB -c max_connections=200 -c timezone=UTC -c autovacuum=off -c max_wal_size=4GB"
OWNERS, NOTES = 1000, 200_000
ASKING = 64  # owners who read, and as many others who write, so that what is read stays as it is
PASSWORD = "correct horse battery"  # noqa: S105  of made-up accounts
RARE = "zebra"  # a word in one of ten notes
WORDS = [
    "the",
    "quick",
    "brown",
    "fox",
    "jumps",
    "over",
    "a",
    "lazy",
    "dog",
    "while",
    "autumn",
    "rain",
    "falls",
    "on",
    "green",
    "hills",
    "and",
    "nobody",
    "minds",
]


@dataclass(frozen=True)
class Owner:
    username: str
    token: str
    notes: list[UUID]  # newest first


@dataclass(frozen=True)
class Ground:
    engine: str
    url: str
    readers: list[Owner]
    writers: list[Owner]
    last_note: UUID
    last_session: UUID

    def settle(self) -> None:
        """Take away what was written, so that everybody begins with the same."""
        settle(self.url, self.last_note, self.last_session)


def settings_for(url: str) -> Settings:
    return Settings(_env_file=None, environment="production", database_url=url, secret_key=SECRET_KEY)


@contextmanager
def ground(engine: str, folder: Path) -> Iterator[Ground]:
    if engine == "sqlite":
        url = f"sqlite:///{folder}/bench.db"
        yield _filled(engine, url)
    else:
        with postgres(SERVER) as url:
            url = url.replace("+psycopg", "")
            yield _filled(engine, url)


def _filled(engine: str, url: str) -> Ground:
    made = asyncio.run(_fill(engine, url))
    made.settle()
    return made


async def _fill(engine: str, url: str) -> Ground:
    settings = settings_for(url)
    database = Database(settings)
    await upgrade(database.engine)
    await seed(database, settings)
    users = accounts(await hash_password(PASSWORD, settings))
    ids = [user["id"] for user in users]
    sessions = {id: uuid7() for id in ids[: 2 * ASKING]}
    notes = list(written(ids))
    async with database.engine.begin() as connection:
        role_id = (await connection.execute(select(table(Role).c.id).where(table(Role).c.name == USER))).scalar_one()
        await connection.execute(insert(table(User)), [user | {"role_id": role_id} for user in users])
        await connection.execute(insert(table(UserSession)), [signed_in(id, session) for id, session in sessions.items()])
        await connection.execute(insert(table(Note)), notes)
    await database.close()
    newest: dict[UUID, list[UUID]] = {id: [] for id in ids}
    for note in reversed(notes):
        newest[note["owner_id"]].append(note["id"])
    owners = [
        Owner(user["username"], token(settings, user["id"], sessions[user["id"]]), newest[user["id"]])
        for user in users[: 2 * ASKING]
    ]
    return Ground(engine, url, owners[:ASKING], owners[ASKING:], notes[-1]["id"], max(sessions.values()))


def token(settings: Settings, user_id: UUID, session_id: UUID) -> str:
    return make_token(settings, "access", user_id, timedelta(days=1), sid=str(session_id))


def accounts(hashed: str) -> list[dict[str, Any]]:
    now, users = datetime.now(UTC), []
    for number in range(OWNERS):
        name = f"owner{number}"
        email = f"{name}@example.com"
        keys = {"username": name, "username_key": name, "email": email, "email_key": email}
        state = {"email_verified": True, "is_active": True, "hashed_password": hashed}
        users.append({"id": uuid7(), "created_at": now, "updated_at": now} | keys | state)
    return users


def signed_in(user_id: UUID, session_id: UUID) -> dict[str, Any]:
    now = datetime.now(UTC)
    moments = {"created_at": now, "updated_at": now, "last_used_at": now, "expires_at": now + timedelta(days=30)}
    return {"id": session_id, "user_id": user_id} | moments


def written(owners: list[UUID]) -> Iterator[dict[str, Any]]:
    """Notes of some 200 characters, by one owner after the other, each a tenth of a second after the one before."""
    chance, begin = random.Random(1), datetime.now(UTC) - timedelta(seconds=NOTES / 10 + 3600)  # noqa: S311
    for number in range(NOTES):
        moment = begin + timedelta(milliseconds=100 * number)
        words = chance.choices(WORDS, k=42)
        if number // len(owners) % 10 == 0:
            words[20] = RARE
        yield {
            "id": UUID(int=round(moment.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | chance.getrandbits(62)),
            "created_at": moment,
            "updated_at": moment,
            "title": f"{words[0]} {words[1]} {number}".capitalize(),
            "content": " ".join(words),
            "owner_id": owners[number % len(owners)],
        }


def settle(url: str, last_note: UUID, last_session: UUID) -> None:
    """Everything with a later id was written while something was measured."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as file:
            file.execute("PRAGMA foreign_keys = ON")
            file.execute("DELETE FROM inboxes")
            file.execute("DELETE FROM notes WHERE id > ?", [last_note.hex])
            file.execute("DELETE FROM user_sessions WHERE id > ?", [last_session.hex])
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("TRUNCATE inboxes, events")
            connection.execute("DELETE FROM notes WHERE id > %s", [last_note])
            connection.execute("DELETE FROM user_sessions WHERE id > %s", [last_session])
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")


def table(model: type[SQLModel]) -> Table:
    found: Table = SQLModel.metadata.tables[str(model.__tablename__)]
    return found
