"""Wakes those who listen for a user's events, in this process and in all others. It carries no events: those are in
the database, and whoever is woken reads there. A call that gets lost costs time, never an event.

Within a process, a commit wakes directly. Others hear of it through Redis, where there is one. Besides, each process
looks at the inboxes of those who listen: every second, or rarely while Redis is connected.
"""

import asyncio
import logging
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy import bindparam
from sqlmodel import col, func, select
from starlette.requests import HTTPConnection

from api.db import redis_client as redis
from api.db.engine import Database
from api.db.outbox import GONE
from api.live.reader import Mailroom
from api.models.event import Inbox
from api.models.user import User
from api.problems import Code, ProblemError
from api.settings import Settings

if TYPE_CHECKING:
    from redis.asyncio import Redis

log = logging.getLogger(__name__)

CHANNEL = "onefold:inboxes"
PATIENCE = 0.5  # seconds for Redis to take a call
RARELY = 5.0  # seconds between two looks at the table while Redis is connected

NUMBERS = (
    select(User.id, func.coalesce(Inbox.number, 0))
    .select_from(User)
    .outerjoin(Inbox, col(Inbox.user_id) == col(User.id))
    .where(col(User.id).in_(bindparam("ids", expanding=True)))
)


class Bus:
    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings, self.database = settings, database
        self.mailroom = Mailroom(database)
        self.listeners: defaultdict[UUID, set[asyncio.Event]] = defaultdict(set)
        self.numbers: dict[UUID, int] = {}  # how far their inboxes went when they were last woken
        self.closing = False
        self.connected = False
        self.lost = asyncio.Event()  # Redis, just now
        self.calls: dict[UUID, int] = {}  # what the other processes have not been told yet
        self.called = asyncio.Event()
        self.name = secrets.token_hex(8)
        self.redis: Redis | None = None
        if settings.redis_url:
            self.redis = redis.connect(settings.redis_url, socket_connect_timeout=PATIENCE, decode_responses=True)

    @contextmanager
    def listen(self, user_id: UUID) -> Iterator[asyncio.Event]:
        """An event that is set whenever there may be something new for this user."""
        if self.closing:
            raise ProblemError(Code.unavailable, "The server is shutting down. Connect again.", headers={"Retry-After": "1"})
        if len(self.listeners[user_id]) >= self.settings.streams_per_user:
            raise ProblemError(Code.too_many_requests, "Too many open streams. Close one first.", headers={"Retry-After": "10"})
        self.listeners[user_id].add(bell := asyncio.Event())
        try:
            yield bell
        finally:
            self.listeners[user_id].discard(bell)
            if not self.listeners[user_id]:
                del self.listeners[user_id]
                self.numbers.pop(user_id, None)

    def wake(self, numbers: Mapping[UUID, int]) -> None:
        """A transaction of this process was committed. Nothing is awaited: it must not hold up the writer."""
        self._ring(numbers)
        if self.redis is not None:
            self.calls |= numbers
            self.called.set()

    def close(self) -> None:
        """Send all listeners away, and let nobody in any more."""
        self.closing = True
        self._ring(dict.fromkeys(self.listeners, -1))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        work: list[Callable[[], Awaitable[None]]] = [self._look]
        if self.redis is not None:
            work += [partial(self._publish, self.redis), partial(self._subscribe, self.redis)]
        tasks = [asyncio.create_task(_forever(step)) for step in work]
        try:
            yield
        finally:
            self.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self.redis is not None:
                await self.redis.aclose()

    def _ring(self, numbers: Mapping[UUID, int]) -> None:
        for id in self.listeners.keys() & numbers.keys():
            self.numbers[id] = numbers[id]
            for bell in self.listeners[id]:
                bell.set()

    async def _look(self) -> None:
        """One query, however many listen; none when nobody does."""
        self.lost.clear()
        try:
            async with asyncio.timeout(RARELY if self.connected else self.settings.stream_poll_seconds):
                await self.lost.wait()
        except TimeoutError:
            pass
        if ids := list(self.listeners):
            found = dict(await self.database.rows(NUMBERS, ids=ids))
            self._ring({id: found.get(id, GONE) for id in ids if self.numbers.get(id) != found.get(id, GONE)})

    async def _publish(self, client: "Redis") -> None:
        await self.called.wait()
        self.called.clear()
        calls, self.calls = self.calls, {}
        text = " ".join([self.name, *(f"{id}:{number}" for id, number in calls.items())])
        try:
            async with asyncio.timeout(PATIENCE):
                await client.publish(CHANNEL, text)
        except redis.failures():
            pass  # the others look at the table, and `_subscribe` has said that Redis is away

    async def _subscribe(self, client: "Redis") -> None:
        try:
            async with client.pubsub() as channel:
                await channel.subscribe(CHANNEL)
                async for message in channel.listen():
                    if message["type"] == "message":
                        self._hear(str(message["data"]))
                    else:  # we are subscribed; whatever was said before that was not for us
                        self.connected = True
                        self._ring(dict.fromkeys(self.listeners, -1))
        except redis.failures() as error:
            if self.connected:
                log.warning("Redis is away; this process looks at the table for what others write: %s", error)
        finally:
            self.connected = False
            self.lost.set()
        await asyncio.sleep(self.settings.stream_poll_seconds)

    def _hear(self, text: str) -> None:
        name, *calls = text.split()
        if name != self.name:  # our own were woken at once
            parts = (call.partition(":") for call in calls)
            self._ring({UUID(id): int(number) for id, _, number in parts})


async def _forever(step: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await step()
        except Exception as error:  # the database is away, or a call makes no sense: there is always a next time
            log.warning("Cannot wake listeners: %r", error)
            await asyncio.sleep(1)


async def get_bus(connection: HTTPConnection) -> Bus:
    bus: Bus = connection.app.state.bus
    return bus


BusDep = Annotated[Bus, Depends(get_bus)]
