"""Shipments: written many at once, by the number that the carrier gives them, and changed by filters."""

from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Owned, Update, listed
from api.models.types import EnumField, Line, Whole


class ShipmentStatus(StrEnum):
    packed = "packed"
    sent = "sent"


class ShipmentBase(SQLModel):
    carrier_number: Line = Field(min_length=1, max_length=50)
    status: ShipmentStatus = EnumField(ShipmentStatus, ShipmentStatus.packed)
    grams: Whole = Field(default=0, ge=0, le=50_000)


class ShipmentCreate(ShipmentBase, Create): ...


class ShipmentUpdate(ShipmentBase, Update): ...


class ShipmentPublic(ShipmentBase, Owned, Entity): ...


class Shipment(ShipmentPublic, table=True):
    __live__ = ("created", "updated", "deleted")
    __table_args__ = (
        UniqueConstraint("owner_id", "carrier_number"),
        *listed("owner_id", by=("id", "carrier_number", "status", "grams")),
    )
