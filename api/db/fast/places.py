"""The places of a pool. A writer may wait for a lock, so writers cannot take all places."""

import asyncio
from collections import deque

from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.db.request_state import refuse_abandoned


class Places:
    """How many connections may be in use. Those who wait get them in order."""

    def __init__(self, size: int, seconds: float) -> None:
        self.free, self.seconds = size, seconds
        self.for_writers = max(1, size - max(1, size // 4))
        self.waiting: deque[tuple[asyncio.Future[None], bool]] = deque()

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
        self.waiting.append((ready, is_writer))
        try:
            async with asyncio.timeout(self.seconds):
                await ready
        except BaseException as error:
            if ready.done() and not ready.cancelled():  # it got its place at the last moment
                self.give_back(is_writer)
            else:
                self.waiting.remove((ready, is_writer))
            if isinstance(error, TimeoutError):
                raise PoolTimeout(f"No connection became free within {self.seconds:g} seconds.") from None
            raise
        try:
            refuse_abandoned()
        except BaseException:
            self.give_back(is_writer)
            raise

    def give_back(self, is_writer: bool) -> None:
        self.free += 1
        self.for_writers += is_writer
        for place, (ready, writes) in enumerate(self.waiting):
            if not ready.done() and self.take(writes):
                del self.waiting[place]
                return ready.set_result(None)
