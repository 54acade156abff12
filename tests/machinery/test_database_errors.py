"""Errors of the database: what is logged of an unexpected one, and which ones say that it is unavailable."""

import os
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import pytest
from fastapi import Depends, FastAPI, Query
from httpx import Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from api.app import create_app
from api.db import DatabaseDep, SessionDep
from api.db.engine import Database
from api.deps import CallerId, mine, owned, scope_values
from api.lists import Page, PageQuery, paginate
from api.models.base import Entity
from api.models.types import Money
from api.settings import Mechanism, Settings
from tests.conftest import WORKER, empty_database
from tests.machinery.books import Apart
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


class Sum(Apart, Entity, table=True):
    """A plain integer, and a total that is computed: a request can make both too large for their columns."""

    __tablename__ = "apart_sums"

    owner_id: UUID
    number: int = 0
    total: Money = Decimal(0)


TABLE = Apart.metadata.tables["apart_sums"]


class SumQuery(PageQuery[Sum]):
    number: int | None = None


@both_ways
async def test_a_number_that_is_too_large_for_its_column_is_refused(
    settings: Settings, ada: Person, fast_path: bool
) -> None:
    app = app_with(settings, fast_path)
    database: Database = app.state.database
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.create_all, tables=[TABLE])
    my = Annotated[Sum, Depends(owned(Sum))]

    @app.post("/sums", status_code=201)
    async def create_sum(session: SessionDep, caller: CallerId, number: int, cents: int = 0) -> Sum:
        made = Sum(owner_id=caller, number=number, total=Decimal(cents) / 100)
        session.add(made)
        return made

    @app.patch("/sums/{id}")
    async def add_to_sum(one: my, number: int, cents: int = 0) -> Sum:
        one.number, one.total = number, one.total + Decimal(cents) / 100
        return one

    @app.get("/sums")
    async def list_sums(
        session: SessionDep, caller: CallerId, query: Annotated[SumQuery, Query()]
    ) -> Page[Sum]:
        return await paginate(session, query, mine(Sum), **scope_values(caller))

    person, url, largest = ada.through(app), "http://test/sums", 999_999_999_999
    try:
        for query in ({"number": 2**63}, {"number": 1, "cents": largest + 1}):
            assert refused_as_large(await person.post(url, params=query)), query
        row = (await person.post(url, params={"number": 1, "cents": largest})).json()
        for query in ({"number": 10**30}, {"number": 1, "cents": 1}):
            assert refused_as_large(await person.patch(f"{url}/{row['id']}", params=query)), query
        found = await person.get(url, params={"number": 10**30})
        assert refused_as_large(found)
        assert (await person.get(url)).json()["items"] == [row]
        assert row["total"] == "9999999999.99"
    finally:
        async with database.engine.begin() as connection:
            await connection.run_sync(Apart.metadata.drop_all, tables=[TABLE])
        await database.close()


def refused_as_large(answer: Response) -> bool:
    return answer.status_code == 422 and answer.json()["detail"] == "A value is too large to be stored."
