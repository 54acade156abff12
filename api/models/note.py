"""Notes: private texts of a user."""

from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Owned, Update, listed
from api.models.types import Line, Text


class NoteBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "title": "Words to practise",
        "content": "Ball, boat, bird.",
    }

    title: Line = Field(min_length=1, max_length=200)
    content: Text = Field(default="", max_length=50_000)


class NoteCreate(NoteBase, Create): ...


class NoteUpdate(NoteBase, Update): ...


class NotePublic(NoteBase, Owned, Entity): ...


class Note(NotePublic, table=True):
    __live__ = ("created", "updated", "deleted")
    __table_args__ = listed("owner_id", by=("id", "title", "updated_at"))
