"""Nobody can make the server work for long by a body: it is small, from a user, or not read at all."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.routing import RouteContext

from api.app import create_app
from api.openapi.operations import policies
from api.problems import ProblemError
from api.settings import Settings
from api.web import Router
from api.web.requests import SMALL, StrictRequest
from tests.support.described import ROUTES
from tests.support.people import Person

pytestmark = pytest.mark.anyio

WITH_BODY = [route for route in ROUTES if route.body_field is not None]
PUBLIC = [route for route in WITH_BODY if policies(route) == ["public"]]
OTHERS = [route for route in WITH_BODY if route not in PUBLIC]
UUID = "0192aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa"


def named(route: RouteContext) -> str:
    return str(route.name)


@pytest.fixture(params=[True, False], ids=["fast", "by FastAPI"])
async def either(request: pytest.FixtureRequest, app: FastAPI, settings: Settings) -> AsyncIterator[FastAPI]:
    """The application with the fast path and without it."""
    if request.param:
        yield app
        return
    slow = create_app(settings.model_copy(update={"fast_path": frozenset()}))
    yield slow
    await slow.state.database.close()


async def send(app: FastAPI, route: Any, parts: Iterator[bytes], size: int | None) -> tuple[int, Any, int]:
    """The status and the problem of the answer, and how many parts of the body were read."""
    [media] = (
        {"application/json"} if "Form" not in str(route.body_field) else {"application/x-www-form-urlencoded"}
    )
    length = [(b"transfer-encoding", b"chunked")] if size is None else [(b"content-length", b"%d" % size)]
    path = str(route.path_format).replace("{id}", UUID).replace("{user_id}", UUID)
    got, read = [], 0

    async def receive() -> Any:
        nonlocal read
        read += 1
        part = next(parts, None)
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    async def keep(message: Any) -> None:
        got.append(message)

    scope = {
        "type": "http", "http_version": "1.1", "method": min(route.methods or ()), "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"content-type", media.encode()), *length], "client": ("127.0.0.1", 1), "server": ("test", 80),
    }  # fmt: skip
    await app(scope, receive, keep)
    return got[0]["status"], json.loads(got[1]["body"]), read


@pytest.mark.parametrize("size", [SMALL + 1, None], ids=["announced", "in pieces"])
@pytest.mark.parametrize("route", PUBLIC, ids=named)
async def test_a_body_that_anybody_may_send_is_small(
    route: RouteContext, size: int | None, either: FastAPI
) -> None:
    status, problem, read = await send(either, route, iter([b" " * 1000] * 100), size)
    assert (status, problem["code"], problem["max_bytes"]) == (413, "too_large", SMALL)
    assert problem["detail"] == "The request body is too large. Send at most 8,192 bytes."
    assert read == (0 if size else 9)
    status, _, read = await send(either, route, iter([b" " * 1000] * 8), size and 8000)
    assert status not in {413, 500}
    assert read == 9


@pytest.mark.parametrize("size", [20_000, None], ids=["announced", "in pieces"])
@pytest.mark.parametrize("route", OTHERS, ids=named)
async def test_a_large_body_of_a_stranger_is_not_read(
    route: RouteContext, size: int | None, either: FastAPI
) -> None:
    status, problem, read = await send(either, route, iter([b"["] * 20_000), size)
    assert (status, problem["code"], read) == (401, "invalid_token", 0)


async def test_only_a_body_with_too_many_values_is_refused(ada: Person) -> None:
    many = dict.fromkeys(map(str, range(10_002)), 0)
    refused = await ada.post("/notes", json=many)
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert (error["type"], error["max_length"]) == ("too_long", 10_000)
    for content in ("," * 50_000, '\\",' * 16_000, "\u1234," * 25_000):
        made = await ada.post("/notes", json={"title": "Many commas", "content": content})
        assert made.json()["content"] == content


async def test_a_large_body_is_parsed_beside_the_loop_and_as_strictly() -> None:
    async def parse(body: bytes) -> tuple[Any, bool]:
        """What was found, and whether something else ran meanwhile."""
        request = StrictRequest({"type": "http", "headers": []})
        vars(request).update(_body=body)
        task = asyncio.create_task(request.json())
        await asyncio.sleep(0)
        has_waited = not task.done()
        try:
            return await task, has_waited
        except ProblemError as wrong:
            return wrong.errors[0].type, has_waited

    rest = b" " * 70_000
    assert await parse(b'{"a": 1}') == ({"a": 1}, False)
    assert await parse(b'{"a": 1}' + rest) == ({"a": 1}, True)
    for wrong in (b'{"a": 1, "a": 2}', b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 60_000, b"\xff"):
        assert await parse(wrong) == ("json_invalid", False)
        assert await parse(wrong + rest) == ("json_invalid", True)


@pytest.mark.parametrize("takes_body", [True, False])
async def test_an_authors_own_request_is_bounded(takes_body: bool, settings: Settings) -> None:
    class Own(Request):
        pass

    class OwnRoute(Router().route_class):  # type: ignore[misc]  # as FastAPI documents it
        def get_route_handler(self) -> Any:
            handle = super().get_route_handler()

            async def with_own(request: Request) -> Any:
                return await handle(Own(request.scope, request.receive))

            return with_own

    async def with_body(body: dict[str, str]) -> int:
        return len(body)

    async def without_body(request: Request) -> int:
        return len(await request.body())

    app = create_app(settings.model_copy(update={"max_body_bytes": 5000}))
    router = Router(route_class=OwnRoute)
    router.post("/own")(with_body if takes_body else without_body)
    app.include_router(router)
    try:
        route = SimpleNamespace(body_field="Body", path_format="/own", methods=["POST"])
        status, problem, read = await send(app, route, iter([b" " * 1000] * 100), None)
    finally:
        await app.state.database.close()
    assert (status, problem["code"], read) == (413, "too_large", 6)
