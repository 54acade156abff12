"""Notifying somebody. A notification is a row like any other, written in the transaction that it is about.

An entity declares its kinds where it notifies: `class BookingNotificationKind(NotificationKind)`. Nobody is
notified of what they have just done themselves, except as a receipt: for a seat in a slot or a place in a course.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from api.models.base import Entity
from api.models.notification import Notification, NotificationKind


def notify(
    session: AsyncSession,
    user_id: UUID,
    kind: NotificationKind,
    title: str,
    about: Entity | None = None,
    data: Mapping[str, Any] | None = None,
) -> Notification:
    entity, id = (str(about.__tablename__), about.id) if about else (None, None)
    notification = Notification(user_id=user_id, kind=kind, title=title, entity=entity, entity_id=id, data=dict(data or {}))
    session.add(notification)
    return notification
