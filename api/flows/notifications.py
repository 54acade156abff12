"""Notifications: rows that are written in the same transaction as the change that they report.

An entity declares its kinds in the file that notifies: `class KiteNotificationKind(NotificationKind)`.
Users get no notifications about their own actions, except receipts for bookings and enrollments.
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
    notification = Notification(
        user_id=user_id, kind=kind, title=title, entity=entity, entity_id=id, data=dict(data or {})
    )
    session.add(notification)
    return notification
