"""An address that no client has a reason to send is refused, and leaves nothing behind."""

import gc
import json
import logging
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from sqlmodel import col, select

from api.db.engine import Database
from api.db.fast import statements
from api.models.user import User
from api.settings import Settings
from api.web.logs import configure
from tests.support.watching import needs_fast_path

pytestmark = pytest.mark.anyio
LISTS = ["/api/v1/products", "/api/v1/posts"]


@pytest.fixture(autouse=True)
def usual_log(settings: Settings) -> Iterator[None]:
    """A test configures the log while its output is captured. Afterwards it is as before."""
    yield
    configure(settings)


async def ask(app: FastAPI, *paths: str) -> list[Response]:
    """The answers to these addresses, which are not in the document."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        return [await client.get(path) for path in paths]


@pytest.mark.parametrize("path", [*LISTS, "/health", "/nowhere"])
async def test_an_address_over_eight_kilobytes_is_too_long(path: str, app: FastAPI) -> None:
    rest = "?" + "x" * (8192 - len(path))
    allowed, refused = await ask(app, path + rest, path + rest + "x")
    assert allowed.status_code in {200, 404, 422}
    assert refused.status_code == 414
    assert refused.json() == {
        "type": "about:blank",
        "title": "URI Too Long",
        "status": 414,
        "code": "uri_too_long",
        "detail": "The address is too long. Send at most 8,192 characters, and less in its query.",
        "max_characters": 8192,
    }
    assert {"x-request-id", "content-security-policy"} <= refused.headers.keys()


@pytest.mark.parametrize("environment", ["development", "production"])
@pytest.mark.parametrize("path", ["/health", *LISTS, "/api/v1/auth/login", "/docs", "/nowhere"])
async def test_a_line_break_in_a_path_is_not_found_and_begins_no_line(
    path: str, environment: str, app: FastAPI, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(settings.model_copy(update={"environment": environment}))
    for end in ("%0a", "%0D%0a12:00:00 ERROR forged", "/%0aforged", "%e2%80%a8", "%1b[2J", "%c2%85"):
        capsys.readouterr()
        [answer] = await ask(app, path + end)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        [line] = capsys.readouterr().out.splitlines()
        assert line.isprintable()
        assert f"GET {path}" in line
        assert "404" in line


async def test_only_indented_lines_follow_a_message(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(settings.model_copy(update={"environment": "development"}))
    try:
        capsys.readouterr()
        raise ValueError("one\ntwo")
    except ValueError:
        logging.getLogger("api").exception("It %s", "broke\nhere")
    first, *others = capsys.readouterr().out.splitlines()
    assert first.endswith("It broke\\x0ahere")
    assert others
    assert all(line.startswith("  ") for line in others)


@pytest.mark.parametrize("path", LISTS)
async def test_wrong_queries_are_not_kept(path: str, app: FastAPI) -> None:
    async def send(times: int) -> None:
        queries = ("&".join(f"{n}x{i}" for i in range(1000))[:8000] for n in range(times))
        answers = await ask(app, *(f"{path}?{query}" for query in queries))
        assert {answer.status_code for answer in answers} == {422}

    await send(3)
    tracemalloc.start()
    try:
        await send(20)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < 1_000_000  # the errors of one query take half as much
    finally:
        tracemalloc.stop()


@needs_fast_path
async def test_a_statement_with_many_values_is_not_kept(database: Database) -> None:
    def statement(count: int) -> Any:
        return select(User.username).where(col(User.username).in_([f"nobody{i}" for i in range(count)]))

    def misses() -> int:
        return statements._remembered.cache_info().misses

    small, large = statement(3), statement(5000)
    async with database.read() as session:
        before = misses()
        assert await session.rows(small) == await session.rows(small) == []
        assert misses() == before + 1
        assert await session.rows(large) == await session.rows(large) == []
        assert misses() == before + 3
        size = statements._remembered.cache_info().currsize
        assert await session.rows(statement(5000)) == []
        assert statements._remembered.cache_info().currsize == size


async def test_a_json_line_is_one_line(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    configure(settings)
    capsys.readouterr()
    logging.getLogger("api").warning("It %s", "broke\n\u2028here")
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["message"] == "It broke\n\u2028here"
