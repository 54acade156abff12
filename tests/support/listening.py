"""Listeners over real sockets, by both transports, and servers for them to listen to."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
from typing import Any, Literal, Protocol

import anyio
import uvicorn
from fastapi import FastAPI
from httpx import Limits
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from api.app import create_app
from api.db.live_events import LiveEvent, Topic
from api.live.bus import Bus
from api.settings import Settings
from api.web.server import SOCKETS
from tests.support.people import Person

PATIENCE = 10  # seconds until a test fails; nothing that works takes so long
ALL = ",".join(Topic.members())
BROKEN = -1  # the connection broke without a code
Heard = dict[str, Any]


class OverError(Exception):
    """The server has ended it; a WebSocket says with which code."""

    def __init__(self, code: int | None = None) -> None:
        self.code = code


class Listening(Protocol):
    async def next(self) -> Heard: ...


class Stream:
    """Server-sent events, read from the socket as the two specifications have it."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self.reader = reader
        self.rest = b""
        self.comments = 0

    async def arrive(self) -> None:
        head = await self.reader.readuntil(b"\r\n\r\n")
        if (status := int(head.split()[1])) != 200:
            raise OverError(status)
        assert b"content-type: text/event-stream" in head
        assert b"transfer-encoding: chunked" in head

    async def next(self, patience: float | None = PATIENCE) -> Heard:
        with anyio.fail_after(patience):
            while True:
                fields = dict(line.split(": ", 1) for line in (await self._block()).split("\n"))
                self.comments += "" in fields
                if "data" in fields:
                    heard = understood(fields["data"])
                    assert (fields["event"], fields["id"]) == (heard["kind"], str(heard["id"]))
                    return heard

    async def _block(self) -> str:
        while b"\n\n" not in self.rest:
            try:
                size = int(await self.reader.readuntil(b"\r\n"), 16)
                self.rest += (await self.reader.readexactly(size + 2))[:-2]
            except (asyncio.IncompleteReadError, ConnectionError):
                raise OverError(BROKEN) from None
            if size == 0:  # the end, as the server wants it
                raise OverError
        block, _, self.rest = self.rest.partition(b"\n\n")
        return block.decode()


class Socket:
    """A WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def next(self) -> Heard:
        try:
            with anyio.fail_after(PATIENCE):
                return understood(await self.connection.recv())
        except ConnectionClosed as closed:
            raise OverError(closed.rcvd.code if closed.rcvd else BROKEN) from None


def understood(text: str | bytes) -> Heard:
    """What a generated client would make of it, which is all that was said."""
    heard: Heard = json.loads(text)
    assert json.loads(LiveEvent.model_validate_json(text).model_dump_json()) == heard
    return heard


async def take(listening: Listening, number: int) -> list[Heard]:
    return [await listening.next() for _ in range(number)]


async def until(condition: Callable[[], object]) -> None:
    with anyio.fail_after(PATIENCE):
        while not condition():  # noqa: ASYNC110  there is no event to wait for
            await anyio.sleep(0.01)


async def until_over(listening: Listening) -> int | None:
    """The code with which it ends, whatever is said until then."""
    try:
        while True:
            await listening.next()
    except OverError as over:
        return over.code


class Site:
    """A server, by its address."""

    def __init__(self, port: int, app: FastAPI | None = None) -> None:
        self.port, self.app = port, app

    @property
    def bus(self) -> Bus:
        assert self.app is not None, "it is another process"
        bus: Bus = self.app.state.bus
        return bus

    def client(self, person: Person) -> Person:
        """The same person, here."""
        fresh = Limits(
            max_keepalive_connections=0
        )  # a connection that is kept may be closed just when it is used again
        client = Person(base_url=f"http://127.0.0.1:{self.port}/api/v1", timeout=PATIENCE, limits=fresh)
        client.bear(person.tokens)
        return client

    @asynccontextmanager
    async def sse(self, token: str, topics: str, since: int | None) -> AsyncIterator[Stream]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request(token, topics, since))
            stream = Stream(reader)
            await stream.arrive()
            yield stream
        finally:
            writer.transport.abort()  # uvloop would first wait until everything is sent

    @asynccontextmanager
    async def ws(self, token: str, topics: str, since: int | None) -> AsyncIterator[Socket]:
        async with self.socket() as connection:
            await connection.send(
                json.dumps({"token": token, "topics": topics.split(","), "last_event_id": since})
            )
            yield Socket(connection)

    def socket(self, **options: Any) -> connect:
        return connect(f"ws://127.0.0.1:{self.port}/ws/notify", **options)

    @asynccontextmanager
    async def listen(
        self, how: str, person: Person, topics: str = ALL, since: int | None = None
    ) -> AsyncIterator[Listening]:
        """Somebody who listens, and has heard that all is well."""
        async with self.open(how, person, topics, since) as listening:
            first = await listening.next()
            assert first["kind"] == "ready"
            yield listening

    def open(
        self, how: str, person: Person, topics: str = ALL, since: int | None = None
    ) -> AbstractAsyncContextManager[Listening]:
        token = person.tokens["access_token"]
        return self.sse(token, topics, since) if how == "sse" else self.ws(token, topics, since)


def request(token: str, topics: str, since: int | None = None) -> bytes:
    lines = [
        f"GET /api/v1/notifications/stream?topics={topics} HTTP/1.1",
        "Host: test",
        f"Authorization: Bearer {token}",
    ]
    lines += [] if since is None else [f"Last-Event-ID: {since}"]
    return "\r\n".join([*lines, "", ""]).encode()


class QuietServer(uvicorn.Server):
    # Signals are pytest's here
    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


@asynccontextmanager
async def serving(app: FastAPI, lifespan: Literal["on", "off"] = "on") -> AsyncIterator[Site]:
    """This app behind a real socket, in this process."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app,
            lifespan=lifespan,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
            **SOCKETS,
        )
        server = QuietServer(config)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve, [sock])
            await until(lambda: server.started)
            try:
                yield Site(sock.getsockname()[1], app)
            finally:
                app.state.bus.close()
                server.should_exit = True


@asynccontextmanager
async def another(settings: Settings, **changes: Any) -> AsyncIterator[Site]:
    """A second process in all but name: an app of its own on the same database, which shares nothing else."""
    app = create_app(Settings(_env_file=None, **settings.model_dump() | changes))
    async with serving(app) as site:
        yield site
