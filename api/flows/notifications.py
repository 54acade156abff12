"""Who is notified of what. A notification is a row like any other: it is there if, and only if, what it tells of is.

Nobody is told what they have just done themselves, except as a receipt: for a seat in a slot or a place in a course.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from api.models.base import Entity
from api.models.booking import Booking
from api.models.comment import Comment
from api.models.course import Course
from api.models.group import Group
from api.models.notification import Notification, NotificationKind
from api.models.post import Post
from api.models.record import Record
from api.models.user import User


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


def booking_confirmed(session: AsyncSession, booking: Booking) -> None:
    title = f"Your booking is confirmed: {booking.slot.title}"
    notify(session, booking.owner_id, NotificationKind.booking_confirmed, title, booking, {"slot_id": str(booking.slot_id)})


def booking_cancelled(session: AsyncSession, booking: Booking) -> None:
    title = f"Your booking is cancelled: {booking.slot.title}"
    notify(session, booking.owner_id, NotificationKind.booking_cancelled, title, booking, {"slot_id": str(booking.slot_id)})


def comment_created(session: AsyncSession, comment: Comment, post: Post, author: User) -> None:
    if post.author_id != author.id:
        title = f"{author.full_name} commented on {post.title}"
        notify(session, post.author_id, NotificationKind.comment_created, title, comment, {"post_id": str(post.id)})


def group_joined(session: AsyncSession, group: Group, member: User, by: User) -> None:
    data = {"user_id": str(member.id)}
    if group.owner_id is not None and group.owner_id not in {member.id, by.id}:
        notify(session, group.owner_id, NotificationKind.group_joined, f"{member.full_name} joined {group.name}", group, data)
    if member.id != by.id:
        notify(session, member.id, NotificationKind.group_joined, f"You were added to {group.name}", group, data)


def course_enrolled(session: AsyncSession, course: Course, user: User) -> None:
    data = {"user_id": str(user.id)}
    notify(session, user.id, NotificationKind.course_enrolled, f"You are enrolled in {course.title}", course, data)
    if course.instructor_id is not None and course.instructor_id != user.id:
        title = f"{user.full_name} enrolled in {course.title}"
        notify(session, course.instructor_id, NotificationKind.course_enrolled, title, course, data)


def record_created(session: AsyncSession, record: Record) -> None:
    title = f"A record about you was added: {record.title}"
    notify(session, record.user_id, NotificationKind.record_created, title, record)
