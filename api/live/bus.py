"""The bus wakes the listeners of a user's events, in all processes.

It carries no events: listeners read these from the database. So a lost message delays an event, but never
loses it.

A commit wakes the listeners of its own process directly, and those of other processes through Redis, if
configured. Each process also polls the inboxes of its listeners: every second, or less often while Redis is
connected.
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
from api.live.reader import EventReader
from api.models.event import Inbox
from api.models.user import User
from api.problems import Code, ProblemError
from api.settings import Settings

if TYPE_CHECKING:
    from redis.asyncio import Redis

log = logging.getLogger(__name__)

CHANNEL = "onefold:inboxes"
PUBLISH_SECONDS = 0.5  # seconds to wait for Redis when publishing
CONNECTED_POLL_SECONDS = 5.0  # seconds between two polls while Redis is connected

NUMBERS = (
    select(User.id, func.coalesce(Inbox.number, 0))
    .select_from(User)
    .outerjoin(Inbox, col(Inbox.user_id) == col(User.id))
    .where(col(User.id).in_(bindparam("ids", expanding=True)))
)


class Bus:
    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings, self.database = settings, database
        self.reader = EventReader(database)
        self.listeners: defaultdict[UUID, set[asyncio.Event]] = defaultdict(set)
        self.numbers: dict[UUID, int] = {}  # the last number of each inbox at the last wake-up
        self.closing = False
        self.connected = False
        self.lost = asyncio.Event()  # set when the connection to Redis is lost
        self.calls: dict[UUID, int] = {}  # the changes not yet published to other processes
        self.called = asyncio.Event()
        self.name = secrets.token_hex(8)
        self.redis: Redis | None = None
        if settings.redis_url:
            self.redis = redis.connect(
                settings.redis_url, socket_connect_timeout=PUBLISH_SECONDS, decode_responses=True
            )

    @contextmanager
    def listen(self, user_id: UUID) -> Iterator[asyncio.Event]:
        """Register a listener. The asyncio.Event is set whenever this user may have new events."""
        if self.closing:
            raise ProblemError(
                Code.unavailable, "The server is shutting down. Connect again.", headers={"Retry-After": "1"}
            )
        if len(self.listeners[user_id]) >= self.settings.streams_per_user:
            raise ProblemError(
                Code.too_many_requests,
                f"At most {self.settings.streams_per_user} streams may be open. Close one first.",
                headers={"Retry-After": "10"},
                members={"max_streams": self.settings.streams_per_user},
            )
        self.listeners[user_id].add(woken := asyncio.Event())
        try:
            yield woken
        finally:
            self.listeners[user_id].discard(woken)
            if not self.listeners[user_id]:
                del self.listeners[user_id]
                self.numbers.pop(user_id, None)

    def wake(self, numbers: Mapping[UUID, int]) -> None:
        """Wake listeners after a commit of this process.

        It awaits nothing, so that it does not delay the writer.
        """
        self._wake_local(numbers)
        if self.redis is not None:
            self.calls |= numbers
            self.called.set()

    def close(self) -> None:
        """Disconnect all listeners, and refuse new ones."""
        self.closing = True
        self._wake_local(dict.fromkeys(self.listeners, -1))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        work: list[Callable[[], Awaitable[None]]] = [self._poll]
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

    def _wake_local(self, numbers: Mapping[UUID, int]) -> None:
        for id in self.listeners.keys() & numbers.keys():
            self.numbers[id] = numbers[id]
            for woken in self.listeners[id]:
                woken.set()

    async def _poll(self) -> None:
        """Poll the inboxes: one query for all listeners, and none without listeners."""
        self.lost.clear()
        try:
            async with asyncio.timeout(
                CONNECTED_POLL_SECONDS if self.connected else self.settings.stream_poll_seconds
            ):
                await self.lost.wait()
        except TimeoutError:
            pass
        if ids := list(self.listeners):
            found = dict(await self.database.rows(NUMBERS, ids=ids))
            self._wake_local(
                {id: found.get(id, GONE) for id in ids if self.numbers.get(id) != found.get(id, GONE)}
            )

    async def _publish(self, client: "Redis") -> None:
        await self.called.wait()
        self.called.clear()
        calls, self.calls = self.calls, {}
        text = " ".join([self.name, *(f"{id}:{number}" for id, number in calls.items())])
        try:
            async with asyncio.timeout(PUBLISH_SECONDS):
                await client.publish(CHANNEL, text)
        except redis.failures():
            pass  # other processes poll, and `_subscribe` logs that Redis is unavailable

    async def _subscribe(self, client: "Redis") -> None:
        try:
            async with client.pubsub() as channel:
                await channel.subscribe(CHANNEL)
                async for message in channel.listen():
                    if message["type"] == "message":
                        self._receive(str(message["data"]))
                    else:  # subscribed; earlier messages are lost, so wake all
                        self.connected = True
                        self._wake_local(dict.fromkeys(self.listeners, -1))
        except redis.failures() as error:
            if self.connected:
                log.warning("Redis is unavailable; this process polls the database for events: %s", error)
        finally:
            self.connected = False
            self.lost.set()
        await asyncio.sleep(self.settings.stream_poll_seconds)

    def _receive(self, text: str) -> None:
        name, *calls = text.split()
        if name != self.name:  # this process has woken its own listeners already
            parts = (call.partition(":") for call in calls)
            self._wake_local({UUID(id): int(number) for id, _, number in parts})


async def _forever(step: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await step()
        except Exception as error:  # the database is unavailable, or a message is malformed: try again
            log.warning("Listeners could not be woken: %r", error)
            await asyncio.sleep(1)


async def get_bus(connection: HTTPConnection) -> Bus:
    bus: Bus = connection.app.state.bus
    return bus


BusDep = Annotated[Bus, Depends(get_bus)]
