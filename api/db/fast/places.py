"""The places of a pool. Writers may wait for a lock, and searches take long: they cannot take all places."""

import asyncio
import re
from collections import deque
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from uuid import UUID

from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.db.request_state import current, refuse_abandoned
from api.db.timeouts import LOOKS

SLOW = re.compile(r" LIKE |@@|^SELECT count\(|GROUP BY", re.I)  # what may read every row of a list


class Use(Enum):
    """What a connection is used for."""

    read = "read"
    write = "write"
    search = "search"  # or count


@lru_cache(1024)
def use_of(sql: str) -> Use:
    """What a statement that reads is for."""
    return Use.search if SLOW.search(sql) else Use.read


@dataclass(eq=False, slots=True)
class Waiting:
    ready: asyncio.Future[None]
    use: Use
    looks: int  # that there were before
    user: UUID | None  # who asks


class Places:
    """How many connections may be in use. Users who wait take turns. Those of one user get them in order.

    Those who have waited for too long are found by looks, all at once. A clock would count the time in which
    the process itself stood still, and refuse all who wait, although connections are free a moment later.
    """

    def __init__(self, size: int, seconds: float) -> None:
        self.free, self.seconds = size, seconds
        self.for_slow = max(1, size - max(1, size // 4))  # writers and searches
        self.for_searches = max(1, size // 2)
        self.waiting: deque[Waiting] = deque()
        # Users who got a place while others waited, the last at the end
        self.served: dict[UUID | None, None] = {}
        self.looks = 0
        self.timer: asyncio.TimerHandle | None = None

    def _has(self, use: Use) -> bool:
        if use is Use.read or not self.free:
            return self.free > 0
        return self.for_slow > 0 and (use is Use.write or self.for_searches > 0)

    def take(self, use: Use) -> bool:
        """Take a place, if there is one."""
        if not self._has(use):
            return False
        self.free -= 1
        self.for_slow -= use is not Use.read
        self.for_searches -= use is Use.search
        return True

    async def wait(self, use: Use) -> None:
        """Wait for a place, and take it."""
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        state = current.get()
        entry = Waiting(ready, use, self.looks, state.user_id if state else None)
        if not self.waiting:
            self.served.clear()
            self._arm()
        self.waiting.append(entry)
        try:
            await ready
        except BaseException:
            if entry in self.waiting:
                self.waiting.remove(entry)
            elif not ready.cancelled() and ready.exception() is None:  # it got its place at the last moment
                self.give_back(use)
            raise
        try:
            refuse_abandoned()
        except BaseException:
            self.give_back(use)
            raise

    def give_back(self, use: Use) -> None:
        self.free += 1
        self.for_slow += use is not Use.read
        self.for_searches += use is Use.search
        if self.waiting and (entry := self._next()) is not None:
            self.take(entry.use)
            self.waiting.remove(entry)
            self.served.pop(entry.user, None)
            self.served[entry.user] = None
            entry.ready.set_result(None)

    def _next(self) -> Waiting | None:
        """The first one of the user whose last turn is the longest ago."""
        first: dict[UUID | None, Waiting] = {}
        for entry in self.waiting:
            if entry.user not in first and not entry.ready.done() and self._has(entry.use):
                if entry.user not in self.served:
                    return entry
                first[entry.user] = entry
        return next((first[user] for user in self.served if user in first), None)

    def _arm(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.timer = asyncio.get_running_loop().call_later(self.seconds / LOOKS, self._look)

    def _look(self) -> None:
        self.timer, self.looks = None, self.looks + 1
        while self.waiting and self.looks - self.waiting[0].looks >= LOOKS:
            ready = self.waiting.popleft().ready
            if not ready.done():
                said = f"No connection became free within {self.seconds:g} seconds."
                ready.set_exception(PoolTimeout(said))
        if self.waiting:
            self._arm()
