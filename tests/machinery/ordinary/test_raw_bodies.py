"""Bodies of other media types, and bodies that the handler reads itself."""

import json
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, FastAPI, Request
from pydantic import BaseModel, Field

from tests.machinery.ordinary.sides import Case, Cases, Side, get, post

pytestmark = pytest.mark.anyio


cases = Cases()


class Item(BaseModel):
    name: str
    price: float = Field(1, gt=0)
    tags: list[str] = []


ITEM = {"name": "a", "price": 2, "tags": ["x"], "ignored": 1}


TEXT: dict[str, Any] = {"content": "plain ü".encode(), "headers": {"content-type": "text/plain"}}


BYTES: dict[str, Any] = {"content": b"\x00\xff", "headers": {"content-type": "application/octet-stream"}}


@cases(post("/text", **TEXT), post("/bytes", **BYTES), post("/short", 422, **TEXT))
def a_body_of_another_media_type(router: APIRouter) -> None:
    @router.post("/text")
    async def text(body: Annotated[str, Body(media_type="text/plain")]) -> str:
        return body

    @router.post("/bytes")
    async def raw(body: Annotated[bytes, Body(media_type="application/octet-stream")]) -> int:
        return len(body)

    @router.post("/short")
    async def short(body: Annotated[str, Body(media_type="text/plain", max_length=3)]) -> str:
        return body


VENDOR: dict[str, Any] = {
    "content": b'{"name": "v"}',
    "headers": {"content-type": "application/vnd.api+json; charset=utf-8"},
}


@cases(post("/", **VENDOR), post("/", json=ITEM, headers={"content-type": "APPLICATION/JSON"}))
def other_names_for_json(router: APIRouter) -> None:
    @router.post("/")
    async def handle(item: Item) -> Item:
        return item


NAMELESS: dict[str, Any] = {"content": b'{"name": "n"}'}


@cases(post("/route", **NAMELESS), post("/router", **NAMELESS), post("/route", 422, content=b"{}"))
def json_without_a_content_type_where_that_is_allowed(app: FastAPI, make: type[APIRouter]) -> None:
    lenient, strict = make(strict_content_type=False), make()

    @lenient.post("/router")
    async def by_router(item: Item) -> Item:
        return item

    async def by_route(item: Item) -> Item:
        return item

    strict.add_api_route("/route", by_route, methods=["POST"], strict_content_type=False)
    app.include_router(lenient)
    app.include_router(strict)


@cases(
    post("/", content=b'{"name": "a"'),
    post("/", content=b"text"),
    post("/", json=ITEM),
    get("/"),
    post("/", json=None),
)
def a_handler_that_reads_the_request_itself(router: APIRouter) -> None:
    @router.api_route("/", methods=["GET", "POST"])
    async def handle(request: Request) -> dict[str, Any]:
        pieces = [piece async for piece in request.stream()]
        return {"body": b"".join(pieces).decode(), "type": request.headers.get("content-type")}


LATIN: dict[str, Any] = {
    "content": "ü".encode("latin-1"),
    "headers": {"content-type": "text/plain; charset=latin-1"},
}


@cases(
    post("/body", **LATIN),
    post("/json", json=[1, {"a": None}]),
    post("/form", data={"a": ["1", "2"]}),
    post("/both", json=ITEM),
)
def raw_bodies_json_and_forms(router: APIRouter) -> None:
    @router.post("/body")
    async def body(request: Request) -> list[int]:
        return [len(await request.body()), len(await request.body())]

    @router.post("/json")
    async def as_json(request: Request) -> Any:
        return await request.json()

    @router.post("/form")
    async def form(request: Request) -> Any:
        async with request.form() as form:
            return form.getlist("a")

    @router.post("/both")
    async def both(item: Item, request: Request) -> list[Any]:
        return [item, len(await request.body()), await request.json()]


TWICE = b'{"a": 1, "a": 2}'


@cases(
    post("/caught", content=b'{"a": '), post("/caught", content=b""), post("/caught"),
    post("/caught", content=TWICE), post("/caught", content=b"[NaN]"), post("/caught", json={"a": 1}),
    post("/caught", content=b"\xff"), post("/bare", content=TWICE), post("/bare", 500, content=b"{"),
    get("/caught"),
)  # fmt: skip
def bad_json_that_the_handler_reads_itself(router: APIRouter) -> None:
    @router.api_route("/caught", methods=["GET", "POST"])
    async def caught(request: Request) -> str:
        try:
            return repr(await request.json())
        except json.JSONDecodeError as error:
            return f"{error.msg} at {error.pos} of {error.doc}"
        except UnicodeDecodeError as error:
            return error.reason

    @router.post("/bare")
    async def bare(request: Request) -> Any:
        return await request.json()


KINDS = ("text/plain", "application/octet-stream", "image/png", "application/json", None)


@cases(
    *(
        post(path, content=b'"x"', headers={"content-type": kind} if kind else {})
        for path in ("/bytes", "/annotated", "/optional") for kind in KINDS
    ),
    post("/bytes", content=b"\x00\xff"), post("/bytes", 422), post("/optional"),
    post("/bytes", 422, json={"a": 1}), post("/limited", 422, content=b"1234"),
)  # fmt: skip
def bytes_of_any_media_type(router: APIRouter) -> None:
    @router.post("/bytes")
    async def as_bytes(x: bytes = Body()) -> list[int]:
        return list(x)

    @router.post("/annotated")
    async def annotated(x: Annotated[bytes, Body()]) -> list[int]:
        return list(x)

    @router.post("/optional")
    async def optional(x: bytes | None = Body(None)) -> list[int] | None:
        return None if x is None else list(x)

    @router.post("/limited")
    async def limited(x: Annotated[bytes, Body(max_length=3)]) -> int:
        return len(x)


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_raw_body_is_read_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
