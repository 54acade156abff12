"""Whatever a route declares as FastAPI documents it, the house's document is there, and is whole."""

# mypy: disable-error-code="empty-body"

import json
import re
from collections.abc import AsyncIterable, Iterator
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

import pytest
from fastapi import APIRouter, Body, Depends, Header, Path, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from tests.machinery.ordinary.house import Problem, whole
from tests.machinery.ordinary.sides import Declare

T = TypeVar("T")


class Item(BaseModel):
    name: str


class Pair(NamedTuple):
    one: int
    two: str


class Wrap(BaseModel, Generic[T]):
    inside: T


class Spaced(Item):
    model_config = ConfigDict(title="A title with spaces")


class Odd(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"required": ["elsewhere", "any"], "properties": {"any": True}}
    )

    any: int


class Words(BaseModel):
    model_config = ConfigDict(json_schema_extra=lambda schema: schema.pop("title"))

    letters: str = Field(pattern=r"^\p{L}+$")
    token: int
    away: Annotated[str, WithJsonSchema({"$ref": "https://example.com/schema"})]
    loose: Annotated[Any, WithJsonSchema({"additionalProperties": True})]
    none_of: Annotated[str, WithJsonSchema({"enum": []})]


class Policy:
    """An author's dependency, which has its own use for the names that the house's dependencies have."""

    policy = ("rule", ["a"])
    codes = 7

    def __call__(self) -> None: ...


def a_media_type_without_schema(router: APIRouter) -> None:
    @router.get("/", responses={200: {"content": {"application/pdf": {}}}}, response_class=Response)
    async def handle() -> Response: ...


def events_without_annotation(router: APIRouter) -> None:
    @router.get("/", response_class=EventSourceResponse)
    async def handle():  # type: ignore[no-untyped-def]
        yield {"name": "a"}


def streams(router: APIRouter) -> None:
    @router.get("/lines")
    async def lines() -> AsyncIterable[Item]:
        yield Item(name="a")

    @router.get("/events", response_class=EventSourceResponse)
    async def events() -> AsyncIterable[ServerSentEvent]:
        yield ServerSentEvent(data="a")


def events_by_hand(router: APIRouter) -> None:
    for path, media in (("/", {"schema": {"type": "string"}}), ("/items", {"itemSchema": True}), ("/a", {})):
        answer = {"content": {"text/event-stream": media}}

        @router.get(path, responses={200: answer}, response_class=StreamingResponse)
        async def handle() -> Response: ...


def a_status_without_a_name(router: APIRouter) -> None:
    @router.get("/", status_code=299, responses={499: {"description": "Gone away"}})
    async def handle() -> Item: ...


def a_status_that_refers(router: APIRouter) -> None:
    @router.get("/{a}", responses={422: {"$ref": "#/components/responses/A"}, 200: {"$ref": "#/b"}})
    async def handle(a: int) -> Item: ...


def a_named_tuple(router: APIRouter) -> None:
    @router.post("/")
    async def handle(pairs: list[Pair]) -> Pair: ...


def generics_and_titles(router: APIRouter) -> None:
    @router.post("/")
    async def handle(a: Wrap[Item], b: Wrap[Wrap[int]]) -> Wrap[Spaced]: ...


def parameters_of_other_kinds(router: APIRouter) -> None:
    content = {"application/json": {"schema": {"type": "object"}}}
    refers, holds = {"$ref": "#/components/parameters/a"}, {"name": "b", "in": "query", "content": content}

    @router.get("/", openapi_extra={"parameters": [refers, holds]})
    async def handle() -> Item: ...


def a_body_without_schema(router: APIRouter) -> None:
    @router.post("/", openapi_extra={"requestBody": {"content": {"application/json": {}}}})
    async def handle() -> Item: ...


def callbacks_that_refer(router: APIRouter) -> None:
    @router.get("/", openapi_extra={"callbacks": {"later": {"$ref": "#/components/callbacks/later"}}})
    async def handle() -> Item: ...


def callbacks_with_input(router: APIRouter) -> None:
    called = APIRouter()

    @called.post("{$callback_url}")
    def paid(body: Item) -> None: ...

    @router.post("/", callbacks=called.routes)
    async def handle(body: Item) -> Item: ...


def schemas_by_hand(router: APIRouter) -> None:
    @router.post("/")
    async def handle(odd: Odd, words: Words) -> Odd: ...


def the_houses_own_problem(router: APIRouter) -> None:
    @router.get("/{a}", responses={404: {"model": Problem}})
    async def handle(a: int) -> Item: ...


def dependencies_with_names_of_ours(router: APIRouter) -> None:
    @router.get("/", dependencies=[Depends(Policy())])
    async def handle() -> Item: ...


async def by_starlette(request: Request) -> Response: ...


def the_same_path_twice(router: APIRouter) -> None:
    async def handle() -> Item: ...

    router.get("/{a}")(handle)
    router.get("/{a}", include_in_schema=False)(handle)
    router.add_route("/{a}", by_starlette)


def everything_at_once(router: APIRouter) -> None:
    @router.api_route("/{id}", methods=["GET", "POST"], responses={"5XX": {"model": Item}})
    async def handle(
        id: Annotated[int, Path(examples=[7])],
        if_match: Annotated[str | None, Header()] = None,
        body: Annotated[Literal["a"] | None, Body()] = None,
    ) -> dict[str, Any]: ...


DECLARED: list[Declare] = [
    a_media_type_without_schema,
    events_without_annotation,
    streams,
    events_by_hand,
    a_status_without_a_name,
    a_status_that_refers,
    a_named_tuple,
    generics_and_titles,
    parameters_of_other_kinds,
    a_body_without_schema,
    callbacks_that_refer,
    callbacks_with_input,
    schemas_by_hand,
    the_houses_own_problem,
    dependencies_with_names_of_ours,
    the_same_path_twice,
    everything_at_once,
]


def refs(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (value for key, value in part.items() if key == "$ref")
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from refs(inner)


@pytest.mark.parametrize("declare", DECLARED, ids=lambda declare: declare.__name__)
def test_whatever_a_route_declares_the_document_is_whole(declare: Declare) -> None:
    app, router = whole(), APIRouter()
    declare(router)
    app.include_router(router)

    document = json.loads(json.dumps(app.openapi()))

    schemas = document["components"]["schemas"]
    names = {ref.removeprefix("#/components/schemas/") for ref in refs(document) if "/schemas/" in ref}
    assert names <= schemas.keys()
    assert [name for name in schemas if name.startswith("api__")] == []
    assert [name for name in schemas if not re.fullmatch(r"[a-zA-Z0-9._-]+", name)] == []
    assert {"Problem", "Code", "FieldError"} <= schemas.keys()
    assert [method for methods in document["paths"].values() for method in methods]
