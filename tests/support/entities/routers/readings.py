"""What was measured."""

from typing import Annotated, Literal
from uuid import UUID

from api.models.reading import Quality, Reading, ReadingCreate, ReadingPublic, ReadingUpdate
from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import ONCE, CallerId, CurrentUser, check_reference, mine, owned, scope_values
from api.lists import Page, PageQuery, paginate
from api.models.types import Day, Money, UtcDatetime
from api.web import Router

router = Router(prefix="/readings", tags=["readings"])

MINE = mine(Reading)
MyReading = Annotated[Reading, Depends(owned(Reading))]


class ReadingQuery(PageQuery[Reading]):
    day: Day | None = None
    day_min: Day | None = None
    price_max: Money | None = None
    taken_after: UtcDatetime | None = None
    quality: Quality | None = None
    sure: bool | None = None
    previous_id: UUID | None = None
    sort: Literal["id", "weight_before", "factor", "day", "taken_before_at", "quality"] = "id"


@router.get("")
async def list_readings(
    session: SessionDep, caller: CallerId, query: Annotated[ReadingQuery, Query()]
) -> Page[ReadingPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201, dependencies=[ONCE])
async def create_reading(session: SessionDep, user: CurrentUser, body: ReadingCreate) -> ReadingPublic:
    await check_reference(session, Reading, body.previous_id, "previous_id", MINE, **scope_values(user))
    reading = Reading.model_validate(body, update={"owner_id": user.id})
    session.add(reading)
    return reading


@router.get("/{id}")
async def get_reading(reading: MyReading) -> ReadingPublic:
    return reading


@router.patch("/{id}")
async def update_reading(
    session: SessionDep, user: CurrentUser, reading: MyReading, body: ReadingUpdate
) -> ReadingPublic:
    previous = body.model_dump().get("previous_id")
    await check_reference(session, Reading, previous, "previous_id", MINE, **scope_values(user))
    return body.apply(reading)


@router.delete("/{id}", status_code=204)
async def delete_reading(session: SessionDep, reading: MyReading) -> None:
    await session.delete(reading)
