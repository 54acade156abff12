"""Limits of time that leave out the time in which the process itself stood still.

A clock counts it. The limits of all that wait would then be over at once, although an answer of the database
is there to be read, or a connection becomes free a moment later. So the time is divided into looks: while the
process stands still, at most one of them is due.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import AsyncAdaptedQueuePool, PoolProxiedConnection
from sqlalchemy.exc import TimeoutError as PoolTimeout

LOOKS = 8  # within the time of a limit


@asynccontextmanager
async def timeout(seconds: float) -> AsyncIterator[None]:
    """What `asyncio.timeout` does, but with looks."""
    loop, limit = asyncio.get_running_loop(), asyncio.timeout(None)
    timer: asyncio.TimerHandle

    def wait_for_look(number: int) -> asyncio.TimerHandle:
        return loop.call_later(seconds / LOOKS, look, number)

    def look(number: int) -> None:
        nonlocal timer
        if number < LOOKS:
            timer = wait_for_look(number + 1)
        else:
            limit.reschedule(loop.time())

    timer = wait_for_look(1)
    try:
        async with limit:
            yield
    finally:
        timer.cancel()


class Pool(AsyncAdaptedQueuePool):
    """A pool that asks again if there were few looks while a request waited for a connection."""

    __module__ = "sqlalchemy.pool"  # it logs as those of SQLAlchemy do

    waiting = looks = 0

    def __init__(self, creator: Any, *, timeout: float = 30, **options: Any) -> None:
        super().__init__(creator, timeout=timeout, **options)
        self.seconds = timeout

    def connect(self) -> PoolProxiedConnection:
        if self.checkedout() < self.size():
            return super().connect()
        before = self.looks
        self.waiting += 1
        if self.waiting == 1:
            self._arm()
        try:
            return super().connect()
        except PoolTimeout:
            if self.looks - before >= LOOKS // 2:
                raise
            return super().connect()
        finally:
            self.waiting -= 1
            if not self.waiting:
                self.timer.cancel()

    def _arm(self) -> None:
        self.timer = asyncio.get_running_loop().call_later(self.seconds / LOOKS, self._look)

    def _look(self) -> None:
        self.looks += 1
        self._arm()
