"""Where a new entity is, as its answer says."""

from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter
from sqlmodel import Field, SQLModel

from tests.machinery.ordinary.house import Entity
from tests.machinery.ordinary.ladders import (
    ROW,
    LadderBase,
    LadderEntityFirst,
    LadderEntityFirstPublic,
    LadderPlain,
    LadderPlainPublic,
)
from tests.machinery.ordinary.sides import SIDES, Answer, Case, Declare, Side, post

pytestmark = pytest.mark.anyio


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


@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.name)
async def test_an_entity_that_does_not_tell_its_id_has_no_wrong_location(side: Side) -> None:
    def declare(router: APIRouter) -> None:
        @router.post("/there", status_code=201)
        async def create() -> NoIdPublic:
            return NoIdPublic(**ROW)

    answer = await created(side, declare)

    assert answer.headers["location"] in ([], [f"/there/{ROW['id']}"])
