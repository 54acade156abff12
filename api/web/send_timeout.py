"""Sends large answers in parts, and disconnects clients that stop reading.

The server would otherwise wait for such a client without end, and keep the answer in memory.
"""

import asyncio
import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.unsent import LARGE, STREAM, Unsent, abort

log = logging.getLogger(__name__)

CLIENT = "api.client"  # the key of the server's `send` in the scope, which knows the connection to the client


class SendTimeout:
    """Pure ASGI middleware: a message of an event stream or WebSocket must be sent within `seconds`.

    What is unsent of large answers is counted. The time of other answers is limited by the server's
    connections (see api/web/watch.py), which know what the client has taken.
    """

    def __init__(self, app: ASGIApp, seconds: float, unsent: Unsent) -> None:
        self.app, self.seconds, self.unsent = app, seconds, unsent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        limited, scope[CLIENT], reserved = scope["type"] == "websocket", send, 0

        async def send_in_time(message: Message) -> None:
            nonlocal limited, reserved
            if message["type"] == "http.response.start":
                kind = next((value for name, value in message["headers"] if name == b"content-type"), b"")
                limited = b"event-stream" in kind
            if not limited:
                if not reserved and message.get("more_body"):
                    reserved = STREAM
                    self.unsent.total += reserved
                size = len(message.get("body", b""))
                if size > LARGE or (reserved and size):
                    return await self._send_in_parts(message, send)
                return await send(message)
            try:
                async with asyncio.timeout(self.seconds):
                    await send(message)
            except TimeoutError:
                log.info("%s: the client does not read, and is disconnected", scope["path"])
                if not abort(send) or scope["type"] == "websocket":
                    raise OSError("The client does not read.") from None

        try:
            await self.app(scope, receive, send_in_time)
        finally:
            self.unsent.total -= reserved

    async def _send_in_parts(self, message: Message, send: Send) -> None:
        body = message["body"]
        self.unsent.make_room(len(body))
        try:
            for start in range(0, len(body), LARGE):
                self.unsent.count(send, len(body))  # all of it is in memory until the end
                part, is_last = body[start : start + LARGE], start + LARGE >= len(body)
                await send(
                    {**message, "body": part, "more_body": not is_last or message.get("more_body", False)}
                )
        finally:
            self.unsent.count(send, 0)
