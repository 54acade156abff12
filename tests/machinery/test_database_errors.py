"""Errors of the database: what is logged of an unexpected one, and which ones say that it is unavailable."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import text

from api.app import create_app
from api.db import DatabaseDep, SessionDep
from api.settings import Settings
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


@pytest.fixture
async def second(app: FastAPI, settings: Settings) -> AsyncIterator[FastAPI]:
    second = create_app(settings)
    yield second
    await second.state.database.close()


def visit(app: FastAPI) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url="http://test")


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
