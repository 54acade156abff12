"""Bookings. Parallel requests never book more seats than a slot has."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import fresh, lock
from api.flows.notifications import notify
from api.models.base import utcnow
from api.models.booking import FREE, Booking, BookingCreate, BookingStatus, BookingUpdate
from api.models.booking_slot import BookingSlot
from api.models.notification import NotificationKind
from api.models.user import User
from api.problems import ProblemCode, ProblemError, invalid


class BookingCode(ProblemCode):
    slot_full = "slot_full", 409, "Not enough seats left in this slot."
    slot_past = "slot_past", 409, "This slot has already started."
    already_cancelled = "already_cancelled", 409, "This booking is already cancelled."


class BookingNotificationKind(NotificationKind):
    confirmed = "booking.confirmed"
    cancelled = "booking.cancelled"


async def book(session: AsyncSession, user: User, body: BookingCreate) -> Booking:
    await lock(session, BookingSlot, body.slot_id)
    slot = await session.get(BookingSlot, body.slot_id)
    if slot is None:
        raise invalid(["body", "slot_id"], "This slot does not exist.", "unknown_reference")
    if slot.starts_at <= utcnow():
        raise ProblemError(BookingCode.slot_past)
    session.add(booking := Booking.model_validate(body, update={"owner_id": user.id}))
    _notify(session, await keep_within(session, booking), BookingNotificationKind.confirmed)
    return booking


async def change(session: AsyncSession, booking: Booking, body: BookingUpdate) -> Booking:
    if booking.status is BookingStatus.cancelled:
        raise ProblemError(BookingCode.already_cancelled)
    await lock(session, BookingSlot, booking.slot_id)
    return await keep_within(session, body.apply(booking))


async def cancel(session: AsyncSession, booking: Booking) -> Booking:
    # The booking's row is locked, so its seats are freed only once
    if booking.status is BookingStatus.cancelled:
        raise ProblemError(BookingCode.already_cancelled)
    cancelled = await fresh(session, booking.sqlmodel_update({"status": BookingStatus.cancelled}))
    _notify(session, cancelled, BookingNotificationKind.cancelled)
    return booking


async def keep_within(session: AsyncSession, booking: Booking) -> Booking:
    """Write the booking, then check the free seats. The slot's row is locked, so the count stays valid."""
    await session.flush()
    if (await session.exec(select(FREE).where(BookingSlot.id == booking.slot_id))).one() < 0:
        raise ProblemError(BookingCode.slot_full)
    return await fresh(session, booking)


def _notify(session: AsyncSession, booking: Booking, kind: BookingNotificationKind) -> None:
    title = f"Your booking is {kind.name}: {booking.slot.title}"
    notify(session, booking.owner_id, kind, title, booking, {"slot_id": str(booking.slot_id)})
