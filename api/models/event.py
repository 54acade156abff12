"""Events: what happened to a user's rows, numbered for each recipient, and what of it is sent to those who listen.

A model becomes live by a class below that says which of its changes are told, a line in LIVE, and one in Topic.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Discriminator, RootModel
from sqlalchemy import BigInteger, text
from sqlmodel import Field, SQLModel

from api.models.base import Entity, utcnow
from api.models.booking import Booking, BookingPublic
from api.models.note import Note, NotePublic
from api.models.notification import Notification, NotificationPublic
from api.models.task import Task, TaskPublic


class Topic(StrEnum):
    """What one can listen to: the tables that are live."""

    notifications = "notifications"
    tasks = "tasks"
    notes = "notes"
    bookings = "bookings"


class Inbox(SQLModel, table=True):
    """How far a user's events are numbered. Its row is locked from the number to the commit, so the two have one order."""

    __tablename__ = "inboxes"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    number: int = Field(sa_type=BigInteger)
    pruned: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})


class Event(SQLModel, table=True):
    """One event as it will be sent. It hangs on the inbox, whose row the writer has anyway, and not on the user."""

    __tablename__ = "events"

    user_id: UUID = Field(foreign_key="inboxes.user_id", ondelete="CASCADE", primary_key=True)
    number: int = Field(sa_type=BigInteger, primary_key=True)
    topic: str = Field(max_length=32)
    kind: str = Field(max_length=64)
    data: str = Field(max_length=1_000_000)
    created_at: datetime = Field(default_factory=utcnow, index=True)


class Told(BaseModel):
    """What every event has."""

    id: int = Field(description="Send the last one you have seen when you come back: nothing is lost in between.")


class ReadyEvent(Told):
    """The first event: from here on, you are told everything."""

    kind: Literal["ready"]


class ResetEvent(Told):
    """The first event when there is a gap, because you were away for too long: load anew what you show."""

    kind: Literal["reset"]


class NotificationEvent(Told):
    kind: Literal["notification.created"]
    data: NotificationPublic


class TaskEvent(Told):
    kind: Literal["task.created", "task.updated", "task.deleted"]
    data: TaskPublic


class NoteEvent(Told):
    kind: Literal["note.created", "note.updated", "note.deleted"]
    data: NotePublic


class BookingEvent(Told):
    kind: Literal["booking.created", "booking.updated", "booking.deleted"]
    data: BookingPublic


class LiveEvent(RootModel[ReadyEvent | ResetEvent | NotificationEvent | TaskEvent | NoteEvent | BookingEvent]):
    """What a stream consists of."""

    root: Annotated[ReadyEvent | ResetEvent | NotificationEvent | TaskEvent | NoteEvent | BookingEvent, Discriminator("kind")]


LIVE: dict[type[Entity], type[Told]] = {
    Notification: NotificationEvent,
    Task: TaskEvent,
    Note: NoteEvent,
    Booking: BookingEvent,
}
