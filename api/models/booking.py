"""Bookings: a user's seats in a slot."""

from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import column_property
from sqlmodel import Field, Relationship, SQLModel, col, func, select

from api.models.base import TO_ONE, Create, Entity, Owned, Permission, Update, listed
from api.models.booking_slot import BookingSlot, BookingSlotPublic
from api.models.types import EnumField, Line, Text, Whole


class BookingStatus(StrEnum):
    confirmed = "confirmed"
    cancelled = "cancelled"


class BookingPermission(Permission):
    read = "bookings:read"
    write = "bookings:write"


class BookingBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "customer_name": "Ada Okafor",
        "notes": "We may be five minutes late.",
    }

    customer_name: Line = Field(min_length=1, max_length=200, description="The name of the guest.")
    notes: Text | None = Field(default=None, max_length=2000)
    seats: Whole = Field(default=1, ge=1, le=100_000, description="The number of booked seats.")


class BookingCreate(BookingBase, Create):
    slot_id: UUID = Field(description="The id of the booked slot.")


class BookingUpdate(BookingBase, Update): ...


class BookingRow(BookingBase, Owned, Entity):
    slot_id: UUID = Field(
        foreign_key="booking_slots.id", ondelete="CASCADE", description="The id of the booked slot."
    )
    status: BookingStatus = EnumField(BookingStatus, BookingStatus.confirmed)


class BookingPublic(BookingRow):
    slot: BookingSlotPublic


class Booking(BookingRow, table=True):
    __live__ = ("created", "updated", "deleted")
    __table_args__ = (
        CheckConstraint("seats >= 1", name="seats_positive"),
        Index(None, "slot_id", "status", "seats"),  # all columns for the sum of taken seats
        *listed("slot_id", by=("id",)),
        *listed("owner_id", by=("id", "updated_at")),
        *listed("status", by=("id",)),
        *listed(by=("updated_at",)),
    )

    slot: BookingSlot = Relationship(sa_relationship_kwargs=TO_ONE)


TAKEN = (
    select(func.coalesce(func.sum(Booking.seats), 0))
    .where(Booking.slot_id == BookingSlot.id, Booking.status == BookingStatus.confirmed)
    .correlate_except(Booking)
    .scalar_subquery()
)
FREE = col(BookingSlot.capacity) - TAKEN
BookingSlot.available = column_property(FREE)  # a field of BookingSlotPublic, computed in the same query
