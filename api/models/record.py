"""Records about users, with an author and free JSON data of limited size."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field, Relationship, SQLModel

from api.models.base import TO_ONE, TO_ONE_OR_NONE, Create, Entity, Permission, Update, listed
from api.models.types import BOUNDS, JsonObject, Line, UtcDatetime
from api.models.user import User, UserSummary


class RecordPermission(Permission):
    read = "records:read"
    write = "records:write"


class RecordBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "kind": "session",
        "title": "First session",
        "occurred_at": "2030-05-14T09:40:00Z",
        "data": {"words": 42, "mood": "cheerful", "games": ["cards", "singing"]},
    }

    kind: Line = Field(min_length=1, max_length=50, description="The kind of record, as free text.")
    title: Line = Field(min_length=1, max_length=200)
    occurred_at: UtcDatetime
    data: JsonObject = Field(default={}, sa_type=JSON, description=BOUNDS)
    booking_id: UUID | None = Field(
        default=None,
        foreign_key="bookings.id",
        ondelete="SET NULL",
        index=True,
        description="The id of the related booking.",
    )


class RecordCreate(RecordBase, Create):
    user_id: UUID = Field(description="The id of the user whom the record describes.")


class RecordUpdate(RecordBase, Update): ...


class RecordRow(RecordBase, Entity): ...


class RecordPublic(RecordRow):
    user: UserSummary = Field(description="The user whom the record describes.")
    author: UserSummary | None = Field(description="Null if the author's account was deleted.")


class Record(RecordRow, table=True):
    __table_args__ = (
        *listed("user_id", by=("id", "occurred_at")),
        *listed("kind", by=("id", "occurred_at")),
        *listed("author_id", by=("id",)),
        *listed(by=("occurred_at",)),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    author_id: UUID | None = Field(foreign_key="users.id", ondelete="SET NULL")
    user: User = Relationship(sa_relationship_kwargs=TO_ONE | {"foreign_keys": "Record.user_id"})
    author: User | None = Relationship(
        sa_relationship_kwargs=TO_ONE_OR_NONE | {"foreign_keys": "Record.author_id"}
    )
