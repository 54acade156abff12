"""Server-sent events, lines of JSON and WebSockets, as FastAPI documents them."""

import json
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Annotated, Any

import pytest
from fastapi import (
    APIRouter,
    Cookie,
    Depends,
    FastAPI,
    Header,
    HTTPException,
    Path,
    Query,
    Response,
    WebSocket,
    WebSocketDisconnect,
    WebSocketException,
)
from fastapi.requests import HTTPConnection
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from tests.machinery.ordinary.sides import Case, Cases, Side, get, post, socket

pytestmark = pytest.mark.anyio
cases = Cases()
SSE = ["cache-control", "x-accel-buffering", "x-more"]


class Item(BaseModel):
    name: str
    size: int | None = None


class Sized(Item):
    secret: str = "not in an Item"


ITEMS = [Item(name="a"), Sized(name="ü", size=2)]


@cases(
    get("/plain", same=SSE),
    get("/sync"),
    get("/events", same=SSE),
    post("/post", json={"name": "x"}),
    get("/dicts", 202),
)
def server_sent_events(router: APIRouter) -> None:
    async def more(response: Response) -> None:
        response.headers["X-More"] = "yes"

    @router.get("/plain", response_class=EventSourceResponse, dependencies=[Depends(more)])
    async def plain() -> AsyncIterable[Item]:
        for item in ITEMS:
            yield item

    @router.get("/sync", response_class=EventSourceResponse)
    def sync() -> Iterable[Item]:
        yield from ITEMS

    @router.get("/events", response_class=EventSourceResponse)
    async def events(last_event_id: Annotated[int | None, Header()] = None) -> AsyncIterable[ServerSentEvent]:
        yield ServerSentEvent(comment="first\nsecond")
        yield ServerSentEvent(data=ITEMS[0], event="item", id="1", retry=5000)
        yield ServerSentEvent(raw_data="<b>\nraw", id=str(last_event_id))

    @router.post("/post", response_class=EventSourceResponse)
    async def by_post(item: Item) -> AsyncIterable[ServerSentEvent]:
        yield ServerSentEvent(data=item.name)

    @router.get("/dicts", response_class=EventSourceResponse, status_code=202)
    async def dicts():  # type: ignore[no-untyped-def]
        yield {"a": 1.5, "b": None}
        yield "text"


@cases(
    get("/ok", headers={"last-event-id": "4"}),
    get("/ok", 422, headers={"last-event-id": "x"}),
    get("/refused", 404),
)
def server_sent_events_and_dependencies(router: APIRouter, told: list[str]) -> None:
    async def short() -> AsyncIterator[str]:
        yield "short"
        told.append("short ends")

    async def long() -> AsyncIterator[str]:
        yield "long"
        told.append("long ends")

    async def refuse() -> None:
        raise HTTPException(404)

    @router.get("/ok", response_class=EventSourceResponse)
    async def events(
        a: Annotated[str, Depends(short, scope="function")],
        b: Annotated[str, Depends(long)],
        last_event_id: Annotated[int, Header()] = 0,
    ) -> AsyncIterable[ServerSentEvent]:
        for id in range(last_event_id, last_event_id + 3):
            told.append(f"event {id}")
            yield ServerSentEvent(data=[a, b], id=str(id))

    @router.get("/refused", response_class=EventSourceResponse, dependencies=[Depends(refuse)])
    async def refused() -> AsyncIterable[Item]:
        yield ITEMS[0]


@cases(get("/lines"), get("/sync"), get("/untyped"), get("/narrow"))
def lines_of_json(router: APIRouter) -> None:
    @router.get("/lines")
    async def lines() -> AsyncIterable[Item]:
        for item in ITEMS:
            yield item

    @router.get("/sync")
    def sync() -> Iterable[Item]:
        yield from ITEMS

    @router.get("/untyped")
    async def untyped():  # type: ignore[no-untyped-def]
        yield {"a": 1}
        yield [float("inf"), None]

    @router.get("/narrow", response_model_exclude_none=True)
    async def narrow() -> AsyncIterable[Item]:
        for item in ITEMS:
            yield item


class Pictures(StreamingResponse):
    media_type = "image/png"


@cases(get("/text"), get("/pictures"), get("/sync", same=["x-more"]))
def raw_streams(router: APIRouter) -> None:
    @router.get("/text", response_class=StreamingResponse)
    async def text() -> AsyncIterable[str]:
        yield "a"
        yield "b"

    @router.get("/pictures", response_class=Pictures)
    async def pictures() -> AsyncIterable[bytes]:
        yield b"\x89PNG"

    @router.get("/sync", response_class=StreamingResponse)
    def sync(response: Response) -> Iterator[str]:
        response.headers["X-More"] = "too late"
        yield "a"


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
async def test_a_stream_or_a_socket_is_that_of_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
