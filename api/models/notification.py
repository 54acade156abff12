"""Notifications for users, written in the same transaction as the change that they report."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field

from api.models.base import Create, Entity, Permission, listed
from api.models.types import BOUNDS, JsonObject, Line, OpenEnumField
from api.open_enums import OpenEnum


class NotificationPermission(Permission):
    send = "notifications:send"


class NotificationKind(OpenEnum): ...


class MessageKind(NotificationKind):
    message = "message"


class NotificationCreate(Create):
    """A message from staff. The flows write all other notifications."""

    __examples__: ClassVar[dict[str, Any]] = {
        "title": "The centre is closed on Monday",
        "data": {"day": "2030-05-20"},
    }

    user_id: UUID = Field(description="The id of the recipient.")
    other_user_ids: set[UUID] = Field(
        default=set(), max_length=200, description="The ids of further recipients."
    )
    title: Line = Field(min_length=1, max_length=200)
    data: JsonObject = Field(default={}, description=BOUNDS)


class NotificationPublic(Entity):
    __examples__: ClassVar[dict[str, Any]] = {
        "kind": "message",
        "title": "The centre is closed on Monday",
        "entity": "users",
        "entity_id": "019a001d-057c-7498-888d-b925f47ba4f0",
        "data": {"day": "2030-05-20"},
    }

    kind: NotificationKind = OpenEnumField(NotificationKind, MessageKind.message)
    title: str = Field(max_length=500)
    entity: str | None = Field(
        default=None, max_length=50, description="The resource of the row in `entity_id`."
    )
    entity_id: UUID | None = Field(
        default=None, description="The id of the row that the notification is about."
    )
    data: dict[str, object] = Field(
        default={}, sa_type=JSON, description="More details. They depend on the kind."
    )
    read_at: datetime | None = Field(default=None, description="Null if unread.")


class Notification(NotificationPublic, table=True):
    __activity__ = False  # nobody changes the words of the application
    __live__ = ("created",)
    __table_args__ = (
        *listed("user_id", by=("id",)),
        *listed("user_id", by=("read_at",)),
        *listed(by=("created_at",)),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
