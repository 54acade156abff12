"""What is declared for the document, for the start and for the end of an app is kept."""

import json
from collections.abc import AsyncIterable
from enum import Enum
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Form, Header, Path, Query, Request, Security
from fastapi.routing import APIRoute
from fastapi.security import OAuth2PasswordBearer
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field, HttpUrl

from tests.machinery.ordinary.sides import BARE, BARE_FASTAPI, FURNISHED, Case, Cases, Side, get, post

pytestmark = pytest.mark.anyio


cases = Cases(*BARE)  # the house says more in its own document


DOCUMENT = get("/openapi.json")


class Tag(Enum):
    items = "items"


class Item(BaseModel):
    name: str = Field(examples=["Foo"])
    size: float | None = Field(None, description="How large.", gt=0)


class Problem(BaseModel):
    message: str


@cases(DOCUMENT)
def operations(router: APIRouter) -> None:
    @router.post(
        "/items/{id}", tags=[Tag.items, "more"], summary="Make", response_description="Made", status_code=201,
        operation_id="make_an_item", deprecated=True, openapi_extra={"x-extra": {"a": [1]}},
        responses={404: {"model": Problem}, 409: {"content": {"text/plain": {}}}},
    )  # fmt: skip
    async def make(
        id: Annotated[int, Path(title="Which", ge=1)],
        item: Annotated[Item, Body(openapi_examples={"one": {"value": {"name": "a"}}})],
        q: Annotated[str | None, Query(alias="item-query", deprecated=True, description="Query")] = None,
        hidden: Annotated[str | None, Query(include_in_schema=False)] = None,
        x_h: Annotated[list[str] | None, Header()] = None,
    ) -> Item:
        """Make an item.

        With **markdown**.
        \f
        Not in the document.
        """
        return item

    @router.get("/hidden", include_in_schema=False)
    async def hidden_route() -> None: ...

    @router.put("/raw", openapi_extra={"requestBody": {"content": {"application/yaml": {"schema": {}}}}})
    async def raw(request: Request) -> dict[str, str]:
        return {}

    @router.post("/form")
    async def form(a: Annotated[str, Form()], b: Annotated[bytes, Form()] = b"") -> list[Item]:
        return []


@cases(DOCUMENT, get("/"))
def ranges_of_statuses(router: APIRouter) -> None:
    @router.get("/", responses={"4XX": {"model": Problem}, "default": {"description": "Anything else"}})
    async def handle() -> Item:
        return Item(name="a")


@cases(DOCUMENT)
def routers_in_the_document(app: FastAPI, make: type[APIRouter]) -> None:
    outer = make(prefix="/outer", tags=["outer"], responses={418: {"description": "Teapot"}}, deprecated=True)
    inner = make(tags=["inner"], generate_unique_id_function=lambda route: f"own-{route.name}")
    hidden = make(include_in_schema=False)

    @inner.get("/a", name="named")
    async def a() -> int:
        return 1

    @outer.get("/b")
    async def b() -> None: ...

    @hidden.get("/c")
    async def c() -> None: ...

    outer.include_router(inner, prefix="/inner", responses={404: {"description": "None"}})
    app.include_router(outer, tags=["app"])
    app.include_router(hidden)


@cases(DOCUMENT)
def security_in_the_document(router: APIRouter) -> None:
    scheme = OAuth2PasswordBearer(tokenUrl="token", scopes={"me": "Me.", "items": "Items."})

    async def user(token: Annotated[str, Depends(scheme)]) -> str:
        return token

    @router.get("/", dependencies=[Security(user, scopes=["me"])])
    async def handle(user: Annotated[str, Security(user, scopes=["items"])]) -> str:
        return user


callbacks = APIRouter()


@callbacks.post("{$callback_url}/invoices/{$request.body.name}")
def paid(body: Item) -> None:
    """What we call."""


@cases(DOCUMENT, post("/?callback_url=https://example.com", json={"name": "a"}))
def callbacks_in_the_document(app: FastAPI, router: APIRouter) -> None:
    @router.post("/", callbacks=callbacks.routes)
    async def handle(item: Item, callback_url: HttpUrl | None = None) -> dict[str, Any]:
        return {"called": callback_url}

    @app.webhooks.post("new-item")
    def hook(body: Item) -> None: ...


@cases(DOCUMENT, get("/docs"), get("/redoc"), get("/x"))
def operation_ids_by_name(app: FastAPI, make: type[APIRouter]) -> None:
    router = make()

    @router.get("/x")
    async def handle_x() -> str:
        return "x"

    for route in router.routes:
        if isinstance(route, APIRoute):
            route.operation_id = route.name
    app.include_router(router)


@pytest.mark.parametrize(("case", "side"), cases)
async def test_what_is_declared_is_described_and_done(case: Case, side: Side) -> None:
    await case.check(side)


async def test_the_houses_document_keeps_what_a_route_says() -> None:
    def declare(router: APIRouter) -> None:
        operations(router)
        callbacks_in_the_document(FastAPI(), router)

    [[answer], _] = await Case(declare, (get("/api/v1/openapi.json"),)).answers(FURNISHED)
    assert answer.status == 200
    paths = json.loads(answer.body)["paths"]
    said = paths["/items/{id}"]["post"]
    assert (said["operationId"], said["x-extra"], said["deprecated"]) == ("make_an_item", {"a": [1]}, True)
    assert {*said["tags"]} == {"items", "more"}
    assert {"201", "404", "409"} <= said["responses"].keys()
    assert "Make an item." in said["description"]
    assert "hidden" not in [parameter["name"] for parameter in said["parameters"]]
    assert "/hidden" not in paths
    assert paths["/"]["post"]["callbacks"].keys() == {"paid"}


async def test_the_houses_document_knows_ranges_of_statuses() -> None:
    [[answer], _] = await Case(ranges_of_statuses, (get("/api/v1/openapi.json"),)).answers(FURNISHED)

    assert answer.status == 200
    assert {"4XX", "default"} <= json.loads(answer.body)["paths"]["/"]["get"]["responses"].keys()


async def test_the_houses_document_describes_events_of_any_type_as_fastapi_does() -> None:
    def declare(router: APIRouter) -> None:
        @router.get("/", response_class=EventSourceResponse)
        async def handle() -> AsyncIterable[ServerSentEvent]:
            yield ServerSentEvent(data="a")

    [[theirs], _] = await Case(declare, (DOCUMENT,)).answers(BARE_FASTAPI)
    [[ours], _] = await Case(declare, (get("/api/v1/openapi.json"),)).answers(FURNISHED)
    streams = [json.loads(answer.body)["paths"]["/"]["get"]["responses"]["200"] for answer in (theirs, ours)]
    assert streams[0]["content"] == streams[1]["content"]
