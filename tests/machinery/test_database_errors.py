"""Errors of the database: what is logged of an unexpected one, and which ones say that it is unavailable."""

import os
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from api.app import create_app
from api.db import DatabaseDep, SessionDep
from api.settings import Mechanism, Settings
from tests.conftest import WORKER, empty_database
from tests.support.make import make
from tests.support.people import Person
from tests.support.visitors import visit
from tests.support.watching import needs_fast_path

pytestmark = pytest.mark.anyio

NAME, HASH = "Emma Secretname", "$bcrypt-sha256$v=2,t=2b,r=12$secrethash"
FAILING = {
    "sqlite": ["SELECT nowhere FROM users WHERE username IN (:name, :hash)"],
    "postgresql": [
        "SELECT CAST(:name AS json), CAST(:hash AS text)",  # in the details and the context
        "SELECT CAST(:name AS integer), CAST(:hash AS text)",  # in the text
        "SELECT nowhere FROM users WHERE username IN (:name, :hash)",
    ],
}


@pytest.mark.parametrize("by", ["session", pytest.param("driver", marks=needs_fast_path)])
async def test_an_unexpected_error_is_logged_without_values(
    second: FastAPI, kind: str, by: str, caplog: pytest.LogCaptureFixture
) -> None:
    values = {"name": NAME, "hash": HASH}

    @second.post("/broken")
    async def fail(session: SessionDep, database: DatabaseDep, sql: str) -> None:
        if by == "session":
            await session.exec(text(sql), params=values)  # type: ignore[call-overload]
        numbered = sql.replace(":name", "$1").replace(":hash", "$2")
        statement: Any = (sql, values) if kind == "sqlite" else (numbered, tuple(values.values()))
        await database.fast.driver.run(*statement)

    async with visit(second) as client:
        for sql in FAILING[kind]:
            answer = await client.post("/broken", params={"sql": sql})
            logged = caplog.text
            caplog.clear()

            assert answer.status_code == 500
            assert "Traceback" in logged
            assert "SELECT " in logged
            assert [word for word in ("Emma", "Secretname", "bcrypt", "secrethash") if word in logged] == []


both_ways = pytest.mark.parametrize("fast_path", [True, False], ids=["fast", "slow"])


def app_with(settings: Settings, fast_path: bool, **changes: Any) -> FastAPI:
    mechanisms = settings.fast_path if fast_path else frozenset[Mechanism]()
    return create_app(settings.model_copy(update={"fast_path": mechanisms} | changes))


async def all_unavailable(person: Person, *requests: tuple[str, str, Any]) -> bool:
    answers = [await person.request(method, path, json=body) for method, path, body in requests]
    found = {(one.status_code, one.json()["code"], one.headers["retry-after"]) for one in answers}
    return found == {(503, "unavailable", "1")}


@both_ways
async def test_a_database_without_tables_is_unavailable(
    settings: Settings, ada: Person, kind: str, tmp_path: Path, fast_path: bool
) -> None:
    bare = app_with(settings, fast_path, database_url=await empty_database(kind, tmp_path, f"bare_{WORKER}"))

    assert await all_unavailable(
        ada.through(bare),
        ("GET", "http://test/ready", None),
        ("GET", "/notes", None),
        ("POST", "/notes", {"title": "One"}),
        ("PATCH", "/users/me", {"first_name": "Ada"}),
        ("POST", "/auth/login", {"username": "ada", "password": "whatever"}),
    )
    await bare.state.database.close()


@both_ways
@pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session")
async def test_a_database_that_can_only_be_read_is_unavailable(
    settings: Settings, ada: Person, fast_path: bool
) -> None:
    note = await make(ada, "/notes", title="One")
    name = settings.database_url.rpartition("/")[2].partition("?")[0]
    server = create_async_engine(os.environ["TEST_POSTGRES_URL"], isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:  # as on a server that follows another one
        await connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    second = app_with(settings, fast_path)  # with new connections
    try:
        person = ada.through(second)
        assert await all_unavailable(
            person,
            ("GET", "http://test/ready", None),
            ("POST", "/notes", {"title": "One"}),
            ("PATCH", f"/notes/{note['id']}", {"title": "Two"}),
            ("PATCH", "/users/me", {"first_name": "Ada"}),
        )
        assert (await person.get("/notes")).status_code == 200
    finally:
        async with server.connect() as connection:
            await connection.execute(text(f"ALTER DATABASE {name} RESET default_transaction_read_only"))
        await server.dispose()
    # The connections still only read. The first that finds out has new ones made.
    await person.get("http://test/ready")
    await person.post("/notes", json={"title": "One"})
    assert (await person.post("/notes", json={"title": "One"})).status_code == 201
    assert (await person.patch("/users/me", json={"first_name": "Ada"})).status_code == 200
    assert (await person.get("http://test/ready")).status_code == 200
    await second.state.database.close()
