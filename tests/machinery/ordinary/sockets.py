"""A WebSocket client that speaks to an app without a network."""

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI


async def talk(
    app: FastAPI,
    path: str,
    *,
    send: Sequence[str | bytes] = (),
    headers: Sequence[tuple[bytes, bytes]] = (),
    query: bytes = b"",
    subprotocols: Sequence[str] = (),
) -> tuple[int, list[Any]]:
    """The code that it is closed with (1000 if the app just ends, 403 if it never began), and what came."""
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": [(b"host", b"test"), *headers],
        "client": ("test", 1),
        "server": ("test", 80),
        "subprotocols": list(subprotocols),
    }
    messages: list[dict[str, Any]] = [{"type": "websocket.connect"}]
    for piece in send:
        messages.append({"type": "websocket.receive", "text" if isinstance(piece, str) else "bytes": piece})
    messages.append({"type": "websocket.disconnect", "code": 1000})
    came: list[Any] = []
    code = 1000

    async def receive() -> dict[str, Any]:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    async def got(message: Any) -> None:
        nonlocal code
        match message["type"]:
            case "websocket.accept":
                came.append(("accepted", message.get("subprotocol"), sorted(message.get("headers") or ())))
            case "websocket.send":
                came.append(message.get("text") if message.get("text") is not None else message.get("bytes"))
            case "websocket.close":
                code = message.get("code", 1000) if came else 403
                came.append(("closed", message.get("reason")) if came else "refused")
            case other:
                came.append(other)

    async with asyncio.timeout(5):
        try:
            await app(scope, receive, got)
        except Exception as error:
            came.append(type(error).__name__)
    return code, came
