"""Answers of every type that FastAPI documents, and answers that are not what their route declares."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, Field

from tests.machinery.ordinary.shapes import (
    PLAIN,
    Box,
    Cat,
    Checked,
    Dog,
    Everything,
    Film,
    Kind,
    NamedCat,
    Numbers,
    Part,
    Point,
)
from tests.machinery.ordinary.sides import Case, Cases, Declare, Side, get

pytestmark = pytest.mark.anyio


cases = Cases()


TYPES: dict[str, tuple[Any, Any]] = {
    "a_list": (list[int], [1, "2", 3.0]),
    "a_list_of_models": (list[Cat], [Cat(), {"lives": "3"}, NamedCat()]),
    "a_dict": (dict[str, float], {"a": 1, "b": "2.5"}),
    "a_dict_of_models": (dict[str, Cat], {"x": NamedCat(), "y": {}}),
    "a_dict_by_number": (dict[int, str], {1: "a", "2": "b"}),
    "a_tuple": (tuple[int, str], (1, "a")),
    "a_long_tuple": (tuple[int, ...], [1, 2, 3]),
    "a_set": (set[str], {"only"}),
    "a_sequence": (Sequence[Cat], (Cat(), Cat(lives=1))),
    "an_iterable": (Iterable[int], [1, 2]),
    "none": (None, None),
    "optional_and_none": (Cat | None, None),
    "optional_and_something": (Cat | None, {"lives": 2}),
    "any": (Any, {"a": Decimal("1.5"), "b": {1}, "c": Cat()}),
    "any_model": (Any, NamedCat()),
    "an_object": (object, {"a": [1]}),
    "a_plain_dict": (dict, {"a": Cat(), 1: Kind.small}),
    "a_plain_list": (list, [Cat(), Kind.big, UUID(int=3)]),
    "a_string": (str, "text with \u00fc"),
    "an_integer": (int, "7"),
    "a_float": (float, 3),
    "a_truth": (bool, "yes"),
    "bytes": (bytes, b"raw"),
    "a_literal": (Literal["a", "b"], "b"),
    "an_enum": (Kind, "b"),
    "a_subclass_is_cut": (Cat, NamedCat()),
    "a_union_of_models": (Cat | Dog, {"kind": "dog"}),
    "a_union_by_object": (Cat | Dog, Dog(name="Ada")),
    "a_discriminated_union": (
        Annotated[Cat | Dog, Field(discriminator="kind")],
        {"kind": "cat", "lives": 1},
    ),
    "a_list_of_a_union": (list[Cat | Dog], [Dog(), {"kind": "cat"}, NamedCat()]),
    "a_generic": (Box[int], {"content": "5"}),
    "a_generic_of_a_model": (Box[Cat], Box[Cat](content=NamedCat())),
    "a_generic_of_a_generic": (Box[list[Box[str]]], {"content": [{"content": "a"}]}),
    "a_generic_without_type": (Box[Any], Box(content=Kind.small)),
    "a_dataclass": (Part, Part("a", parts=[Part("b")])),
    "a_dataclass_of_a_dict": (Part, {"name": "a", "parts": [{"name": "c", "price": "3"}]}),
    "a_pydantic_dataclass": (Checked, Checked(count=1)),
    "a_list_of_dataclasses": (list[Checked], [{"count": "2"}, Checked(count=3)]),
    "a_typed_dict": (Film, {"title": "a", "year": 1999}),
    "a_typed_dict_without": (list[Film], [{"title": "a"}]),
    "a_named_tuple": (Point, Point(1)),
    "a_root_model": (Numbers, [1, 2]),
    "a_root_model_made": (Numbers, Numbers([3])),
    "everything": (Everything, Everything()),
    "everything_from_a_dict": (Everything, PLAIN),
    "an_annotated_type": (Annotated[str, AfterValidator(str.upper)], "loud"),
    "a_decimal": (Decimal, Decimal("10.00")),
    "a_timedelta": (timedelta, timedelta(minutes=90)),
    "a_uuid": (UUID, str(UUID(int=9))),
}


def of_type(declared: Any, answer: Any) -> Declare:
    def declare(router: APIRouter) -> None:
        @router.get("/model", response_model=declared)
        async def by_model() -> Any:
            return answer

        async def by_annotation() -> Any:
            return answer

        by_annotation.__annotations__["return"] = declared
        router.get("/annotated")(by_annotation)

        def in_a_thread() -> Any:
            return answer

        router.get("/thread", response_model=declared)(in_a_thread)

        @router.get("/class", response_model=declared, response_class=JSONResponse)
        async def by_class() -> Any:
            return answer

    return declare


for name, (declared, answer) in TYPES.items():
    declare = of_type(declared, answer)
    declare.__name__ = name
    cases(get("/model"), get("/annotated"), get("/thread"), get("/class"))(declare)


@pytest.mark.parametrize(("case", "side"), cases)
async def test_an_answer_of_any_type_is_written_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
