"""A client that leaves is no error: one line about the request, and no trace."""

from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI, Request, WebSocket
from fastapi.responses import StreamingResponse

from api.web import Router
from tests.machinery.ordinary.house import whole
from tests.machinery.ordinary.sockets import talk

pytestmark = pytest.mark.anyio


def declare(router: Router) -> None:
    @router.post("/json")
    async def take(body: dict[str, Any]) -> int:
        return len(body)

    @router.post("/raw")
    async def raw(body: Annotated[bytes, Body()]) -> int:
        return len(body)

    @router.post("/stream")
    async def stream(request: Request) -> int:
        return sum([len(part) async for part in request.stream()])

    @router.post("/echo")
    async def echo(request: Request) -> StreamingResponse:
        return StreamingResponse(request.stream())

    @router.websocket("/ws")
    async def listen(socket: WebSocket) -> None:
        await socket.accept()
        while True:
            await socket.receive_text()


@pytest.fixture(params=[True, False], ids=["fast", "slow"])
def app(request: pytest.FixtureRequest) -> FastAPI:
    slow = {} if request.param else {"fast_path": frozenset[Any]()}
    made = whole(environment="production", secret_key="a secret for tests, which is long enough", **slow)
    router = Router()
    declare(router)
    made.include_router(router)
    return made


async def leave(app: FastAPI, path: str) -> None:
    """Send half a body, and go."""
    messages = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive() -> Any:
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None: ...

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"content-type", b"application/json"), (b"content-length", b"100")],
        "client": ("127.0.0.1", 1), "server": ("test", 80),
    }  # fmt: skip
    await app(scope, receive, send)


@pytest.mark.parametrize("path", ["/json", "/raw", "/stream", "/echo"])
async def test_who_leaves_within_a_body_is_one_line(
    app: FastAPI, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    await leave(app, path)

    [line] = caplog.records
    assert (line.levelname, line.exc_info, path in line.getMessage()) == ("INFO", None, True)


async def test_who_leaves_a_socket_is_one_line(app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    assert await talk(app, "/ws") == (1000, [("accepted", None, [])])

    [line] = caplog.records
    assert (line.levelname, line.exc_info, line.getMessage()) == ("INFO", None, "/ws: the client has left")
