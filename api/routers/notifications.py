"""Your notifications, as a list and as a live stream."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Literal

from fastapi import Depends, Header, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlmodel import col, select, update

from api.db import SessionDep
from api.db.live_events import LiveEvent
from api.deps import (
    CallerDep,
    CurrentUser,
    bearer,
    check_reference,
    declares,
    mine,
    owned,
    require,
    scope_values,
)
from api.flows.notifications import notify
from api.lists import By, Page, PageQuery, paginate
from api.live.bus import BusDep
from api.live.listener import LAST, Listener, TopicQuery
from api.live.reader import Frame
from api.models.base import utcnow
from api.models.notification import (
    MessageKind,
    Notification,
    NotificationCreate,
    NotificationKind,
    NotificationPermission,
    NotificationPublic,
)
from api.models.user import User
from api.problems import Code, invalid
from api.web import Router, repeatable

router = Router(prefix="/notifications", tags=["notifications"])

MINE = mine(Notification, "user_id")
UNREAD = col(Notification.read_at).is_(None)
MyNotification = Annotated[Notification, Depends(owned(Notification, column="user_id"))]


class NotificationQuery(PageQuery[Notification]):
    unread: Annotated[bool | None, By(lambda yes: UNREAD if yes else ~UNREAD)] = None
    kind: NotificationKind | None = None
    sort: Literal["id"] = "id"


@router.get("")
async def list_notifications(
    session: SessionDep, user: CurrentUser, query: Annotated[NotificationQuery, Query()]
) -> Page[NotificationPublic]:
    return await paginate(session, query, MINE, **scope_values(user))


@router.post("", status_code=201, dependencies=[require(NotificationPermission.send)])
async def send_message(
    session: SessionDep, body: NotificationCreate, response: Response
) -> NotificationPublic:
    """Send a message to one or more users.

    Each recipient gets a notification. The answer is the notification for `user_id`.
    """
    others = body.other_user_ids - {body.user_id}
    await check_reference(session, User, body.user_id, "user_id")
    if len(set(await session.exec(select(User.id).where(col(User.id).in_(others))))) < len(others):
        raise invalid(
            ["body", "other_user_ids"], "At least one of these users does not exist.", "unknown_reference"
        )
    sent = [
        notify(session, id, MessageKind.message, body.title, data=body.data) for id in [body.user_id, *others]
    ]
    response.headers["Location"] = "/api/v1/notifications"  # the recipient's list
    return sent[0]


@router.put("/read", status_code=204)
async def read_notifications(session: SessionDep, user: CurrentUser) -> None:
    """Mark all your notifications as read."""
    await session.exec(
        update(Notification).where(MINE, UNREAD).values(read_at=utcnow()), params={"caller": user.id}
    )


@router.put("/{id}/read")
@repeatable
async def read_notification(notification: MyNotification) -> NotificationPublic:
    """Mark a notification as read. A second request changes nothing."""
    if notification.read_at is None:
        notification.read_at = notification.updated_at = utcnow()
    return notification


SeenId = Annotated[
    int | None,
    Header(alias="Last-Event-ID", ge=0, le=LAST, description="The `id` of the last event that you received."),
]


@declares("own", Code.too_many_requests)
async def get_opening(
    bus: BusDep,
    caller: CallerDep,
    token: Annotated[str, Depends(bearer)],
    query: Annotated[TopicQuery, Query()],
    last_event_id: SeenId = None,
) -> AsyncIterator[tuple[Listener, Frame]]:
    """The listener and its first frame.

    The place is found before the answer begins, so the stream contains every later commit.
    """
    with bus.listen(caller.user.id) as woken:
        listener = Listener(bus, woken, caller, token, query.topics)
        yield listener, await listener.start_after(last_event_id)


@router.get("/stream", response_class=EventSourceResponse)
async def stream_notifications(
    opening: Annotated[tuple[Listener, Frame], Depends(get_opening)],
) -> AsyncIterator[LiveEvent]:
    """A live stream of your notifications and of changes in the requested topics, as server-sent events.

    The first event is `ready`, or `reset` if the server no longer has the events after `Last-Event-ID`. The
    stream ends when the access token expires: connect again with a new token and the last `id`. `WS
    /ws/notify` sends the same events.
    """
    listener, first = opening
    sent: Any
    yield (sent := _sent(first))
    async with aclosing(listener.events()) as frames:
        async for frame in frames:
            sent = ServerSentEvent(comment="heartbeat") if frame is None else _sent(frame)
            yield sent


# Unicode line ends. The protocol does not treat them as line ends, but some clients do.
ESCAPED = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def _sent(frame: Frame) -> Any:
    return ServerSentEvent(raw_data=frame.text.translate(ESCAPED), event=frame.kind, id=str(frame.id))
