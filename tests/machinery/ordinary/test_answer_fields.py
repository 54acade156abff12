"""Which fields of an answer are written: `response_model_include` and its like."""

from typing import Any

import pytest
from fastapi import APIRouter
from pydantic import BaseModel, Field

from tests.machinery.ordinary.sides import Case, Cases, Side, get

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


@pytest.mark.parametrize(("case", "side"), cases)
async def test_fields_are_written_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
