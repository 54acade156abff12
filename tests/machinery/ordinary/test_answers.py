"""What a route declares about its answer: which fields, which class, which status and headers."""

from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Response
from fastapi.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    StreamingResponse,
)
from pydantic import BaseModel, Field

from tests.machinery.ordinary.sides import Case, Cases, Side, delete, get, post

pytestmark = pytest.mark.anyio
cases = Cases()


class Inner(BaseModel):
    left: int = 1
    right: int | None = None


class Item(BaseModel):
    name: str
    price: float = Field(default=10.5, alias="itemPrice")
    tax: float | None = None
    tags: list[str] = []
    inner: Inner = Inner()


FULL: dict[str, Any] = {
    "name": "a",
    "itemPrice": 1,
    "tax": 2,
    "tags": ["x"],
    "inner": {"left": 3, "right": 4},
}
ANSWERS = {"full": FULL, "bare": {"name": "b"}, "nulls": {"name": "c", "tax": None, "inner": {"right": None}}}
NARROWED: dict[str, dict[str, Any]] = {
    "exclude": {"response_model_exclude": {"price", "tags"}},
    "exclude_by_alias_does_nothing": {"response_model_exclude": {"itemPrice"}},
    "exclude_a_list": {"response_model_exclude": ["price", "tags"]},
    "exclude_nested": {"response_model_exclude": {"inner": {"left"}, "tags": True}},
    "include": {"response_model_include": {"name", "inner"}},
    "include_nested": {"response_model_include": {"inner": {"right"}}},
    "include_and_exclude": {"response_model_include": {"name", "tax"}, "response_model_exclude": {"tax"}},
    "exclude_none": {"response_model_exclude_none": True},
    "exclude_unset": {"response_model_exclude_unset": True},
    "exclude_defaults": {"response_model_exclude_defaults": True},
    "by_name": {"response_model_by_alias": False},
    "by_name_and_no_none": {"response_model_by_alias": False, "response_model_exclude_none": True},
}


def narrowed(options: dict[str, Any]) -> Any:
    def declare(router: APIRouter) -> None:
        @router.get("/one/{key}", response_model=Item, **options)
        async def one(key: str) -> Any:
            return ANSWERS[key]

        @router.get("/object/{key}", response_model=Item, **options)
        async def as_object(key: str) -> Any:
            return Item.model_validate(ANSWERS[key])

        if "response_model_include" not in options:

            @router.get("/many", response_model=list[Item], **options)
            async def many() -> Any:
                return list(ANSWERS.values())

    return declare


for name, options in NARROWED.items():
    declare = narrowed(options)
    declare.__name__ = f"response_model_{name}"
    many = () if "response_model_include" in options else (get("/many"),)
    cases(*(get(f"/{kind}/{key}") for kind in ("one", "object") for key in ANSWERS), *many)(declare)


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


@cases(
    get("/xml", same=["x-kind"]), get("/json", 299), get("/model"), get("/empty", 204, same=["content-length"]),
    get("/error", 418, exact=True), post("/made", 201, same=["location"]),
)  # fmt: skip
def responses_that_are_returned(router: APIRouter) -> None:
    @router.get("/xml")
    async def xml() -> Response:
        return Response("<a/>", media_type="application/xml", headers={"X-Kind": "xml"})

    @router.get("/json")
    def json() -> Any:
        return JSONResponse({"b": 1, "a": [2]}, 299)

    @router.get("/model", response_model=Item)
    async def model() -> Any:
        return JSONResponse({"not": "an item"})

    @router.get("/empty")
    async def empty() -> Response:
        return Response(status_code=204)

    @router.get("/error")
    async def error() -> Any:
        return PlainTextResponse("teapot", 418)

    @router.post("/made", response_model=Item)
    async def made() -> Any:
        return JSONResponse(FULL, 201, {"Location": "/elsewhere"})


@cases(get("/union"), get("/union?plain=true"), get("/other"))
def a_response_or_something_else(router: APIRouter) -> None:
    @router.get("/union", response_model=None)
    async def union(plain: bool = False) -> Response | dict[str, int]:
        return PlainTextResponse("text") if plain else {"a": 1}

    @router.get("/other", response_model=None)
    async def other() -> Item:
        return Item(name="is jsonable", itemPrice=2)


async def accepted(response: Response) -> None:
    response.status_code = 202
    response.headers["X-From"] = "dependency"
    response.set_cookie("seen", "1", httponly=True)


@cases(
    get("/handler", 207), get("/dependency", 202), get("/both", 208), get("/sync", 209), get("/model", 201)
)
def a_status_that_is_set_on_the_way(router: APIRouter) -> None:
    @router.get("/handler", status_code=201)
    async def handler(response: Response) -> dict[str, int]:
        response.status_code = 207
        return {"a": 1}

    @router.get("/dependency", dependencies=[Depends(accepted)])
    async def dependency() -> dict[str, int]:
        return {"a": 1}

    @router.get("/both", dependencies=[Depends(accepted)], status_code=201)
    async def both(response: Response) -> None:
        response.status_code = 208

    @router.get("/sync")
    def sync(response: Response) -> str:
        response.status_code = 209
        return "sync"

    @router.get("/model", status_code=HTTPStatus.CREATED)
    async def model() -> Inner:
        return Inner()


SET = ["x-from", "x-more", "set-cookie"]


@cases(get("/one", 202, same=SET), get("/two", 202, same=SET), get("/own", same=SET), get("/file", same=SET))
def headers_and_cookies_that_are_set_on_the_way(router: APIRouter) -> None:
    @router.get("/one", dependencies=[Depends(accepted)])
    async def one(response: Response) -> Inner:
        response.headers["X-More"] = "handler"
        response.set_cookie("a", "b", max_age=5)
        response.set_cookie("c", "d")
        response.delete_cookie("e")
        return Inner()

    @router.get("/two")
    async def two(ready: Annotated[None, Depends(accepted)], response: Response) -> str:
        response.headers["x-from"] = "handler"
        response.headers.append("x-more", "1")
        response.headers.append("x-more", "2")
        return "two"

    @router.get("/own", dependencies=[Depends(accepted)])
    async def own() -> Response:  # what a dependency has set is not put into a response that is returned
        return PlainTextResponse("own")

    @router.get("/file", dependencies=[Depends(accepted)], response_class=PlainTextResponse)
    async def file(response: Response, tasks: BackgroundTasks) -> Any:
        response.status_code = 200
        return "text"


@cases(get("/kind"), get("/length", same=["content-length"]))
def a_content_type_that_is_set_on_the_way(router: APIRouter) -> None:
    @router.get("/kind")
    async def kind(response: Response) -> dict[str, int]:
        response.headers["content-type"] = "application/vnd.api+json"
        return {"a": 1}

    @router.get("/length")
    async def length(response: Response) -> dict[str, int]:
        response.media_type = "text/nothing"
        return {"a": 1}


EMPTY = ["content-length"]


@cases(
    delete("/204", 204, same=EMPTY), get("/304", 304, same=EMPTY), get("/205", 205, same=EMPTY),
    get("/set/204", 204, same=EMPTY), get("/set/304", 304, same=EMPTY), delete("/headers", 204, same=SET),
    delete("/class", 204, same=EMPTY), delete("/sync", 204, same=EMPTY),
)  # fmt: skip
def statuses_without_a_body(router: APIRouter) -> None:
    @router.delete("/204", status_code=204)
    async def deleted() -> None: ...

    @router.get("/304", status_code=304)
    async def not_modified() -> None: ...

    @router.get("/205", status_code=205)
    async def reset() -> None: ...

    @router.get("/set/{status}")
    async def later(status: int, response: Response) -> Any:
        response.status_code = status
        return {"is": "dropped"}

    @router.delete("/headers", status_code=204)
    async def headers(response: Response) -> None:
        response.headers["X-From"] = "handler"
        response.set_cookie("a", "b")

    @router.delete("/class", status_code=204, response_class=Response)
    async def of_class() -> None: ...

    @router.delete("/sync", status_code=204)
    def sync() -> None: ...


@pytest.mark.parametrize(("case", "side"), cases)
async def test_an_answer_is_made_as_the_route_declares(case: Case, side: Side) -> None:
    await case.check(side)
