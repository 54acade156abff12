"""The places of a pool. A writer may wait for a lock, so writers cannot take all places."""

import asyncio
from collections import deque

from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.db.request_state import refuse_abandoned

LOOKS = 8  # within the time that a request waits


class Places:
    """How many connections may be in use. Those who wait get them in order.

    Those who have waited for too long are found by looks, all at once. A clock would count the time in which
    the process itself stood still, and refuse all who wait, although connections are free a moment later.
    """

    def __init__(self, size: int, seconds: float) -> None:
        self.free, self.seconds = size, seconds
        self.for_writers = max(1, size - max(1, size // 4))
        # With the number of looks that there were before
        self.waiting: deque[tuple[asyncio.Future[None], bool, int]] = deque()
        self.looks = 0
        self.timer: asyncio.TimerHandle | None = None

    def take(self, is_writer: bool) -> bool:
        """Take a place, if there is one."""
        if not self.free or (is_writer and not self.for_writers):
            return False
        self.free -= 1
        self.for_writers -= is_writer
        return True

    async def wait(self, is_writer: bool) -> None:
        """Wait for a place, and take it."""
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = ready, is_writer, self.looks
        if not self.waiting:
            self._arm()
        self.waiting.append(entry)
        try:
            await ready
        except BaseException:
            if entry in self.waiting:
                self.waiting.remove(entry)
            elif not ready.cancelled() and ready.exception() is None:  # it got its place at the last moment
                self.give_back(is_writer)
            raise
        try:
            refuse_abandoned()
        except BaseException:
            self.give_back(is_writer)
            raise

    def give_back(self, is_writer: bool) -> None:
        self.free += 1
        self.for_writers += is_writer
        for place, (ready, writes, _) in enumerate(self.waiting):
            if not ready.done() and self.take(writes):
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
