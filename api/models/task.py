"""Tasks of a user, with a status and a deadline."""

from enum import StrEnum
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Owned, Update, listed
from api.models.types import EnumField, Line, Text, UtcDatetime


class TaskStatus(StrEnum):
    to_do = "To Do"
    in_progress = "In Progress"
    done = "Done"


class TaskBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "description": "Read the new picture book",
        "category": "Reading",
        "deadline": "2030-05-20T17:00:00Z",
    }

    description: Text = Field(min_length=1, max_length=2000)
    category: Line | None = Field(
        default=None, max_length=100, description="A category to filter by, as free text."
    )
    deadline: UtcDatetime | None = None
    status: TaskStatus = EnumField(TaskStatus, TaskStatus.to_do)


class TaskCreate(TaskBase, Create): ...


class TaskUpdate(TaskBase, Update):
    __examples__: ClassVar[dict[str, Any]] = {"status": "Done"}


class TaskPublic(TaskBase, Owned, Entity): ...


class Task(TaskPublic, table=True):
    __live__ = ("created", "updated", "deleted")
    __table_args__ = listed("owner_id", by=("id", "deadline", "status", "updated_at"))
