"""Whoever listens and does not read is sent away: otherwise the server would wait for them for ever."""

import asyncio
import logging
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)


class Patience:
    """Around everything, in pure ASGI: a piece of an event stream or of a WebSocket has to leave within some
    seconds."""

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
                log.info("%s: who listens there does not read, and is sent away", scope["path"])
                if not _abort(send) or scope["type"] == "websocket":
                    raise OSError("The other side does not read.") from None

        await self.app(scope, receive, send_in_time)


def _abort(send: Any) -> bool:
    """Drop the connection with all that is still to be sent. ASGI has no word for it; this is how uvicorn
    does it.

    To close it, as happens when an application fails, would wait for the reader again.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()
    return transport is not None
