"""Watches the connections of a server: how many are open, and for how long each waits for its client.

A client that sends or reads too slowly is disconnected. This takes no timer and no work for each request: all
connections are looked at together, about once a second.
"""

import asyncio
import logging
import socket
import struct
from collections import Counter
from collections.abc import Collection
from enum import StrEnum
from math import inf
from typing import Any

from api.settings import Settings

log = logging.getLogger(__name__)

SLOWEST = 500  # bytes in a second; a client that is slower for too long is disconnected
GRACE_SECONDS = 1.0  # for which no connection has to make room for a new one
LOG_SECONDS = 10.0  # between two log lines with the same reason
REFUSED = 32  # connections over the limit that stay open until their clients have read why
RESERVED = 96  # descriptors for everything else: those that are told, the database, files
ACKNOWLEDGED = 120  # the place of `tcpi_bytes_acked` in Linux's tcp_info


class Ended(StrEnum):
    """The reasons why connections are ended, for the log."""

    silent = "sent no whole request"
    slow_body = "sent a body too slowly"
    not_reading = "did not read"
    idle = "were idle"
    crowded = "made room for new ones"
    refused = "were too many"
    too_large = "sent an invalid or too large request"


class Watch:
    """The connections of one server. Each has `late`: for how many seconds its client has been too slow."""

    def __init__(self, settings: Settings, connections: Collection[Any], loop: asyncio.AbstractEventLoop):
        self.connections, self.loop = connections, loop
        self.patience = {
            Ended.silent: settings.header_seconds,
            Ended.slow_body: settings.body_seconds,
            Ended.not_reading: settings.stream_send_seconds,
            Ended.idle: inf,  # uvicorn has a timer
        }
        self.most = settings.max_connections
        if (descriptors := _descriptors()) is not None:
            self.most = max(1, min(self.most, descriptors - RESERVED))
        self.period = min(1.0, *(seconds / 4 for seconds in self.patience.values()))
        self.ended: Counter[Ended] = Counter()
        self.is_looking = False
        self.told: dict[Any, None] = {}  # connections that are refused, in order
        self.quiet: dict[Ended, float] = {}  # until when, by the loop's clock, the log does not name a reason

    def has_room(self) -> bool:
        """Whether a new connection may stay. If there are too many, the slowest one is ended."""
        self._go_on()
        if len(self.connections) - len(self.told) <= self.most:
            return True
        watched = [one for one in self.connections if hasattr(one, "late") and one not in self.told]
        slowest = max(watched, key=lambda one: float(one.late))
        if slowest.late < GRACE_SECONDS:
            return False
        slowest.end(Ended.crowded)
        return True

    def tell(self, connection: Any) -> None:
        """A client reads that there is no room. If there are too many, the first one has had its time."""
        if len(self.told) >= REFUSED:
            first = next(iter(self.told))
            del self.told[first]
            first.transport.close()  # after what is still to be sent
        self.told[connection] = None

    def note(self, reason: Ended) -> None:
        self.ended[reason] += 1
        self._go_on()

    def _go_on(self) -> None:
        if not self.is_looking:
            self.is_looking = True
            self.loop.call_later(self.period, self._look)

    def _look(self) -> None:
        self.is_looking = False
        for one in [one for one in self.connections if hasattr(one, "late")]:  # not those of WebSockets
            one.look(self.period)
        now = self.loop.time()
        if due := [reason for reason in self.ended if self.quiet.get(reason, 0.0) <= now]:
            said = ", ".join(f"{self.ended.pop(reason)} {reason}" for reason in due)
            log.warning("Ended connections: %s; %d of %d are open", said, len(self.connections), self.most)
            self.quiet |= dict.fromkeys(due, now + LOG_SECONDS)
        if self.connections or self.ended:
            self._go_on()


def _descriptors() -> int | None:
    """How many files and sockets this process may have open, if the system limits them."""
    try:
        import resource  # noqa: PLC0415  Windows does not have it
    except ImportError:
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else soft


def bytes_taken(transport: Any) -> int:
    """How many bytes the client's machine has taken, where the system tells, or how few are left here."""
    try:
        connection = socket.socket(fileno=transport.get_extra_info("socket").fileno())
        try:
            told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, ACKNOWLEDGED + 8)
        finally:
            connection.detach()
        return int(struct.unpack_from("Q", told, ACKNOWLEDGED)[0])
    except (OSError, AttributeError, struct.error):
        return -int(transport.get_write_buffer_size())
