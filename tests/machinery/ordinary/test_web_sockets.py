"""WebSockets, as FastAPI documents them."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from fastapi import (
    APIRouter,
    Cookie,
    Depends,
    FastAPI,
    Header,
    Path,
    Query,
    WebSocket,
    WebSocketDisconnect,
    WebSocketException,
)
from fastapi.requests import HTTPConnection

from tests.machinery.ordinary.sides import Case, Cases, Side, get, socket

pytestmark = pytest.mark.anyio


cases = Cases()


@cases(
    socket("/ws", send=["a", "b"]),
    socket("/json", send=['{"a": 1}']),
    socket("/bytes", send=[b"\x00"]),
    socket("/none", status=403),
)
def web_sockets(router: APIRouter) -> None:
    @router.websocket("/ws")
    async def echo(websocket: WebSocket) -> None:
        await websocket.accept(headers=[(b"x-a", b"b")])
        try:
            while True:
                await websocket.send_text(f"got {await websocket.receive_text()}")
        except WebSocketDisconnect as error:
            await websocket.close(error.code)

    @router.websocket("/json")
    async def of_json(websocket: WebSocket) -> None:
        await websocket.accept(subprotocol="v1")
        await websocket.send_json({"got": await websocket.receive_json()})
        await websocket.close(1000, "done")

    @router.websocket("/bytes")
    async def of_bytes(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_bytes(await websocket.receive_bytes() * 2)


COOKIE = [(b"cookie", b"session=s"), (b"x-n", b"3")]


@cases(
    socket("/items/a", send=["x"], headers=COOKIE), socket("/items/a", send=["x"], query=b"token=t&n=4"),
    socket("/items/a", status=403), socket("/items/a", status=403, query=b"token=t&n=x"),
    socket("/items/ab", status=403, query=b"token=t"),
)  # fmt: skip
def web_sockets_with_parameters_and_dependencies(router: APIRouter) -> None:
    async def token(
        websocket: WebSocket,
        session: Annotated[str | None, Cookie()] = None,
        token: Annotated[str | None, Query()] = None,
    ) -> str:
        if session is None and token is None:
            raise WebSocketException(1008, "Who are you?")
        return session or token or websocket.url.path

    def connection(connection: HTTPConnection, x_n: Annotated[int | None, Header()] = None) -> list[Any]:
        return [connection.url.path, x_n, isinstance(connection, WebSocket)]

    @router.websocket("/items/{id}")
    async def items(
        websocket: WebSocket,
        id: Annotated[str, Path(max_length=1)],
        token: Annotated[str, Depends(token)],
        connection: Annotated[list[Any], Depends(connection)],
        n: int = 1,
    ) -> None:
        await websocket.accept()
        await websocket.send_text(json.dumps([id, token, connection, n, await websocket.receive_text()]))
        await websocket.close()


@cases(socket("/ws/entered", send=["x"]), socket("/ws/broken", status=1008), socket("/overridden"))
def web_sockets_and_what_surrounds_them(app: FastAPI, make: type[APIRouter], told: list[str]) -> None:
    async def entered() -> AsyncIterator[str]:
        told.append("begins")
        yield "entered"
        told.append("ends")

    async def real() -> str:
        return "real"

    router, plain = make(prefix="/ws", dependencies=[Depends(entered)]), make()

    @router.websocket("/entered")
    async def one(websocket: WebSocket, word: Annotated[str, Depends(entered)]) -> None:
        await websocket.accept()
        await websocket.send_text(word)
        told.append(await websocket.receive_text())

    @router.websocket("/broken")
    async def broken(websocket: WebSocket) -> None:
        await websocket.accept()
        raise WebSocketException(1008, "enough")

    @plain.websocket("/overridden")
    async def overridden(websocket: WebSocket, word: Annotated[str, Depends(real)]) -> None:
        await websocket.accept()
        await websocket.send_text(word)

    app.dependency_overrides[real] = lambda: "overridden"
    app.include_router(router)
    app.include_router(plain)


@cases(socket("/both", send=["x"]), get("/both"), get("/page"))
def a_socket_and_a_page_on_one_path(app: FastAPI, router: APIRouter) -> None:
    async def host(connection: HTTPConnection) -> str:
        return connection.headers["host"]

    @router.websocket("/both")
    async def both(websocket: WebSocket, host: Annotated[str, Depends(host)]) -> None:
        await websocket.accept()
        await websocket.send_text(host)

    @router.get("/both")
    async def page(host: Annotated[str, Depends(host)]) -> str:
        return host

    @app.get("/page")
    async def of_app(host: Annotated[str, Depends(host)]) -> str:
        return host


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_socket_is_that_of_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
