"""Slots that users can book: time, place and number of seats."""

from typing import Any, ClassVar, Self

from pydantic import model_validator
from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Permission, Update, listed
from api.models.types import Line, UtcDatetime, Whole, idempotent


class BookingSlotPermission(Permission):
    write = "slots:write"


class BookingSlotBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "title": "Speech therapy",
        "location": "Room 2",
        "capacity": 12,
    }

    title: Line = Field(min_length=1, max_length=200)
    location: Line | None = Field(default=None, max_length=200)
    starts_at: UtcDatetime
    ends_at: UtcDatetime
    capacity: Whole = Field(default=1, ge=1, le=100_000, description="The number of seats.")

    @model_validator(mode="after")
    @idempotent
    def _ends_after_start(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at must be after starts_at.")
        return self


class BookingSlotCreate(BookingSlotBase, Create): ...


class BookingSlotUpdate(BookingSlotBase, Update): ...


class BookingSlotRow(BookingSlotBase, Entity): ...


class BookingSlotPublic(BookingSlotRow):
    __examples__: ClassVar[dict[str, Any]] = {"available": 9}

    available: int = Field(description="The number of free seats.")


class BookingSlot(BookingSlotRow, table=True):
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity >= 1", name="capacity_positive"),
        *listed(by=("starts_at", "title")),
    )
