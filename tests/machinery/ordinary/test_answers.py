"""What a route declares about its answer: which fields, which class, which status and headers."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    StreamingResponse,
)
from pydantic import BaseModel

from tests.machinery.ordinary.sides import Case, Cases, Side, get

pytestmark = pytest.mark.anyio


cases = Cases()


@cases(get("/html"), get("/text"), get("/json"), get("/declared"))
def response_classes(router: APIRouter) -> None:
    @router.get("/html", response_class=HTMLResponse)
    async def html() -> str:
        return "<p>ü</p>"

    @router.get("/text", response_class=PlainTextResponse)
    async def text() -> Any:
        return "plain"

    @router.get("/json", response_class=JSONResponse)
    async def json() -> dict[str, float]:
        return {"a": 1.5}

    @router.get("/declared", response_class=HTMLResponse)
    def declared() -> HTMLResponse:
        return HTMLResponse("<b>", 200, {"x-b": "c"})


@cases(
    get("/class", 307, same=["location"]),
    get("/status", 302, same=["location"]),
    get("/own", 303, same=["location"]),
)
def redirects(router: APIRouter) -> None:
    @router.get("/class", response_class=RedirectResponse)
    async def by_class() -> str:
        return "https://example.com/a b"

    @router.get("/status", response_class=RedirectResponse, status_code=302)
    async def by_status() -> str:
        return "/elsewhere"

    @router.get("/own")
    async def own() -> RedirectResponse:
        return RedirectResponse("/there", status_code=303)


@cases(get("/async"), get("/sync"), get("/returned"), get("/bytes", 202))
def streaming_responses(router: APIRouter) -> None:
    async def pieces() -> AsyncIterator[str]:
        for number in range(3):
            yield f"{number},"

    @router.get("/async", response_class=StreamingResponse)
    async def from_async() -> AsyncIterator[str]:
        async for piece in pieces():
            yield piece

    @router.get("/sync", response_class=StreamingResponse)
    def from_sync() -> Iterator[bytes]:
        yield b"1"
        yield b"2"

    @router.get("/returned")
    async def returned() -> StreamingResponse:
        return StreamingResponse(pieces(), media_type="text/csv")

    @router.get("/bytes")
    async def many_bytes() -> StreamingResponse:
        return StreamingResponse(iter([b"a", b"b"]), status_code=202, media_type="video/mp4")


@cases(
    get("/path", same=["content-length", "last-modified"]),
    get("/returned", same=["content-disposition", "etag"]),
    get("/returned", 206, same=["content-range"], headers={"range": "bytes=3-8"}),
)
def file_responses(router: APIRouter) -> None:
    @router.get("/path", response_class=FileResponse)
    async def path() -> str:
        return __file__

    @router.get("/returned")
    async def returned() -> FileResponse:
        return FileResponse(Path(__file__), filename="answers.py", media_type="text/x-python")


class Inner(BaseModel):
    left: int = 1
    right: int | None = None


class Shouted(Response):
    media_type = "text/shouted"

    def render(self, content: Any) -> bytes:
        return f"{content}!".upper().encode()


@cases(get("/text"), get("/model"), get("/many", 201))
def a_custom_response_class(router: APIRouter) -> None:
    @router.get("/text", response_class=Shouted)
    async def text() -> Any:
        return "hello"

    @router.get("/model", response_class=Shouted)
    async def model() -> Inner:
        return Inner(left=5)

    @router.get("/many", response_class=Shouted, status_code=201, response_model_exclude_none=True)
    async def many() -> list[Inner]:
        return [Inner()]


@cases(get("/text"), get("/own"), get("/routes"))
def a_default_response_class(app: FastAPI, make: type[APIRouter]) -> None:
    router = make(default_response_class=PlainTextResponse)

    @router.get("/text")
    async def text() -> Any:
        return "as text"

    @router.get("/own", response_class=HTMLResponse)
    async def own() -> Any:
        return "as html"

    inner = make()

    @inner.get("/routes")
    async def routes() -> Any:
        return "from an inner router"

    router.include_router(inner)
    app.include_router(router)


@cases(get("/include"))
def a_default_response_class_of_the_inclusion(app: FastAPI, make: type[APIRouter]) -> None:
    router = make()

    @router.get("/include")
    async def text() -> Any:
        return "as text"

    app.include_router(router, default_response_class=PlainTextResponse)


POLICY = "default-src 'self'"
OWN = ("content-security-policy", "x-frame-options", "referrer-policy", "cache-control")


@cases(get("/set", same=OWN), get("/response", same=OWN), get("/page", same=OWN))
def headers_that_the_house_sets_too(router: APIRouter) -> None:
    own = {**dict.fromkeys(OWN, "own"), "Content-Security-Policy": POLICY}

    @router.get("/set")
    async def by_parameter(response: Response) -> str:
        response.headers.update(own)
        return "x"

    @router.get("/response")
    async def by_response() -> Response:
        return Response("x", headers=own)

    @router.get("/page", response_class=HTMLResponse)
    def page() -> Any:
        return HTMLResponse("<p>", headers=own)


@pytest.mark.parametrize(("case", "side"), cases)
async def test_an_answer_is_made_as_the_route_declares(case: Case, side: Side) -> None:
    await case.check(side)
