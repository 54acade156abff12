"""Packets, found by all that filters can say: their sender, and their stickers, many to many."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Strict
from sqlmodel import Field, Relationship, SQLModel

from api.models.base import Create, Entity, Owned, Update, listed
from api.models.types import EnumField, Line, UtcDatetime


class PacketStatus(StrEnum):
    packed = "packed"
    sent = "sent"
    lost = "lost"


class Sender(Entity, table=True):
    city: Line | None = Field(default=None, max_length=100)
    is_known: bool = False


class Stickering(SQLModel, table=True):
    packet_id: UUID = Field(primary_key=True, foreign_key="packets.id", ondelete="CASCADE")
    sticker_id: UUID = Field(primary_key=True, foreign_key="stickers.id", ondelete="CASCADE", index=True)


class Sticker(Entity, table=True):
    name: Line = Field(max_length=100)


class PacketBase(SQLModel):
    name: Line = Field(min_length=1, max_length=100)
    status: PacketStatus = EnumField(PacketStatus, PacketStatus.packed)
    weight: Annotated[int, Strict(), Field(ge=0, le=1000)] | None = None
    sent_at: UtcDatetime | None = None
    sender_id: UUID | None = Field(
        default=None, foreign_key="senders.id", ondelete="SET NULL", index=True, description="Who sent it."
    )


class PacketCreate(PacketBase, Create): ...


class PacketUpdate(PacketBase, Update): ...


class PacketPublic(PacketBase, Owned, Entity): ...


class Packet(PacketPublic, table=True):
    __table_args__ = listed("owner_id", by=("id", "weight"))

    sender: Sender | None = Relationship()
    stickers: list[Sticker] = Relationship(
        link_model=Stickering, sa_relationship_kwargs={"passive_deletes": True}
    )
