"""The watch over running statements on PostgreSQL: none is waited for without end.

A server that is frozen, or that the network does not reach, says nothing at all. So a statement has a
deadline of our own, after which its connection is closed on the spot. A statement that waits for a lock while
its client has left is cancelled.

Statements are looked at a few times a second, all at once, because a timer for each one would cost more.
"""

import asyncio
import math
import os
import socket
from contextlib import suppress
from typing import Any

import psycopg

from api.db.request_state import current

STEP = 0.25  # seconds between two looks
GRACE = 0.5  # seconds that the server has to end a statement by itself, by `statement_timeout`
CANCEL_SECONDS = 2.0  # for the server to end a statement that is cancelled


class Watch:
    def __init__(self, seconds: float, connect_seconds: float) -> None:
        self.step = min(STEP, seconds / 4, connect_seconds / 4)
        self.looks = self._looks(seconds + min(GRACE, seconds))
        self.looks_at_start = self._looks(connect_seconds)
        self.active: set[Any] = set()
        self.cancelling: set[asyncio.Task[None]] = set()
        self.timer: asyncio.TimerHandle | None = None
        self.cuts = 0  # how often a statement was late: earlier connections are not used again

    def _looks(self, seconds: float) -> int:
        return math.ceil(seconds / self.step)

    def begin(self, connection: Any) -> None:
        """A statement begins on this connection."""
        connection.looks, connection.state = 0, current.get()
        self.active.add(connection)
        if self.timer is None:
            self._arm()

    def end(self, connection: Any) -> None:
        connection.state = None
        self.active.discard(connection)

    def _arm(self) -> None:
        self.timer = asyncio.get_running_loop().call_later(self.step, self._look)

    def _look(self) -> None:
        self.timer = None
        for connection in self.active:
            connection.looks += 1
            if connection.looks >= connection.limit:
                self.cut(connection)
            elif connection.state is not None and connection.state.is_abandoned:
                connection.state = None  # cancelled once
                self.cancel(connection)
        if self.active:
            self._arm()

    def cut(self, connection: Any) -> None:
        """Shut the socket, so that what waits for the server fails at once. No connection like it is used."""
        if not connection.is_cut:
            connection.is_cut = True
            self.cuts += 1
        with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as shut:
            shut.shutdown(socket.SHUT_RDWR)

    def cancel(self, connection: Any, *, closes: bool = False) -> None:
        """Ask the server to end the statement, without waiting for it. The connection is not used again."""
        connection.is_cancelled = True
        task = asyncio.create_task(_cancel(connection, closes))
        self.cancelling.add(task)
        task.add_done_callback(self.cancelling.discard)

    async def close(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        for task in self.cancelling:
            task.cancel()
        await asyncio.gather(*self.cancelling, return_exceptions=True)


async def _cancel(connection: Any, closes: bool) -> None:
    try:
        with suppress(psycopg.Error):
            await connection.cancel_safe(timeout=CANCEL_SECONDS)
    finally:
        if closes:
            connection.pgconn.finish()
