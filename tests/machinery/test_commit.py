"""The promises of api/db/engine.py: an answer is sent only for what has been committed, and reading costs no
transaction."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import func, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import select

from api.app import create_app
from api.db.engine import Database
from api.db.fast.postgresql import Postgres
from api.db.outbox import events_of
from api.db.request_session import SessionDep
from api.deps import MailerDep
from api.deps.mail import Letter
from api.models.base import uuid7
from api.models.note import Note
from api.models.role import Role
from api.models.user_session import RefreshToken
from api.settings import Settings
from tests.support.listening import until
from tests.support.mailbox import Mailbox
from tests.support.people import Person
from tests.support.visitors import visit
from tests.support.watching import Sent, needs_fast_path, watching

pytestmark = pytest.mark.anyio
only_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session")
only_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
async def late_checks(database: Database, kind: str) -> AsyncIterator[None]:
    """PostgreSQL looks at this foreign key when it commits. SQLite is told to within the transaction."""
    change = "ALTER TABLE refresh_tokens ALTER CONSTRAINT fk_refresh_tokens_session_id "
    if kind == "postgresql":
        async with database.engine.begin() as connection:
            await connection.execute(text(change + "DEFERRABLE INITIALLY DEFERRED"))
    yield
    if kind == "postgresql":
        async with database.engine.begin() as connection:
            await connection.execute(text(change + "NOT DEFERRABLE"))


@pytest.mark.usefixtures("late_checks")
async def test_a_failed_commit_is_an_error_and_tells_nobody(
    second: FastAPI, database: Database, kind: str, ada: Person, mailbox: Mailbox
) -> None:
    returned: list[UUID] = []

    @second.post("/links")
    async def make_link(session: SessionDep, mailer: MailerDep, session_id: UUID) -> None:
        if kind == "sqlite":
            await session.exec(text("PRAGMA defer_foreign_keys = ON"))  # type: ignore[call-overload]
        session.add(RefreshToken(session_id=session_id, token_hash=str(session_id)))
        await session.flush()
        await mailer.send(Letter("eve@example.com", "Eve", "It is done", "it is done.", "Bye."))
        returned.append(session_id)

    real = UUID((await ada.get("/auth/sessions")).json()["items"][0]["id"])
    orphan = uuid7()
    async with visit(second) as client:
        refused = await client.post("/links", params={"session_id": str(orphan)})
        subjects = mailbox.subjects("eve@example.com")
        accepted = await client.post("/links", params={"session_id": str(real)})

    assert returned == [orphan, real]  # both handlers came to their end: only the commit failed
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert refused.headers["content-type"] == "application/problem+json"
    assert subjects == []
    assert accepted.status_code == 200
    assert mailbox.subjects("eve@example.com") == ["It is done"]
    async with database.read() as session:
        stored = await session.exec(
            select(RefreshToken.token_hash).where(func.length(RefreshToken.token_hash) == 36)
        )
        assert stored.all() == [str(real)]


async def test_a_handler_that_breaks_writes_nothing_and_answers_in_the_one_shape(
    second: FastAPI, database: Database
) -> None:
    @second.post("/broken")
    async def make_and_break(session: SessionDep) -> None:
        session.add(Role(name="half"))
        await session.flush()
        raise RuntimeError("password=hunter2")

    async with visit(second) as client:
        answer = await client.post("/broken")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() | {"status": 500, "code": "internal_error"} == answer.json()
    assert "hunter2" not in answer.text
    async with database.read() as session:
        assert (await session.exec(select(Role).where(Role.name == "half"))).all() == []


@needs_fast_path
async def test_reading_opens_no_transaction_and_writing_opens_one(ada: Person, admin: Person) -> None:
    read: list[Sent] = []
    written: list[Sent] = []
    with watching(read.append):
        for path in (
            "/users/me",
            "/users",
            "/auth/sessions?count=true",
            f"/users/{ada.id}",
            "/users/me/export",
        ):
            assert (await admin.get(path)).status_code == 200
    with watching(written.append):
        assert (await ada.patch("/users/me", json={"first_name": "Ada"})).status_code == 200

    assert len(read) > 5
    assert [sent.sql for sent in read if sent.in_transaction] == []
    assert [sent.in_transaction for sent in written if sent.sql.startswith("UPDATE")] == [True]


@needs_fast_path
async def test_a_row_whose_event_cannot_be_written_is_not_written(
    ada: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is all that the transaction does, and the ORM has no part in it."""
    nobody = uuid7()
    monkeypatch.setattr(
        "api.db.fast.single_row.events_of",
        lambda *told: [one | {"user_id": nobody} for one in events_of(*told)],
    )
    session = database.write()
    session.add(Note(owner_id=UUID(ada.id), title="One"))
    with pytest.raises(IntegrityError):
        await database.commit(session)

    assert (await ada.get("/notes")).json()["items"] == []


async def test_every_row_belongs_to_something(second: FastAPI) -> None:
    async with second.state.database.write() as session:
        session.add(RefreshToken(session_id=uuid7(), token_hash="orphan"))
        with pytest.raises(IntegrityError):
            await session.flush()


async def test_twenty_who_read_before_they_write_all_succeed(second: FastAPI, database: Database) -> None:
    """A transaction on SQLite that only turns out to be a write when it has read fails, unless it was one all
    along."""

    @second.post("/count")
    async def add_one(session: SessionDep) -> None:
        role = (await session.exec(select(Role).where(Role.name == "staff").with_for_update())).one()
        role.description = str(int(role.description or 0) + 1) if role.description.isdigit() else "1"

    async with visit(second) as client:
        answers = await asyncio.gather(*(client.post("/count") for _ in range(20)))

    assert [answer.status_code for answer in answers] == [200] * 20
    async with database.read() as session:
        assert (await session.exec(select(Role.description).where(Role.name == "staff"))).one() == "20"


@only_sqlite
async def test_a_writer_has_the_lock_before_its_first_statement(database: Database) -> None:
    with closing(
        sqlite3.connect(str(database.engine.url.database), timeout=0, isolation_level=None)
    ) as other:
        async with database.write() as writer, writer.begin():
            await writer.exec(select(Role.id))
            assert (
                len(other.execute("SELECT id FROM roles").fetchall()) == 3
            )  # who only reads is not kept waiting
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


@pytest.fixture
async def nowhere(kind: str, settings: Settings) -> AsyncIterator[AsyncClient]:
    """A client of an app whose database cannot be reached."""
    urls = {
        "sqlite": "sqlite:////nowhere/at/all.db",
        "postgresql": "postgresql://somebody@127.0.0.1:1/nothing",
    }
    app = create_app(
        Settings(**settings.model_dump() | {"database_url": urls[kind]})
    )  # its lifespan is not run
    async with visit(app) as client:
        yield client
    await app.state.database.close()


async def test_without_a_database_the_answer_is_503_and_when_to_try_again(
    nowhere: AsyncClient, ada: Person
) -> None:
    bearer = {"Authorization": ada.headers["authorization"]}
    answers = [
        await nowhere.get("/ready"),
        await nowhere.get("/api/v1/users/me", headers=bearer),
        await nowhere.patch("/api/v1/users/me", headers=bearer, json={}),
        await nowhere.post("/api/v1/auth/login", json={"username": "ada", "password": "whatever"}),
        await nowhere.post("/api/v1/auth/refresh", json={"refresh_token": "whatever"}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(503, "unavailable")] * 5
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
    assert (await nowhere.get("/health")).status_code == 200


async def end_all_connections(settings: Settings) -> None:
    """What a restart, a failover and an impatient administrator do."""
    server = create_async_engine(os.environ["TEST_POSTGRES_URL"], isolation_level="AUTOCOMMIT")
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    async with server.connect() as connection:
        ended = (
            await connection.execute(text(end), {"name": settings.database_url.split("/")[-1].split("?")[0]})
        ).all()
    await server.dispose()
    assert ended


@only_postgresql
@needs_fast_path
async def test_connections_that_died_unused_are_replaced_unnoticed(
    settings: Settings, ada: Person, database: Database
) -> None:
    await asyncio.gather(*(ada.get("/users/me") for _ in range(10)))  # several connections
    await end_all_connections(settings)
    assert isinstance(database.fast.driver, Postgres)
    idle = database.fast.driver.idle
    await until(lambda: not any(wire.is_idle for wire in idle))  # the news has come
    written = await ada.post("/notes", json={"title": "First"})

    answers = await asyncio.gather(
        *(ada.get("/users/me") for _ in range(10)), ada.patch("/users/me", json={})
    )

    assert [answer.status_code for answer in answers] == [200] * 11
    assert written.status_code == 201


@only_postgresql
async def test_a_connection_that_dies_in_a_request_is_503_and_writes_nothing(
    second: FastAPI, settings: Settings, database: Database
) -> None:
    @second.post("/cut")
    async def write_and_lose(session: SessionDep, again: bool) -> None:
        session.add(Role(name="half"))
        await session.flush()
        await end_all_connections(settings)
        if again:  # else it is the commit that finds out
            await session.exec(select(Role.id))

    async with visit(second) as client:
        answers = [await client.post("/cut", params={"again": again}) for again in (True, False)]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(503, "unavailable")] * 2
    async with database.read() as session:
        assert (await session.exec(select(Role).where(Role.name == "half"))).all() == []
