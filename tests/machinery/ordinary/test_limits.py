"""The size limit of the settings holds however a body is read; FastAPI's own limits do what they say."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, FastAPI, File, Form, Request, UploadFile
from pydantic import BaseModel

from tests.machinery.ordinary.house import Router, whole
from tests.machinery.ordinary.sides import Case, Cases, Declare, Side, bare, post
from tests.machinery.ordinary.telling import around

pytestmark = pytest.mark.anyio
cases = Cases()
SMALLEST = 1024


class Item(BaseModel):
    name: str


def every_way(router: APIRouter) -> None:
    @router.post("/model")
    async def model(item: Item) -> int:
        return len(item.name)

    @router.post("/text")
    async def text(body: Annotated[str, Body(media_type="text/plain")]) -> int:
        return len(body)

    @router.post("/form")
    async def form(name: Annotated[str, Form()]) -> int:
        return len(name)

    @router.post("/body")
    async def body(request: Request) -> int:
        return len(await request.body())

    @router.post("/json")
    async def json(request: Request) -> int:
        return len(await request.json())

    @router.post("/raw-form")
    async def raw_form(request: Request) -> int:
        return len(await request.form())

    @router.post("/stream")
    async def stream(request: Request) -> int:
        return sum([len(piece) async for piece in request.stream()])

    @router.post("/sync-stream")
    async def in_dependency(request: Request, item: Item) -> int:
        return len(await request.body()) + len(item.name)


async def chunks(body: bytes) -> AsyncIterator[bytes]:
    """A body that does not say how long it is."""
    for start in range(0, len(body), 100):
        yield body[start : start + 100]


def body_of(path: str, size: int) -> tuple[bytes, str]:
    match path:
        case "/model" | "/json" | "/sync-stream":
            return b'{"name": "' + b"a" * (size - 12) + b'"}', "application/json"
        case "/form" | "/raw-form":
            return b"name=" + b"a" * (size - 5), "application/x-www-form-urlencoded"
        case _:
            return b"a" * size, "text/plain"


PATHS = ("/model", "/text", "/form", "/body", "/json", "/raw-form", "/stream", "/sync-stream")
LIMITED = {
    "fast": lambda: bare(max_body_bytes=SMALLEST, fast_path=True),
    "slow": lambda: bare(max_body_bytes=SMALLEST, fast_path=False),
    "overridden": lambda: bare(max_body_bytes=SMALLEST, override=True),
    "whole": lambda: whole(max_body_bytes=SMALLEST),
}


async def at_the_limit(name: str, declare: Declare, path: str, limit: int, announced: bool) -> list[int]:
    """The statuses for a body that is as large as allowed, and for one that is a byte larger."""
    side = Side(name, LIMITED[name], Router, has_lifespan=False)
    bodies = [b"1" * limit, b"1" * (limit + 1)]
    asks = [post(path, content=body if announced else chunks(body)) for body in bodies]
    answers, _ = await Case(declare, tuple(asks)).answers(side)
    return [answer.status for answer in answers]


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in_pieces"])
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", LIMITED)
async def test_a_body_is_no_larger_than_the_settings_say(name: str, path: str, announced: bool) -> None:
    side = Side(name, LIMITED[name], Router, has_lifespan=False)

    async def ask(size: int) -> int:
        body, kind = body_of(path, size)
        content: Any = body if announced else chunks(body)
        [[answer], _] = await Case(
            every_way, (post(path, content=content, headers={"content-type": kind}),)
        ).answers(side)
        return answer.status

    assert [await ask(SMALLEST), await ask(SMALLEST + 1)] == [200, 413]


class OwnRequest(Request): ...


@pytest.mark.parametrize(
    ("is_own", "announced"),
    [(True, True), (False, True), (False, False)],
    ids=["own_request_announced", "read_before_announced", "read_before_in_pieces"],
)
@pytest.mark.parametrize("name", LIMITED)
async def test_the_limit_holds_for_subclasses_of_the_route(name: str, is_own: bool, announced: bool) -> None:
    async def own(request: Request, handle: Any) -> Any:
        return await handle(OwnRequest(request.scope, request.receive))

    async def reading_first(request: Request, handle: Any) -> Any:
        await request.body()
        return await handle(request)

    def declare(app: FastAPI, make: type[APIRouter]) -> None:
        router = make()
        router.route_class = around(router.route_class, own if is_own else reading_first)
        every_way(router)
        app.include_router(router)

    assert await at_the_limit(name, declare, "/body", SMALLEST, announced) == [200, 413]


@cases(
    post("/small", content=b"12345"), post("/small", 413, content=b"123456"),
    post("/large", content=b"1" * 50), post("/none", content=b"1" * 5000),
)  # fmt: skip
def a_limit_of_a_router(app: FastAPI, make: type[APIRouter]) -> None:
    async def size(request: Request) -> int:
        return len(await request.body())

    limited, free = make(max_body_size=5), make()
    limited.post("/small")(size)
    limited.add_api_route("/large", size, methods=["POST"], max_body_size=50)
    free.post("/none")(size)
    app.include_router(limited)
    app.include_router(free)


@cases(
    post("/fields", data={"a": "1", "b": "2"}), post("/fields", 400, data={"a": "1", "b": "2", "c": "3"}),
    post("/files", files={"a": b"1"}), post("/files", 400, files=[("a", b"1"), ("b", b"2")]),
)  # fmt: skip
def limits_of_forms(router: APIRouter) -> None:
    async def fields(a: Annotated[str, Form()]) -> str:
        return a

    async def files(a: Annotated[UploadFile, File()]) -> int:
        return len(await a.read())

    router.add_api_route("/fields", fields, methods=["POST"], form_limits={"max_fields": 2})
    router.add_api_route("/files", files, methods=["POST"], form_limits={"max_files": 1})


OWN_LIMITS = {"larger": SMALLEST * 2, "smaller": SMALLEST // 2, "none_at_all": 0}


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in_pieces"])
@pytest.mark.parametrize("by_router", [True, False], ids=["by_router", "by_route"])
@pytest.mark.parametrize("limit", OWN_LIMITS.values(), ids=OWN_LIMITS)
@pytest.mark.parametrize("name", LIMITED)
async def test_a_limit_of_a_route_stands_in_for_the_setting(
    name: str, limit: int, by_router: bool, announced: bool
) -> None:
    async def size(request: Request) -> int:
        return len(await request.body())

    def declare(app: FastAPI, make: type[APIRouter]) -> None:
        router = make(max_body_size=limit if by_router else None)
        router.add_api_route("/", size, methods=["POST"], max_body_size=None if by_router else limit)
        app.include_router(router)

    assert await at_the_limit(name, declare, "/", limit, announced) == [200, 413]


@pytest.mark.parametrize(("case", "side"), cases)
async def test_limits_that_a_route_declares_are_those_of_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
