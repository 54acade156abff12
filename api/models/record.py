"""Records: what was noted about somebody, by whom, when, with data of any shape within bounds."""

import json
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator
from sqlalchemy import JSON
from sqlmodel import Field, Relationship, SQLModel

from api.models.base import TO_ONE, TO_ONE_OR_NONE, Create, Entity, Line, Update, UtcDatetime, listed
from api.models.user import User, UserSummary

LARGEST, DEEPEST = 20_000, 10


def _bounded(data: dict[str, Any]) -> dict[str, Any]:
    if _depth(data) > DEEPEST:
        raise ValueError(f"This is nested deeper than {DEEPEST} levels.")
    text = json.dumps(data)
    if len(text) > LARGEST:
        raise ValueError(f"Written as JSON, this is longer than {LARGEST} characters.")
    if "\\u0000" in text:
        raise ValueError("This holds a NUL character.")
    return data


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0) if isinstance(value, (dict, list)) else 0


class RecordBase(SQLModel):
    kind: Line = Field(min_length=1, max_length=50)
    title: Line = Field(min_length=1, max_length=200)
    occurred_at: UtcDatetime
    data: Annotated[dict[str, Any], AfterValidator(_bounded)] = Field(
        default={}, sa_type=JSON, description=f"Any JSON object, up to {LARGEST} characters and {DEEPEST} levels deep."
    )
    booking_id: UUID | None = Field(default=None, foreign_key="bookings.id", ondelete="SET NULL", index=True)


class RecordCreate(RecordBase, Create):
    user_id: UUID = Field(description="Whom it is about.")


class RecordUpdate(RecordBase, Update): ...


class RecordRow(RecordBase, Entity): ...


class RecordPublic(RecordRow):
    user: UserSummary
    author: UserSummary | None = Field(description="Null when the author's account is gone.")


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
    author: User | None = Relationship(sa_relationship_kwargs=TO_ONE_OR_NONE | {"foreign_keys": "Record.author_id"})
