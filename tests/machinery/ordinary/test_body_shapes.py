"""Bodies that are something else than one model."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from tests.machinery.ordinary.sides import Case, Cases, Declare, Side, post, put

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
    put("/3?q=x", json={"item": ITEM, "user": USER, "importance": 5}), put("/3", 422, json={"item": ITEM}),
    put("/3", 422, json=ITEM), put("/x", 422, json={"item": ITEM, "user": USER, "importance": 0}),
    put("/3", 422),
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


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_body_of_any_shape_is_read_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
