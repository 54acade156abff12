"""Parcels, found by all that filters can say: their sender, and their labels, many to many."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Strict
from sqlmodel import Field, Relationship, SQLModel

from api.models.base import Create, Entity, Owned, Update, listed
from api.models.types import EnumField, Line, UtcDatetime


class ParcelStatus(StrEnum):
    packed = "packed"
    sent = "sent"
    lost = "lost"


class Sender(Entity, table=True):
    city: Line | None = Field(default=None, max_length=100)
    is_known: bool = False


class Labelling(SQLModel, table=True):
    parcel_id: UUID = Field(primary_key=True, foreign_key="parcels.id", ondelete="CASCADE")
    label_id: UUID = Field(primary_key=True, foreign_key="labels.id", ondelete="CASCADE", index=True)


class Label(Entity, table=True):
    name: Line = Field(max_length=100)


class ParcelBase(SQLModel):
    name: Line = Field(min_length=1, max_length=100)
    status: ParcelStatus = EnumField(ParcelStatus, ParcelStatus.packed)
    weight: Annotated[int, Strict(), Field(ge=0, le=1000)] | None = None
    sent_at: UtcDatetime | None = None
    sender_id: UUID | None = Field(
        default=None, foreign_key="senders.id", ondelete="SET NULL", index=True, description="Who sent it."
    )


class ParcelCreate(ParcelBase, Create): ...


class ParcelUpdate(ParcelBase, Update): ...


class ParcelPublic(ParcelBase, Owned, Entity): ...


class Parcel(ParcelPublic, table=True):
    __table_args__ = listed("owner_id", by=("id", "weight"))

    sender: Sender | None = Relationship()
    labels: list[Label] = Relationship(link_model=Labelling, sa_relationship_kwargs={"passive_deletes": True})
