"""Slots that users can book."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from sqlmodel import select

from api.db import SessionDep, fresh
from api.deps import CurrentUser, found, require
from api.flows.capacity import CapacityCode
from api.lists import By, Page, PageQuery, Search, Searches, paginate
from api.models.booking import FREE, Booking, BookingStatus
from api.models.booking_slot import (
    BookingSlot,
    BookingSlotCreate,
    BookingSlotPermission,
    BookingSlotPublic,
    BookingSlotUpdate,
)
from api.models.types import UtcDatetime
from api.problems import ProblemCode, ProblemError, problems
from api.web import Router

router = Router(prefix="/booking-slots", tags=["booking slots"])

WRITER = require(BookingSlotPermission.write)
AnySlot = Annotated[BookingSlot, Depends(found(BookingSlot, BookingSlotPublic))]


class BookingSlotCode(ProblemCode):
    slot_in_use = "slot_in_use", 409, "This slot has confirmed bookings. Cancel them first."


class BookingSlotQuery(PageQuery[BookingSlot]):
    starts_before: UtcDatetime | None = None
    starts_after: UtcDatetime | None = None
    available: Annotated[bool | None, By(lambda yes: FREE > 0 if yes else FREE <= 0)] = None
    q: Annotated[Search | None, Searches("title", "location", of_all=True)] = None
    sort: Literal["id", "starts_at", "title"] = "id"


@router.get("", response_model=Page[BookingSlotPublic])
async def list_booking_slots(
    session: SessionDep, _: CurrentUser, query: Annotated[BookingSlotQuery, Query()]
) -> Page[BookingSlot]:
    return await paginate(session, query)


@router.post("", status_code=201, response_model=BookingSlotPublic, dependencies=[WRITER])
async def create_booking_slot(session: SessionDep, body: BookingSlotCreate) -> BookingSlot:
    return await fresh(session, BookingSlot.model_validate(body))


@router.get("/{id}", response_model=BookingSlotPublic)
async def get_booking_slot(_: CurrentUser, slot: AnySlot) -> BookingSlot:
    return slot


@router.patch(
    "/{id}",
    response_model=BookingSlotPublic,
    dependencies=[WRITER],
    responses=problems(CapacityCode.capacity_taken),
)
async def update_booking_slot(session: SessionDep, slot: AnySlot, body: BookingSlotUpdate) -> BookingSlot:
    changed = await fresh(session, body.apply(slot))
    # The slot's row is locked
    if (await session.exec(select(FREE).where(BookingSlot.id == slot.id))).one() < 0:
        raise ProblemError(CapacityCode.capacity_taken)
    return changed


@router.delete(
    "/{id}", status_code=204, dependencies=[WRITER], responses=problems(BookingSlotCode.slot_in_use)
)
async def delete_booking_slot(session: SessionDep, slot: AnySlot) -> None:
    confirmed = select(Booking.id).where(
        Booking.slot_id == slot.id, Booking.status == BookingStatus.confirmed
    )
    if (await session.exec(confirmed.limit(1))).first() is not None:
        raise ProblemError(BookingSlotCode.slot_in_use)
    await session.delete(slot)
