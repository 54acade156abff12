"""Large answers that nobody reads take a bounded number of bytes, and those that are cut off leave one line."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.types import ASGIApp, Message

from api.db import problems as database_problems
from api.web.middleware import ErrorMiddleware, HeadersMiddleware
from api.web.send_timeout import SendTimeout
from api.web.unsent import STREAM, Unsent
from tests.support.listening import until

pytestmark = pytest.mark.anyio

MEGABYTE = 2**20


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Client:
    """A client on uvicorn's side, which reads nothing until it reads on."""

    def __init__(self, buffered: int = 0) -> None:
        self.reads, self.messages, self.buffered = asyncio.Event(), list[Message](), buffered
        self.disconnected, self.aborts = False, 0
        self.transport = SimpleNamespace(abort=self.abort, is_closing=lambda: False)

    def abort(self) -> None:
        self.aborts += 1

    async def send(self, message: Message) -> None:
        self.messages.append(message)
        if message.get("body") and len(self.messages) > self.buffered:
            await self.reads.wait()

    async def receive(self) -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    def ask(self, app: ASGIApp, path: str, method: str = "GET") -> asyncio.Task[None]:
        scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": [],
            "query_string": b"",
        }
        scope |= {"root_path": "", "asgi": {"spec_version": "2.3"}}

        async def run() -> None:
            await app(scope, self.receive, self.send)

        return asyncio.create_task(run())

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])


def application(unsent: Unsent) -> Any:
    inner = FastAPI()
    database_problems.install(inner)

    @inner.api_route("/large", methods=["GET", "POST"])
    async def large() -> Response:
        return Response(b"x" * MEGABYTE, headers={"ETag": "tag"})

    @inner.get("/small")
    async def small() -> Response:
        return Response(b"x")

    async def parts() -> AsyncIterator[bytes]:
        yield b"x"
        raise PoolTimeout("No connection became free.")

    @inner.get("/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(parts())

    inner.add_middleware(ErrorMiddleware)
    return SendTimeout(HeadersMiddleware(inner, https_only=False, unsent=unsent), 60, unsent)


async def ask_many(
    app: Any, number: int, path: str, buffered: int = 0
) -> list[tuple[Client, asyncio.Task[None]]]:
    """Ask with clients whose system takes so many messages, although they read nothing."""
    asked = [(client := Client(buffered), client.ask(app, path)) for _ in range(number)]
    for _ in range(100):
        await asyncio.sleep(0)
    return asked


@pytest.mark.parametrize("buffered", [0, 15])
async def test_answers_that_nobody_reads_are_bounded_in_bytes(buffered: int) -> None:
    unsent = Unsent(4 * MEGABYTE)
    app = application(unsent)

    asked = await ask_many(app, 300, "/large", buffered)

    assert unsent.total == 4 * MEGABYTE
    refused = [client for client, _ in asked if client.status == 503]
    assert len(refused) == 296
    small, posted = Client(), Client()
    tasks = [small.ask(app, "/small"), posted.ask(app, "/large", "POST")]
    for client in (small, posted, *(client for client, _ in asked)):
        client.reads.set()
    await asyncio.gather(*tasks, *(task for _, task in asked))
    assert (small.status, posted.status) == (200, 200)  # a POST has happened, so it is told
    [start, body] = refused[0].messages
    headers = dict(start["headers"])
    assert json.loads(body["body"])["code"] == "unavailable"
    assert (headers[b"retry-after"], headers[b"content-length"]) == (b"1", str(len(body["body"])).encode())
    assert b"x-request-id" in headers
    assert b"etag" not in headers
    assert (unsent.total, unsent.waiting) == (0, {})


async def test_who_had_no_time_to_read_is_not_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.web.unsent.GRACE_SECONDS", 0.04)
    unsent = Unsent(4 * MEGABYTE)
    app = application(unsent)
    asked = await ask_many(app, 4, "/large")
    time.sleep(0.1)  # noqa: ASYNC251  the whole process is busy, and sends nothing

    [(late, refused)] = await ask_many(app, 1, "/large")
    assert (late.status, sum(client.aborts for client, _ in asked)) == (503, 0)

    await until(lambda: unsent.looks >= 6)
    [(later, told)] = await ask_many(app, 1, "/large")
    assert (later.status, sum(client.aborts for client, _ in asked)) == (200, 1)
    for client in (late, later, *(client for client, _ in asked)):
        client.reads.set()
    await asyncio.gather(refused, told, *(task for _, task in asked))


async def test_streams_that_nobody_reads_are_bounded_in_number() -> None:
    unsent = Unsent(3 * STREAM)

    asked = await ask_many(application(unsent), 20, "/stream")

    assert sum(client.status == 503 for client, _ in asked) == 17
    assert unsent.total == 3 * (STREAM + 1)
    assert len(unsent.waiting) == 3  # so that those who do not read make room
    for client, _ in asked:
        client.reads.set()
    await asyncio.gather(*(task for _, task in asked))
    assert unsent.total == 0


async def test_a_stream_that_gets_no_connection_is_cut_off_with_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = Client()
    client.reads.set()
    with caplog.at_level(logging.WARNING):
        await client.ask(application(Unsent(MEGABYTE)), "/stream")

    [record] = caplog.records
    assert record.getMessage() == "GET /stream was cut off: No connection became free."
    assert record.exc_info is None
    assert (client.aborts, client.disconnected) == (1, True)
    assert client.messages[-1]["more_body"]  # the client sees that this is not all
