"""Listening: what a server-sent event stream and a WebSocket have in common. They differ only in how they send.

A listener reads its events from the table, page after page, the next when the last was sent. Between pages it holds
no session and no memory to speak of, so one that never reads costs its sender nothing.
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
from api.security import read_token

log = logging.getLogger(__name__)

NOTIFICATIONS = [topic for topic in Topic.members() if topic == "notifications"]
LAST = 2**53 - 1  # the highest number that JavaScript knows

SO_FAR = select(Inbox.number, Inbox.pruned).where(col(Inbox.user_id) == bindparam("user_id"))


def _split(given: object) -> object:
    """`topics=tasks,notes` is the same as `topics=tasks&topics=notes`."""
    parts = given if isinstance(given, list) else [given]
    return [one for part in parts for one in (part.split(",") if isinstance(part, str) else [part])]


class Wishes(BaseModel, extra="forbid"):
    """What somebody wants to listen to."""

    topics: Annotated[list[Topic], BeforeValidator(_split)] = Field(
        default=NOTIFICATIONS,
        min_length=1,
        max_length=len(Topic.members()),
        description="The kinds of changes to receive.",
    )


class Over(IntEnum):
    """Why listening ended, as the code that closes a WebSocket."""

    restarting = 1012
    unavailable = 1013
    signed_out = 4401


class Listener:
    """Somebody who has signed in and listens, from the number on that they have seen."""

    def __init__(self, bus: Bus, bell: asyncio.Event, caller: Caller, token: str, topics: list[Topic]) -> None:
        self.bus, self.bell = bus, bell
        self.user_id: UUID = caller.user.id
        self.session_id = caller.session_id
        self.ends: float = read_token(bus.settings, "access", token)["exp"]
        self.topics = tuple(sorted({topic.value for topic in topics}))
        self.last = 0
        self.over = Over.restarting

    async def arrive(self, seen: int | None) -> Frame:
        """Find the place to begin at: now, or after what was seen, if all that came since is still there."""
        [(number, pruned)] = await self.bus.database.rows(SO_FAR, user_id=self.user_id) or [(0, 0)]
        self.bus.numbers.setdefault(self.user_id, number)
        is_whole = seen is None or pruned <= seen <= number
        self.last = seen if seen is not None and is_whole else number
        return Frame(self.last, "ready" if is_whole else "reset")

    async def events(self) -> AsyncGenerator[Frame | None]:
        """The events as they come, and None when there was none for a while, until listening is over."""
        while not self.bus.closing:
            self.bell.clear()  # before reading: what is committed after that rings again
            page = await self._read()
            if page is None:
                return
            for frame in page:
                yield frame
                self.last = frame.id
            while len(page) < PAGE and not await self._rings():
                if time.time() >= self.ends:
                    break
                yield None
        self.over = Over.restarting

    async def _read(self) -> Page | None:
        self.over = Over.signed_out
        if time.time() >= self.ends:
            return None
        place = Place(self.user_id, self.topics, self.last)
        try:
            page = await self.bus.mailroom.read(place, self.session_id)
        except (SQLAlchemyError, OSError) as error:
            log.warning("A listener is sent away, because the database could not be read: %s", error)
            self.over = Over.unavailable
            return None
        return page

    async def _rings(self) -> bool:
        """Wait for the bell, as long as a heartbeat or as the token lasts."""
        wait = min(self.bus.settings.stream_heartbeat_seconds, max(0.0, self.ends - time.time()))
        try:
            async with asyncio.timeout(wait):
                return await self.bell.wait()
        except TimeoutError:
            return False
