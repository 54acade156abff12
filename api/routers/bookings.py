"""Bookings of seats in a slot."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from sqlmodel import col, select

from api.db import SessionDep
from api.deps import CurrentUser, mine, owned, scope_values, within
from api.flows.bookings import BookingCode, book, cancel, change
from api.lists import (
    By,
    CommaSeparated,
    Page,
    PageQuery,
    Search,
    Searches,
    Summary,
    SummaryQuery,
    paginate,
    summarize,
)
from api.models.booking import (
    Booking,
    BookingCreate,
    BookingPermission,
    BookingPublic,
    BookingStatus,
    BookingUpdate,
)
from api.models.booking_slot import BookingSlot
from api.models.types import UtcDatetime
from api.problems import problems
from api.web import Router

router = Router(prefix="/bookings", tags=["bookings"])

MINE = mine(Booking)
VisibleBooking = Annotated[Booking, Depends(owned(Booking, BookingPublic, unless=BookingPermission.read))]
GovernedBooking = Annotated[Booking, Depends(owned(Booking, BookingPublic, unless=BookingPermission.write))]


class BookingQuery(PageQuery[Booking]):
    slot_id: UUID | None = None
    status: BookingStatus | None = None
    starts_before: Annotated[
        UtcDatetime | None,
        By(lambda at: col(Booking.slot_id).in_(select(BookingSlot.id).where(BookingSlot.starts_at < at))),
    ] = None
    starts_after: Annotated[
        UtcDatetime | None,
        By(lambda at: col(Booking.slot_id).in_(select(BookingSlot.id).where(BookingSlot.starts_at > at))),
    ] = None
    q: Annotated[Search | None, Searches("customer_name", "notes", of_all=True)] = None
    sort: Literal["id", "updated_at"] = "id"


class BookingSummary(BookingQuery, SummaryQuery[Booking]):
    by: CommaSeparated[Literal["status", "slot_id", "created_day", "created_month"]] = ()
    sum: CommaSeparated[Literal["seats"]] = ()


@router.get("", response_model=Page[BookingPublic])
async def list_bookings(
    session: SessionDep, user: CurrentUser, query: Annotated[BookingQuery, Query()]
) -> Page[Booking]:
    return await paginate(session, query, within(user, MINE, BookingPermission.read), **scope_values(user))


@router.get("/summary")
async def summarize_bookings(
    session: SessionDep, user: CurrentUser, query: Annotated[BookingSummary, Query()]
) -> Summary[BookingSummary]:
    """The number of bookings and of booked seats."""
    return await summarize(session, query, within(user, MINE, BookingPermission.read), **scope_values(user))


@router.post(
    "",
    status_code=201,
    response_model=BookingPublic,
    responses=problems(BookingCode.slot_full, BookingCode.slot_past),
)
async def create_booking(session: SessionDep, user: CurrentUser, body: BookingCreate) -> Booking:
    return await book(session, user, body)


@router.get("/{id}", response_model=BookingPublic)
async def get_booking(booking: VisibleBooking) -> Booking:
    return booking


@router.patch(
    "/{id}",
    response_model=BookingPublic,
    responses=problems(BookingCode.slot_full, BookingCode.already_cancelled),
)
async def update_booking(session: SessionDep, booking: GovernedBooking, body: BookingUpdate) -> Booking:
    return await change(session, booking, body)


@router.post("/{id}/cancel", response_model=BookingPublic, responses=problems(BookingCode.already_cancelled))
async def cancel_booking(session: SessionDep, booking: GovernedBooking) -> Booking:
    return await cancel(session, booking)
