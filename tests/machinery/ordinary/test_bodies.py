"""JSON and raw bodies, in every form that FastAPI documents."""

from itertools import count
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from tests.machinery.ordinary.sides import Case, Cases, Side, get, patch, post

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


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_body_is_read_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
