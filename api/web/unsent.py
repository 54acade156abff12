"""The large answers that wait for their clients: how much they take, and who makes room for others."""

import asyncio
import logging
from typing import Any

from starlette.types import Message, Send

from api.problems import Code, ProblemError

log = logging.getLogger(__name__)

GRACE_SECONDS = 1.0  # without reading, after which a client is disconnected if others need the room
LOOKS = 4  # within this time
LARGE = 65_536  # bytes; a larger part of an answer is divided
STREAM = 4_194_304  # bytes that a part of a stream may take, with the rows that it is made of
SAID = "Too many large answers wait for their clients. Try again in a moment."
OF_THE_CONTENT = {b"cache-control", b"content-disposition", b"content-encoding", b"content-length"}
OF_THE_CONTENT |= {b"content-type", b"etag", b"last-modified", b"retry-after"}


class Unsent:
    """At most `most` bytes wait for clients, and in addition the answer that exceeds them.

    Then a client that has read nothing for a while is disconnected, the slowest first. If there is none,
    a new large answer to a GET is a 503, and its bytes are free at once.

    The time is divided into looks. A clock would count the time in which the process is busy, sends nothing,
    and frees nothing of those whom it has disconnected.
    """

    def __init__(self, most: int) -> None:
        self.most, self.total, self.looks, self.is_looking = most, 0, 0, False
        # Bytes, and the look before the last ones were sent. The client that has waited the longest is first.
        self.waiting: dict[Send, tuple[int, int]] = {}

    def count(self, send: Send, unsent: int) -> None:
        self.total += unsent - self.waiting.pop(send, (0, 0))[0]
        if unsent:
            self.waiting[send] = unsent, self.looks
            self._go_on()

    def _go_on(self) -> None:
        if self.waiting and not self.is_looking:
            self.is_looking = True
            asyncio.get_running_loop().call_later(GRACE_SECONDS / LOOKS, self._look)

    def _look(self) -> None:
        self.looks, self.is_looking = self.looks + 1, False
        self._go_on()

    def make_room(self, size: int) -> None:
        """Disconnect clients that do not read while too much waits for them."""
        for send, (_, at) in [*self.waiting.items()] if self.total + size > self.most else ():
            if self.total + size <= self.most or at >= self.looks - LOOKS:
                return
            if abort(send):
                log.info("A client that does not read is disconnected, because too much is unsent")
                self.count(send, 0)

    def refusal(self, method: str, start: Message) -> tuple[Message, Message] | None:
        """The answer instead of a large one that begins, if there is no room. Called while `total` is high.

        What another method than GET answers has happened, so it is told.
        """
        given = dict(start["headers"])
        is_live = b"event-stream" in given.get(b"content-type", b"")
        is_small = b"content-length" in given and int(given[b"content-length"]) <= LARGE
        if method != "GET" or start["status"] != 200 or is_live or is_small:
            return None
        self.make_room(1)
        if self.total < self.most:
            return None
        problem = ProblemError(Code.unavailable, SAID, headers={"Retry-After": "1"}).response()
        kept = [(name, value) for name, value in start["headers"] if name.lower() not in OF_THE_CONTENT]
        answer = {**start, "status": problem.status_code, "headers": [*kept, *problem.raw_headers]}
        return answer, {"type": "http.response.body", "body": bytes(problem.body)}


def abort(send: Any) -> bool:
    """Drop the connection and its unsent data. ASGI has no message for this, so it uses uvicorn's transport.

    An orderly close, as after an error of the application, would wait for the client to read.
    """
    cycle = getattr(send, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if cycle is None or transport is None:
        return False
    cycle.disconnected = True  # what is still sent is thrown away
    transport.abort()
    return True
