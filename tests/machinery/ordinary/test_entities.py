"""Entities whose Public schema has what Pydantic documents, and what the house adds to their answers."""

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

import pytest
from fastapi import APIRouter
from pydantic import BaseModel

from tests.machinery.ordinary.aliased import LadderOnlyAliasPublic
from tests.machinery.ordinary.all_ladders import LADDERS
from tests.machinery.ordinary.house import Entity
from tests.machinery.ordinary.ladders import (
    ROW,
    LadderAfter,
    LadderAfterPublic,
    LadderNestedPublic,
    LadderPlain,
    LadderPlainPublic,
    LinePublic,
)
from tests.machinery.ordinary.shapes import Box
from tests.machinery.ordinary.sides import Case, Cases, Declare, Side, get, post

pytestmark = pytest.mark.anyio


cases = Cases()


T = TypeVar("T")


class Some(BaseModel, Generic[T]):
    """A page of somebody's own."""

    items: list[T]
    total: int | None = None


MADE: dict[str, Callable[[type[Entity], type[Entity], dict[str, Any]], Any]] = {
    "row": lambda _, table, fields: table.model_validate(fields),
    "stored_row": lambda _, table, fields: table(**fields),  # as it comes from the database
    "public": lambda public, _, fields: public.model_validate(fields),
    "dict": lambda _, __, fields: fields,
}


def shown(public: type[Entity], made: Callable[[], Any]) -> Declare:
    def declare(router: APIRouter) -> None:
        @router.get("/", response_model=public)
        async def one() -> Any:
            return made()

        @router.get("/list", response_model=list[public])  # type: ignore[valid-type]
        async def many() -> Any:
            return [made(), made()]

        @router.get("/optional", response_model=public | None)
        def optional() -> Any:
            return made()

        @router.post("/", response_model=public, status_code=201)
        async def create() -> Any:
            return made()

    return declare


for public, table, more in LADDERS:
    for kind, make in MADE.items():
        declare = shown(public, partial(make, public, table, ROW | more))
        declare.__name__ = f"{public.__name__.removesuffix('Public').removeprefix('Ladder')}_{kind}"
        cases(get("/"), get("/list"), get("/optional"), post("/", 201))(declare)


@cases(get("/dict"), get("/list"), post("/dict", 201))
def an_alias_by_which_alone_it_is_read(router: APIRouter) -> None:
    fields = {**ROW, "fullName": "rung"}

    @router.get("/dict", response_model=LadderOnlyAliasPublic)
    async def one() -> Any:
        return fields

    @router.get("/list")
    async def many() -> list[LadderOnlyAliasPublic]:
        return [fields, fields]  # type: ignore[list-item]

    @router.post("/dict", response_model=LadderOnlyAliasPublic, status_code=201)
    async def create() -> Any:
        return fields


@cases(get("/objects"), get("/dicts"), get("/rows"), get("/list"))
def nested_schemas(router: APIRouter) -> None:
    plain = LadderPlain.model_validate({**ROW, "secret": "not told"})
    fields: dict[str, Any] = {**ROW, "by_name": {"a": {"text": "b"}}, "lines": [{"text": "x", "count": 4}]}

    @router.get("/objects")
    async def objects() -> LadderNestedPublic:
        line = LinePublic(text="y", count=2)
        return LadderNestedPublic(**ROW, lines=[line, line], first=line, by_name={"c": line}, rungs=[plain])

    @router.get("/dicts", response_model=LadderNestedPublic)
    async def dicts() -> Any:
        return {**fields, "first": {"text": "1"}, "inner": {**ROW, "name": "inner"}, "rungs": [ROW]}

    @router.get("/rows", response_model=LadderNestedPublic)
    async def rows() -> Any:
        return {**fields, "inner": LadderAfter.model_validate(ROW), "rungs": [plain, plain]}

    @router.get("/list", response_model=list[LadderNestedPublic])
    async def listed() -> Any:
        return [fields, LadderNestedPublic(**fields)]


@cases(
    get("/box"), get("/boxes"), get("/page"), get("/narrow"), get("/pair"), get("/dict"), post("/box", 201)
)
def entities_within_other_types(router: APIRouter) -> None:
    plain, after = LadderPlainPublic, LadderAfterPublic
    row = LadderPlain.model_validate({**ROW, "secret": "not told"})

    @router.get("/box", response_model=Box[plain])  # type: ignore[valid-type]
    @router.post("/box", response_model=Box[plain], status_code=201)  # type: ignore[valid-type]
    async def box() -> Any:
        return {"content": row, "number": "3"}

    @router.get("/boxes", response_model=list[Box[plain]])  # type: ignore[valid-type]
    async def boxes() -> Any:
        return [{"content": row}, Box[plain](content=row)]  # type: ignore[valid-type]

    @router.get("/page", response_model=Some[plain])  # type: ignore[valid-type]
    async def page() -> Any:
        return {"items": [row, ROW], "total": 2}

    @router.get("/narrow", response_model=Some[after], response_model_exclude_none=True)  # type: ignore[valid-type]
    async def narrow() -> Any:
        return Some[after](items=[LadderAfter(**ROW)])  # type: ignore[valid-type]

    @router.get("/pair", response_model=tuple[plain, after])  # type: ignore[valid-type]
    async def pair() -> Any:
        return row, LadderAfter(**ROW)

    @router.get("/dict", response_model=dict[str, plain])  # type: ignore[valid-type]
    async def by_name() -> Any:
        return {"one": row, "two": ROW}


@cases(get("/one"), get("/other"), get("/list"), get("/ladder"))
def unions_of_entities(router: APIRouter) -> None:
    either = LadderNestedPublic | LadderPlainPublic

    @router.get("/one", response_model=either)
    async def one() -> Any:
        return LadderPlainPublic.model_validate(ROW)

    @router.get("/other", response_model=LadderPlainPublic | LinePublic)
    async def other() -> Any:
        return LinePublic(text="a line")

    @router.get("/list", response_model=list[LadderPlainPublic | LinePublic])
    async def listed() -> Any:
        return [LadderPlain(**ROW), {"text": "b"}, ROW]

    @router.get("/ladder", response_model=either)
    async def ladder() -> Any:
        return LadderPlain(**ROW)


class Rung:
    """Neither a row nor a schema, but with the same attributes."""

    def __init__(self) -> None:
        self.__dict__.update(ROW)


@cases(
    get("/object"),
    get("/partial", 500),
    get("/none", 500),
    get("/wrong", 500),
    get("/unset", 500),
    get("/other"),
)
def what_fits_an_entity_and_what_does_not(router: APIRouter) -> None:
    @router.get("/object", response_model=LadderPlainPublic)
    async def from_object() -> Any:
        return Rung()

    @router.get("/partial", response_model=LadderPlainPublic)
    async def partial() -> Any:
        return {"id": UUID(int=1)}

    @router.get("/none", response_model=LadderPlainPublic)
    async def none() -> Any:
        return None

    @router.get("/wrong", response_model=LadderPlainPublic)
    async def wrong() -> Any:
        return LadderPlain(**{**ROW, "amount": "much"})

    @router.get("/unset", response_model=LadderPlainPublic)
    async def unset() -> Any:
        return LadderPlain()  # type: ignore[call-arg]

    @router.get("/other", response_model=LadderPlainPublic)
    async def other() -> Any:  # the row of another ladder that happens to fit
        return LadderAfter.model_validate(ROW).model_dump()


@pytest.mark.parametrize(("case", "side"), cases)
async def test_an_entity_is_shown_as_fastapi_shows_it(case: Case, side: Side) -> None:
    await case.check(side)
