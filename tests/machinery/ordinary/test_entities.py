"""Entities whose Public schema has what Pydantic documents, and what the house adds to their answers."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlmodel import Field, SQLModel

from tests.machinery.ordinary.house import Create, Entity, Update
from tests.machinery.ordinary.ladders import (
    LADDERS,
    ROW,
    LadderAfter,
    LadderBase,
    LadderEntityFirst,
    LadderEntityFirstPublic,
    LadderNestedPublic,
    LadderOnlyAliasPublic,
    LadderPlain,
    LadderPlainPublic,
    LinePublic,
)
from tests.machinery.ordinary.sides import SIDES, Answer, Case, Cases, Declare, Side, get, patch, post

pytestmark = pytest.mark.anyio
cases = Cases()


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
        return LadderPlain()

    @router.get("/other", response_model=LadderPlainPublic)
    async def other() -> Any:  # the row of another ladder that happens to fit
        return LadderAfter.model_validate(ROW).model_dump()


@cases(
    get("/exclude"), get("/include"), get("/none"), get("/unset"), get("/defaults"), get("/list"), get("/class"),
    get("/response"), get("/status", 203), post("/headers", 201, same=["x-a", "location"]),
)  # fmt: skip
def what_a_route_declares_of_an_entity(router: APIRouter) -> None:
    row = {**ROW, "secret": "s"}
    public = LadderPlainPublic

    @router.get("/exclude", response_model=public, response_model_exclude={"created_at", "updated_at"})
    async def exclude() -> Any:
        return LadderPlain.model_validate(row)

    @router.get("/include", response_model=public, response_model_include={"name", "amount"})
    async def include() -> Any:
        return LadderPlain.model_validate(row)

    @router.get("/none", response_model=public, response_model_exclude_none=True)
    async def none() -> Any:
        return LadderPlain.model_validate(row)

    @router.get("/unset", response_model=public, response_model_exclude_unset=True)
    async def unset() -> Any:
        return public(**{name: ROW[name] for name in ("id", "created_at", "updated_at", "name")})

    @router.get("/defaults", response_model=public, response_model_exclude_defaults=True)
    async def defaults() -> Any:
        return LadderPlain.model_validate(row)

    @router.get("/list", response_model=list[public], response_model_exclude_none=True)  # type: ignore[valid-type]
    async def many() -> Any:
        return [LadderPlain.model_validate(row)]

    @router.get("/class", response_model=public, response_class=JSONResponse)
    async def by_class() -> Any:
        return LadderPlain.model_validate(row)

    @router.get("/response", response_model=public)
    async def response() -> Any:
        return JSONResponse({"id": "mine"})

    @router.get("/status", response_model=public)
    async def status(response: Response) -> Any:
        response.status_code = 203
        return LadderPlain.model_validate(row)

    @router.post("/headers", response_model=public, status_code=201)
    async def headers(response: Response) -> Any:
        response.headers["X-A"] = "b"
        response.headers["Location"] = "/chosen"
        return LadderPlain.model_validate(row)


class LadderCreate(LadderBase, Create):
    name: str = Field(max_length=5)


class LadderUpdate(LadderBase, Update): ...


GOOD = {"name": "abc", "amount": "3.10", "colour": "red"}


@cases(
    post("/create", json=GOOD), post("/create", 422, json={**GOOD, "name": "longer"}),
    post("/create", 422, json={**GOOD, "other": 1}), patch("/update", json={"note": None}),
    patch("/update", json={}), patch("/update", 422, json={"name": None}), patch("/update", 422, json={"x": 1}),
)  # fmt: skip
def the_bodies_of_a_ladder(router: APIRouter) -> None:
    @router.post("/create")
    async def create(body: LadderCreate) -> dict[str, Any]:
        return {"set": sorted(body.model_fields_set), **body.model_dump()}

    @router.patch("/update")
    async def update(body: LadderUpdate) -> dict[str, Any]:
        return body.model_dump()


@pytest.mark.parametrize(("case", "side"), cases)
async def test_an_entity_is_shown_as_fastapi_shows_it(case: Case, side: Side) -> None:
    await case.check(side)


class WithoutIdBase(SQLModel):
    name: str


class WithoutIdPublic(WithoutIdBase, Entity): ...


class LateIdPublic(WithoutIdBase, Entity):
    kind: str = "late"
    id: UUID = Field(description="Said again, so that it comes later.")


class NoIdPublic(LadderBase, Entity):
    id: UUID = Field(exclude=True)


async def created(side: Side, declare: Declare) -> Answer:
    ask = post("/there", 201, same=["location", "etag"])
    [[answer], _] = await Case(declare, (ask,)).answers(side)
    assert answer.status == 201
    return answer


@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.name)
@pytest.mark.parametrize(
    ("public", "row"),
    [
        (LadderPlainPublic, LadderPlain),
        (LadderEntityFirstPublic, LadderEntityFirst),
        (LadderEntityFirstPublic, LadderEntityFirstPublic),
        (LadderEntityFirstPublic, dict),
        (WithoutIdPublic, WithoutIdPublic),
        (LateIdPublic, LateIdPublic),
        (NoIdPublic, NoIdPublic),
    ],
)
async def test_a_new_entity_is_where_its_location_says(side: Side, public: type[Entity], row: Any) -> None:
    def declare(router: APIRouter) -> None:
        @router.post("/there", response_model=public, status_code=201)
        async def create() -> Any:
            return row(**ROW)

    answer = await created(side, declare)

    assert answer.headers["location"] == [f"/there/{ROW['id']}"]
    assert len(answer.headers["etag"]) == 1
