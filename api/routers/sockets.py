"""The WebSocket with the same events as the stream of notifications."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import urlsplit

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import Field, ValidationError

from api.deps.authentication import get_caller
from api.live.bus import Bus, get_bus
from api.live.listener import LAST, CloseReason, Listener, TopicQuery
from api.live.reader import Frame
from api.problems import Code, ProblemError
from api.settings import Settings
from api.web import Router

PREFIX = ""
router = Router()

MAX_BYTES = 8192  # of a message; a token has a few hundred
MAX_MESSAGES = 20  # after the first; clients need to send none


class FirstMessage(TopicQuery):
    """The first message: the access token, the last seen event and the topics."""

    token: str = Field(max_length=MAX_BYTES)
    last_event_id: int | None = Field(default=None, ge=0, le=LAST)


class Closing(Exception):
    """Closes the WebSocket with a code and a reason. Codes from 4400 are HTTP status codes plus 4000."""

    def __init__(self, code: int, reason: str = "") -> None:
        self.code, self.reason = code, reason


@router.websocket("/ws/notify")
async def notify(socket: WebSocket) -> None:
    settings: Settings = socket.app.state.settings
    if not _may_come_from(socket, settings):
        return await socket.close()  # closing before `accept` answers 403
    await socket.accept()
    try:
        message = await _first_message(socket, settings)
        await _serve(socket, await get_bus(socket), message)
    except Closing as closing:
        with suppress(RuntimeError, WebSocketDisconnect):  # it is closed already
            await socket.close(closing.code, closing.reason)
    except WebSocketDisconnect:
        pass


def _may_come_from(socket: WebSocket, settings: Settings) -> bool:
    """Check the Origin header, which browsers always send. Other clients may omit or forge it."""
    origin = socket.headers.get("origin")
    if origin is None or "*" in settings.origins or origin in settings.origins:
        return True
    try:
        return urlsplit(origin).netloc == socket.headers.get("host")
    except ValueError:
        return False


async def _first_message(socket: WebSocket, settings: Settings) -> FirstMessage:
    """`{"token": …, "last_event_id": …, "topics": […]}`, or the token alone."""
    try:
        async with asyncio.timeout(settings.stream_hello_seconds):
            text = await _receive(socket)
    except TimeoutError:
        raise Closing(
            4408, "The access token did not arrive in time. Send it as the first message."
        ) from None
    try:
        if text.lstrip().startswith("{"):
            return FirstMessage.model_validate_json(text)
        return FirstMessage(token=text.strip())
    except ValidationError as error:
        if any(one["loc"] == ("token",) for one in error.errors()):
            raise Closing(4401, Code.invalid_token.detail) from None
        raise Closing(4422, Code.invalid_request.detail) from None


async def _receive(socket: WebSocket) -> str:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1006))
    text = message.get("text")
    if text is None:
        raise Closing(1003, "Send text messages only.")
    if len(text.encode()) > MAX_BYTES:
        raise Closing(1009, f"This message is too long: at most {MAX_BYTES} bytes are allowed.")
    return str(text)


async def _serve(socket: WebSocket, bus: Bus, message: FirstMessage) -> None:
    try:
        caller = await get_caller(socket, message.token)
        with bus.listen(caller.user.id) as woken:
            listener = Listener(bus, woken, caller, message.token, message.topics)
            first = await listener.start_after(message.last_event_id)
            await _either(lambda: _send_events(socket, listener, first), lambda: _read_messages(socket))
    except ProblemError as problem:
        restarting = problem.code is Code.unavailable
        raise Closing(
            CloseReason.restarting if restarting else 4000 + problem.status_code, str(problem.detail)
        ) from None


async def _send_events(socket: WebSocket, listener: Listener, first: Frame) -> None:
    await socket.send_text(first.text)
    async for frame in listener.events():
        if frame is not None:  # WebSockets have their own heartbeats
            await socket.send_text(frame.text)
    raise Closing(listener.close_reason, listener.close_reason.name.replace("_", " "))


async def _read_messages(socket: WebSocket) -> None:
    """Ignore a few messages from the client, which needs to send none, then close."""
    for _ in range(MAX_MESSAGES):
        await _receive(socket)
    raise Closing(1008, "Too many messages.")


async def _either(*sides: Callable[[], Awaitable[None]]) -> None:
    """Run all sides concurrently until one raises, then cancel the others."""
    tasks = [asyncio.ensure_future(side()) for side in sides]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
