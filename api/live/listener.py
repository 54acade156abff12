"""The listener: the common part of a server-sent event stream and a WebSocket, which differ only in sending.

A listener reads its events from the database in pages, and reads the next page after it has sent the last
one. Between pages it holds no database session and little memory, so a client that does not read costs
little.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from enum import IntEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy import bindparam
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from api.db.live_events import Topic
from api.deps.authentication import Caller
from api.live.bus import Bus
from api.live.reader import PAGE, Frame, Page, Place
from api.models.event import Inbox
from api.problems import Code, ProblemError
from api.security import InvalidToken, read_token

log = logging.getLogger(__name__)

NOTIFICATIONS = [topic for topic in Topic.members() if topic == "notifications"]
LAST = 2**53 - 1  # the highest safe integer of JavaScript

INBOX = select(Inbox.number, Inbox.pruned).where(col(Inbox.user_id) == bindparam("user_id"))


def _split(given: object) -> object:
    """`topics=kites,notifications` is the same as `topics=kites&topics=notifications`."""
    parts = given if isinstance(given, list) else [given]
    return [one for part in parts for one in (part.split(",") if isinstance(part, str) else [part])]


class TopicQuery(BaseModel, extra="forbid"):
    """The topics of a listener."""

    topics: Annotated[list[Topic], BeforeValidator(_split)] = Field(
        default=NOTIFICATIONS,
        min_length=1,
        max_length=len(Topic.members()),
        description="The kinds of changes to receive.",
    )


class CloseReason(IntEnum):
    """The reason for the end of a listener, as the close code of a WebSocket."""

    restarting = 1012
    unavailable = 1013
    signed_out = 4401


class Listener:
    """A signed-in client that receives events, from the last number that it has seen."""

    def __init__(
        self, bus: Bus, woken: asyncio.Event, caller: Caller, token: str, topics: list[Topic]
    ) -> None:
        self.bus, self.woken = bus, woken
        self.user_id: UUID = caller.user.id
        self.session_id = caller.session_id
        try:
            self.ends: float = read_token(bus.settings, "access", token)["exp"]
        except InvalidToken:  # it has expired since it was read
            raise ProblemError(Code.invalid_token) from None
        self.topics = tuple(sorted({topic.value for topic in topics}))
        self.last = 0
        self.close_reason = CloseReason.restarting

    async def start_after(self, seen: int | None) -> Frame:
        """Start after the last seen event if all later events are still stored, else with new events."""
        [(number, pruned)] = await self.bus.database.rows(INBOX, user_id=self.user_id) or [(0, 0)]
        self.bus.numbers.setdefault(self.user_id, number)
        is_whole = seen is None or pruned <= seen <= number
        self.last = seen if seen is not None and is_whole else number
        return Frame(self.last, "ready" if is_whole else "reset")

    async def events(self) -> AsyncGenerator[Frame | None]:
        """The events, and None as a heartbeat after a while without events."""
        while not self.bus.closing:
            self.woken.clear()  # before reading, so that a later commit sets it again
            page = await self._read()
            if page is None:
                return
            for frame in page:
                yield frame
                self.last = frame.id
            while len(page) < PAGE and not await self._is_woken():
                if time.time() >= self.ends:
                    break
                yield None
        self.close_reason = CloseReason.restarting

    async def _read(self) -> Page | None:
        self.close_reason = CloseReason.signed_out
        if time.time() >= self.ends:
            return None
        place = Place(self.user_id, self.topics, self.last)
        try:
            page = await self.bus.reader.read(place, self.session_id)
        except (SQLAlchemyError, OSError) as error:
            log.warning("A listener was disconnected, because the database could not be read: %s", error)
            self.close_reason = CloseReason.unavailable
            return None
        return page

    async def _is_woken(self) -> bool:
        """Wait until the next heartbeat or the token's end. Returns whether there may be new events."""
        wait = min(self.bus.settings.stream_heartbeat_seconds, max(0.0, self.ends - time.time()))
        try:
            async with asyncio.timeout(wait):
                return await self.woken.wait()
        except TimeoutError:
            return False
