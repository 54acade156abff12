"""Server-sent events, lines of JSON and WebSockets, as FastAPI documents them."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Annotated

import pytest
from fastapi import (
    APIRouter,
    Depends,
    Header,
    HTTPException,
    Response,
)
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from tests.machinery.ordinary.sides import Case, Cases, Side, get, post

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


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_stream_or_a_socket_is_that_of_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
