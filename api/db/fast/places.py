"""The places of a pool. Writers may wait for a lock, and searches take long: they cannot take all places."""

import asyncio
from collections import deque
from enum import Enum

from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.db.request_state import refuse_abandoned
from api.db.timeouts import LOOKS


class Use(Enum):
    """What a connection is used for."""

    read = "read"
    write = "write"
    search = "search"  # or count


class Places:
    """How many connections may be in use. Those who wait get them in order.

    Those who have waited for too long are found by looks, all at once. A clock would count the time in which
    the process itself stood still, and refuse all who wait, although connections are free a moment later.
    """

    def __init__(self, size: int, seconds: float) -> None:
        self.free, self.seconds = size, seconds
        self.for_slow = max(1, size - max(1, size // 4))  # writers and searches
        self.for_searches = max(1, size // 2)
        # With the number of looks that there were before
        self.waiting: deque[tuple[asyncio.Future[None], Use, int]] = deque()
        self.looks = 0
        self.timer: asyncio.TimerHandle | None = None

    def take(self, use: Use) -> bool:
        """Take a place, if there is one."""
        is_slow, is_search = use is not Use.read, use is Use.search
        if not self.free or (is_slow and not self.for_slow) or (is_search and not self.for_searches):
            return False
        self.free -= 1
        self.for_slow -= is_slow
        self.for_searches -= is_search
        return True

    async def wait(self, use: Use) -> None:
        """Wait for a place, and take it."""
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = ready, use, self.looks
        if not self.waiting:
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
        for place, (ready, wanted, _) in enumerate(self.waiting):
            if not ready.done() and self.take(wanted):
                del self.waiting[place]
                return ready.set_result(None)

    def _arm(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.timer = asyncio.get_running_loop().call_later(self.seconds / LOOKS, self._look)

    def _look(self) -> None:
        self.timer, self.looks = None, self.looks + 1
        while self.waiting and self.looks - self.waiting[0][2] >= LOOKS:
            ready, *_ = self.waiting.popleft()
            if not ready.done():
                said = f"No connection became free within {self.seconds:g} seconds."
                ready.set_exception(PoolTimeout(said))
        if self.waiting:
            self._arm()
