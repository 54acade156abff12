"""Repairs: an entity with states, and with numbers to add up."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Owned, Permission, Update, listed
from api.models.states import StateField, to
from api.models.types import Day, Line, Money, UtcDatetime, Whole


class RepairStatus(StrEnum):
    asked = "asked"
    begun = "begun"
    done = "done"
    refused = "refused"


class RepairPermission(Permission):
    finish = "repairs:finish"


class RepairBase(SQLModel):
    thing: Line = Field(min_length=1, max_length=100)
    price: Money
    hours: Whole = Field(default=1, ge=0, le=1000)
    brought_at: UtcDatetime | None = None
    due_on: Day | None = None
    status: RepairStatus = StateField(
        RepairStatus,
        RepairStatus.asked,
        initial=[RepairStatus.begun],
        transitions={
            RepairStatus.asked: [RepairStatus.begun, RepairStatus.refused],
            RepairStatus.begun: [to(RepairStatus.done, may=RepairPermission.finish), RepairStatus.asked],
            RepairStatus.done: [RepairStatus.begun],
        },
    )


class RepairCreate(RepairBase, Create): ...


class RepairUpdate(RepairBase, Update): ...


class RepairPublic(RepairBase, Owned, Entity): ...


class Repair(RepairPublic, table=True):
    __live__ = ("created", "updated", "deleted")
    __table_args__ = listed("owner_id", by=("id", "status"))
