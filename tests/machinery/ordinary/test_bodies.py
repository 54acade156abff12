"""JSON and raw bodies, in every form that FastAPI documents."""

from dataclasses import dataclass
from itertools import count
from typing import Annotated, Any, Literal

import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from typing_extensions import TypedDict

from tests.machinery.ordinary.sides import Case, Cases, Declare, Side, get, patch, post, put

pytestmark = pytest.mark.anyio
cases = Cases()


class Item(BaseModel):
    name: str
    price: float = Field(1, gt=0)
    tags: list[str] = []


class User(BaseModel):
    model_config = ConfigDict(extra="forbid")
    user_name: str = Field(alias="userName")


ITEM = {"name": "a", "price": 2, "tags": ["x"], "ignored": 1}
USER = {"userName": "b"}


@cases(
    post("/", json=ITEM),
    post("/", 422, json={"name": 1}),
    post("/", 422, json=[]),
    post("/", 422),
    post("/", 422, json=None),
)
def one_body(router: APIRouter) -> None:
    @router.post("/")
    async def handle(item: Item) -> Item:
        return item


@cases(
    post("/", json=USER), post("/", 422, json={"user_name": "b"}), post("/", 422, json={**USER, "more": 1})
)
def a_body_that_forbids_and_has_an_alias(router: APIRouter) -> None:
    @router.post("/")
    async def handle(user: User) -> dict[str, Any]:
        return user.model_dump()


@cases(
    put("/3?q=x", json={"item": ITEM, "user": USER, "importance": 5}), put("/3", 422, json={"item": ITEM}),
    put("/3", 422, json=ITEM), put("/x", 422, json={"item": ITEM, "user": USER, "importance": 0}), put("/3", 422),
)  # fmt: skip
def several_bodies(router: APIRouter) -> None:
    @router.put("/{id}")
    async def handle(
        id: int, item: Item, user: User, importance: Annotated[int, Body(gt=0)], q: str | None = None
    ) -> dict[str, Any]:
        return {"id": id, "item": item, "user": user, "importance": importance, "q": q}


@cases(post("/", json={"item": ITEM}), post("/", 422, json=ITEM), post("/old", json={"item": ITEM}))
def an_embedded_body(router: APIRouter) -> None:
    @router.post("/")
    async def handle(item: Annotated[Item, Body(embed=True)]) -> Item:
        return item

    @router.post("/old")
    async def old(item: Item = Body(embed=True, examples=[ITEM])) -> Item:  # noqa: B008
        return item


@cases(
    post("/", json=ITEM),
    post("/"),
    post("/", content=b""),
    post("/", 422, json={"x": 1}),
    post("/", json=None),
)
def an_optional_body(router: APIRouter) -> None:
    @router.post("/")
    async def handle(item: Item | None = None) -> Item | None:
        return item


@cases(
    post("/"),
    post("/", json={"n": 3}),
    post("/", json={}),
    post("/"),
    post("/", json={"tags": ["z"]}),
    post("/", json={}),
)
def optional_bodies_with_defaults(router: APIRouter) -> None:
    numbers = count()

    @router.post("/")
    async def handle(
        n: Annotated[int, Body(default_factory=lambda: next(numbers))],
        tags: Annotated[list[str], Body()] = [],  # noqa: B006
    ) -> list[Any]:
        tags.append("more")
        return [n, *tags]


@cases(post("/"), post("/"), post("/", json=ITEM), post("/"))
def a_default_body_never_grows(router: APIRouter) -> None:
    @router.post("/")
    async def handle(item: Item = Item(name="default")) -> Item:  # noqa: B008
        item.tags.append("more")
        return item


SHAPES: dict[str, tuple[Any, Any, Any]] = {
    "a_list": (list[Item], [ITEM, {"name": "b"}], {"a": 1}),
    "a_dict": (dict[int, float], {"1": 2, "3": "4.5"}, {"a": 1}),
    "any": (Annotated[Any, Body()], {"a": [1, None]}, None),
    "a_plain_dict": (dict[str, Any], {"a": {"b": 1}}, [1]),
    "a_number": (Annotated[int, Body()], 5, "x"),
    "a_text": (Annotated[str, Body(max_length=3)], "abc", "abcd"),
    "a_set": (set[int], [1, 1], ["x"]),
    "a_tuple": (Annotated[tuple[int, str], Body()], [1, "a"], [1]),
    "a_union": (Item | User, USER, {"neither": 1}),
    "a_literal": (Annotated[Literal["a", "b"], Body()], "b", "c"),
}


def of_shape(declared: Any) -> Declare:
    def declare(router: APIRouter) -> None:
        async def handle(body: Any) -> Any:
            return {"got": body, "type": type(body).__name__}

        handle.__annotations__["body"] = declared
        router.post("/")(handle)

    return declare


for name, (declared, good, bad) in SHAPES.items():
    declare = of_shape(declared)
    declare.__name__ = f"a_body_that_is_{name}"
    wrong = () if bad is None else (post("/", 422, json=bad),)
    cases(post("/", json=good), *wrong)(declare)


@dataclass
class Part:
    name: str
    count: int = 1


class Film(TypedDict):
    title: str


@cases(post("/part", json={"name": "a"}), post("/part", 422, json={}), post("/film", json={"title": "a"}))
def dataclasses_and_typed_dicts(router: APIRouter) -> None:
    @router.post("/part")
    async def part(part: Part) -> Part:
        return part

    @router.post("/film")
    async def film(film: Film) -> Film:
        return film


@cases(
    post("/", json={"a": 1, "b": 2}), post("/", 422, json={"a": 2, "b": 1}), post("/", json={"a": 1, "b": 2})
)
def validators_of_a_body_run_every_time(router: APIRouter, told: list[Any]) -> None:
    class Ordered(BaseModel):
        a: int
        b: int

        @field_validator("a", "b", mode="before")
        @classmethod
        def _tell(cls, value: Any, info: ValidationInfo) -> Any:
            told.append((info.field_name, value))
            return value

        @model_validator(mode="after")
        def _in_order(self) -> Any:
            if self.a > self.b:
                raise ValueError("a is more than b")
            return self

    @router.post("/")
    async def handle(body: Ordered) -> Ordered:
        return body


@cases(patch("/", json={"price": 3}), patch("/", json={}), patch("/", json={"name": "b", "tags": []}))
def a_partial_update(router: APIRouter) -> None:
    class Change(BaseModel):
        name: str | None = None
        price: float | None = None
        tags: list[str] = []

    @router.patch("/")
    async def handle(change: Change) -> dict[str, Any]:
        return Item(name="old").model_copy(update=change.model_dump(exclude_unset=True)).model_dump()


async def item_below(item: Item, q: Annotated[int, Query()] = 0) -> dict[str, Any]:
    return {"item": item, "q": q}


@cases(
    post("/alone?q=1", json=ITEM),
    post("/both", json={"item": ITEM, "user": USER}),
    post("/both", 422, json=ITEM),
)
def bodies_of_dependencies(router: APIRouter) -> None:
    @router.post("/alone")
    async def alone(below: Annotated[dict[str, Any], Depends(item_below)]) -> dict[str, Any]:
        return below

    @router.post("/both")
    async def both(below: Annotated[dict[str, Any], Depends(item_below)], user: User) -> list[Any]:
        return [below, user]


@cases(get("/", json=ITEM), get("/"))
def a_body_in_a_get(router: APIRouter) -> None:
    @router.get("/")
    async def handle(item: Item | None = None) -> Item | None:
        return item


TEXT = {"content": "plain ü".encode(), "headers": {"content-type": "text/plain"}}
BYTES = {"content": b"\x00\xff", "headers": {"content-type": "application/octet-stream"}}


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


VENDOR = {"content": b'{"name": "v"}', "headers": {"content-type": "application/vnd.api+json; charset=utf-8"}}


@cases(post("/", **VENDOR), post("/", json=ITEM, headers={"content-type": "APPLICATION/JSON"}))
def other_names_for_json(router: APIRouter) -> None:
    @router.post("/")
    async def handle(item: Item) -> Item:
        return item


NAMELESS = {"content": b'{"name": "n"}'}


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


LATIN = {"content": "ü".encode("latin-1"), "headers": {"content-type": "text/plain; charset=latin-1"}}


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
    async def json(request: Request) -> Any:
        return await request.json()

    @router.post("/form")
    async def form(request: Request) -> Any:
        async with request.form() as form:
            return form.getlist("a")

    @router.post("/both")
    async def both(item: Item, request: Request) -> list[Any]:
        return [item, len(await request.body()), await request.json()]


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_body_is_read_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
