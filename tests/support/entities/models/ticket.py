"""Tickets: they belong to a club, and stay in the database when they are deleted."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Strict
from sqlalchemy import Index, and_, text
from sqlmodel import Field, SQLModel, col

from api.models.base import Create, Entity, Update, listed
from api.models.club import in_club
from api.models.types import EnumField, Line, UtcDatetime


class Urgency(StrEnum):
    low = "low"
    high = "high"


class TicketBase(SQLModel):
    title: Line = Field(min_length=1, max_length=100)
    urgency: Urgency = EnumField(Urgency, Urgency.low)
    due_at: UtcDatetime | None = None
    points: Annotated[int, Strict(), Field(ge=0, le=100)] | None = None


class TicketCreate(TicketBase, Create):
    club_id: UUID = Field(description="The id of the owner.")


class TicketUpdate(TicketBase, Update): ...


class TicketPublic(TicketBase, Entity):
    club_id: UUID = Field(foreign_key="clubs.id", ondelete="CASCADE", description="The id of the owner.")


THERE = text("deleted_at IS NULL")


class Ticket(TicketPublic, table=True):
    __table_args__ = (
        Index(None, "club_id", "title", unique=True, sqlite_where=THERE, postgresql_where=THERE),
        *listed("club_id", by=("id",)),
        *listed(by=("due_at", "title")),
        *listed("urgency", by=("id",)),
        *listed("points", by=("id",)),
    )

    deleted_at: datetime | None = None


VISIBLE = and_(col(Ticket.deleted_at).is_(None), in_club(col(Ticket.club_id)))
