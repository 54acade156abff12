"""The status, headers and cookies of an answer, and answers that are responses already."""

from http import HTTPStatus
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, BackgroundTasks, Depends, Response
from fastapi.responses import (
    JSONResponse,
    PlainTextResponse,
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


@cases(
    get("/xml", same=["x-kind"]), get("/json", 299), get("/model"),
    get("/empty", 204, same=["content-length"]), get("/error", 418, exact=True),
    post("/made", 201, same=["location"]),
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
async def test_an_answer_has_the_status_and_headers_that_fastapi_gives_it(case: Case, side: Side) -> None:
    await case.check(side)
