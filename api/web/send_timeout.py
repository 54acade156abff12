"""Disconnects clients that stop reading, because the server would wait for them without end."""

import asyncio
import logging
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)


class SendTimeout:
    """Pure ASGI middleware: a message of an event stream or WebSocket must be sent within `seconds`."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app, self.seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        limited = scope["type"] == "websocket"

        async def send_in_time(message: Message) -> None:
            nonlocal limited
            if message["type"] == "http.response.start":
                kind = next((value for name, value in message["headers"] if name == b"content-type"), b"")
                limited = b"event-stream" in kind
            if not limited:
                return await send(message)
            try:
                async with asyncio.timeout(self.seconds):
                    await send(message)
            except TimeoutError:
                log.info("%s: the client does not read, and is disconnected", scope["path"])
                if not _abort(send) or scope["type"] == "websocket":
                    raise OSError("The client does not read.") from None

        await self.app(scope, receive, send_in_time)


def _abort(send: Any) -> bool:
    """Drop the connection and its unsent data. ASGI has no message for this, so it uses uvicorn's transport.

    An orderly close, as after an error of the application, would wait for the client to read.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()
    return transport is not None
