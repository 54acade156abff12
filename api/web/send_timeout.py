"""Sends large answers in parts, and disconnects clients that stop reading.

The server would otherwise wait for such a client without end, and keep the answer in memory.
"""

import asyncio
import logging
from time import monotonic
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

GRACE_SECONDS = 1.0  # without reading, for which a client may have as much as it asks for
LARGE = 65_536  # bytes; a larger part of an answer is divided
CLIENT = "api.client"  # the key of the server's `send` in the scope, which knows the connection to the client


class SendTimeout:
    """Pure ASGI middleware: a message of an event stream or WebSocket must be sent within `seconds`.

    At most `most_unsent` bytes of large answers wait for their clients. The time of other answers is limited
    by the server's connections (see api/web/watch.py), which know what the client has taken.
    """

    def __init__(self, app: ASGIApp, seconds: float, most_unsent: int) -> None:
        self.app, self.seconds, self.most_unsent = app, seconds, most_unsent
        # Bytes, and when the last ones were sent. The client that has waited for the longest time is first.
        self.unsent: dict[Send, tuple[int, float]] = {}
        self.total = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        limited, scope[CLIENT] = scope["type"] == "websocket", send

        async def send_in_time(message: Message) -> None:
            nonlocal limited
            if message["type"] == "http.response.start":
                kind = next((value for name, value in message["headers"] if name == b"content-type"), b"")
                limited = b"event-stream" in kind
            if not limited:
                if len(message.get("body", b"")) > LARGE:
                    return await self._send_in_parts(message, send)
                return await send(message)
            try:
                async with asyncio.timeout(self.seconds):
                    await send(message)
            except TimeoutError:
                log.info("%s: the client does not read, and is disconnected", scope["path"])
                if not _abort(send) or scope["type"] == "websocket":
                    raise OSError("The client does not read.") from None

        await self.app(scope, receive, send_in_time)

    async def _send_in_parts(self, message: Message, send: Send) -> None:
        body = message["body"]
        self._make_room(len(body))
        try:
            for start in range(0, len(body), LARGE):
                self._count(send, len(body) - start)
                part, is_last = body[start : start + LARGE], start + LARGE >= len(body)
                await send(
                    {**message, "body": part, "more_body": not is_last or message.get("more_body", False)}
                )
        finally:
            self._count(send, 0)

    def _count(self, send: Send, unsent: int) -> None:
        self.total += unsent - self.unsent.pop(send, (0, 0.0))[0]
        if unsent:
            self.unsent[send] = unsent, monotonic()

    def _make_room(self, size: int) -> None:
        """Disconnect clients that do not read while too much waits for them."""
        for send, (_, at) in [*self.unsent.items()] if self.total + size > self.most_unsent else ():
            if self.total + size <= self.most_unsent or at > monotonic() - GRACE_SECONDS:
                return
            if _abort(send):
                log.info("A client that does not read is disconnected, because too much is unsent")
                self._count(send, 0)


def _abort(send: Any) -> bool:
    """Drop the connection and its unsent data. ASGI has no message for this, so it uses uvicorn's transport.

    An orderly close, as after an error of the application, would wait for the client to read.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()
    return transport is not None
