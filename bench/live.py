"""Measures the delay from a commit to the listeners, and the cost of listeners. Takes about a minute.

The delay starts when the row is created, which is before its commit.
"""

import asyncio
import json
import random
import resource
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from httpx import AsyncClient
from websockets.asyncio.client import connect

from bench.apps import ONEFOLD
from bench.ground import cluster
from bench.people import PASSWORD
from bench.process import Server, serving
from tools.servers import Redis

USERS, EACH = 100, 10  # streams
EVENTS, PACE = 200, 0.05  # seconds between two of them
SEEN: list[tuple[str, str]] = []


@asynccontextmanager
async def server(database: str, folder: Path, **more: str) -> AsyncIterator[tuple[AsyncClient, Server]]:
    command, environment = ONEFOLD.started_with(database, 1)
    quick = {"LOG_LEVEL": "WARNING", "MIGRATE_ON_START": "true", "PASSWORD_HASH_ROUNDS": "4"}
    with serving(command, environment | quick | more, folder) as started:
        async with AsyncClient(base_url=f"http://127.0.0.1:{started.port}/api/v1", timeout=30) as client:
            yield client, started


def memory(server: Server) -> float:
    """In KiB."""
    found = server.memory()
    assert found is not None, "only where there is /proc, the memory of a process is known"
    return found * 1024


async def people(client: AsyncClient) -> list[str]:
    """Their access tokens."""
    tokens = []
    for number in range(USERS):
        name = f"user{number}"
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        answer = await client.post("/auth/register", json=body)
        if answer.status_code == 409:
            answer = await client.post("/auth/login", json={"username": name, "password": PASSWORD})
        tokens.append(str(answer.json()["access_token"]))
    return tokens


def request(token: str) -> bytes:
    """For a stream of what happens to one's notes."""
    line = "GET /api/v1/notifications/stream?topics=notes HTTP/1.1"
    return f"{line}\r\nHost: bench\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


async def event(reader: asyncio.StreamReader) -> dict[str, Any]:
    """The next one of a stream. The lines between are headers, sizes of chunks, and fields that the data
    repeats."""
    while not (line := await reader.readline()).startswith(b"data: "):
        assert line, "The stream has ended."
    return dict(json.loads(line.removeprefix(b"data: ")))


class Crowd:
    """Those who listen, and how late they heard."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def gather(self, port: int, tokens: list[str], stack: AsyncExitStack) -> None:
        for token in tokens * EACH:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
            writer.write(request(token))
            assert (await event(reader))["kind"] == "ready"
            self.tasks.append(asyncio.create_task(self._hear(reader)))
            stack.callback(self.tasks[-1].cancel)

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while True:
            made = (await event(reader))["data"]["created_at"]
            self.delays.append(time.time() - datetime.fromisoformat(made).timestamp())


async def write(client: AsyncClient, tokens: list[str], crowd: Crowd) -> list[float]:
    """At an even pace, whatever the answers take; then wait until all was heard."""
    writing, chance = [], random.Random(1)  # noqa: S311
    for _ in range(EVENTS):
        headers = {"Authorization": f"Bearer {chance.choice(tokens)}"}
        writing.append(asyncio.create_task(client.post("/notes", json={"title": "x"}, headers=headers)))
        await asyncio.sleep(PACE)
    assert {answer.status_code for answer in await asyncio.gather(*writing)} == {201}
    async with asyncio.timeout(20):
        while len(crowd.delays) < EVENTS * EACH:  # noqa: ASYNC110  nobody announces it
            await asyncio.sleep(0.05)
    assert len(crowd.delays) == EVENTS * EACH
    return crowd.delays


async def answers(client: AsyncClient, token: str) -> list[float]:
    """How long other requests take."""
    took = []
    for _ in range(300):
        started = time.perf_counter()
        await client.get("/users/me", headers={"Authorization": f"Bearer {token}"})
        took.append(time.perf_counter() - started)
    return took


def show(what: str, times: list[float]) -> None:
    say(what, f"{median(times) * 1000:.1f} / {quantiles(times, n=100)[98] * 1000:.1f} ms")


def say(what: str, figure: str) -> None:
    SEEN.append((what, figure))
    print(f"  {what}: {figure}", flush=True)


async def one_process(name: str, database: str, folder: Path) -> None:
    async with server(database, folder) as (client, started), AsyncExitStack() as stack:
        tokens, crowd = await people(client), Crowd()
        show(f"{name}, nobody listens: GET /users/me", await answers(client, tokens[0]))
        before = memory(started)
        await crowd.gather(started.port, tokens, stack)
        await asyncio.sleep(2)
        each = (memory(started) - before) / len(crowd.tasks)
        say(
            f"{name}, {len(crowd.tasks):,} idle streams",
            f"{each:.1f} KiB each, on top of {before / 1024:.0f} MiB",
        )
        show(f"{name}, they listen: GET /users/me", await answers(client, tokens[0]))
        show(f"{name}, commit to receipt in one process", await write(client, tokens, crowd))


async def idle_sockets(name: str, database: str, folder: Path) -> None:
    async with server(database, folder) as (client, started), AsyncExitStack() as stack:
        tokens = await people(client)
        before = memory(started)
        for token in tokens * EACH:
            url = f"ws://127.0.0.1:{started.port}/ws/notify"
            socket = await stack.enter_async_context(
                connect(url, compression=None, ping_interval=None, close_timeout=0)
            )
            await socket.send(json.dumps({"token": token, "topics": ["notes"]}))
            assert json.loads(await socket.recv())["kind"] == "ready"
        await asyncio.sleep(2)
        each = (memory(started) - before) / (USERS * EACH)
        say(
            f"{name}, {USERS * EACH:,} idle WebSockets",
            f"{each:.1f} KiB each, on top of {before / 1024:.0f} MiB",
        )


async def stalled_readers(name: str, database: str, folder: Path) -> None:
    """Two hundred who ask for everything and read nothing of it; what they are not sent stays in the
    table."""
    async with (
        server(database, folder, STREAM_SEND_SECONDS="60") as (client, started),
        AsyncExitStack() as stack,
    ):
        tokens = (await people(client))[:20]
        show(f"{name}, nobody listens: POST /notes of 45 KB", await notes(client, tokens))
        before = memory(started)
        for token in tokens * 10:
            deaf = stack.enter_context(socket.socket())
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", started.port))
            deaf.sendall(request(token))
            await asyncio.sleep(0.005)
        show(f"{name}, 200 stalled readers: POST /notes of 45 KB", await notes(client, tokens))
        say(f"{name}, 200 stalled readers", f"{(memory(started) - before) / 1024:.0f} MiB more in memory")


async def notes(client: AsyncClient, tokens: list[str]) -> list[float]:
    """How long it takes to write more to each than the system's own buffers hold."""
    took = []
    for token in tokens * 80:
        started = time.perf_counter()
        body = {"title": "x", "content": "x" * 45_000}
        answer = await client.post("/notes", json=body, headers={"Authorization": f"Bearer {token}"})
        took.append(time.perf_counter() - started)
        assert answer.status_code == 201, answer.text
    return took


async def two_processes(name: str, database: str, folder: Path, **more: str) -> None:
    async with (
        server(database, folder, **more) as (_, listened),
        server(database, folder, **more) as (writer, _),
        AsyncExitStack() as stack,
    ):
        tokens, crowd = await people(writer), Crowd()
        await crowd.gather(listened.port, tokens, stack)
        await asyncio.sleep(1)
        show(f"{name}", await write(writer, tokens, crowd))


async def run() -> dict[str, Any]:
    SEEN.clear()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    with tempfile.TemporaryDirectory() as name, cluster() as url:
        folder = Path(name)
        await one_process("SQLite", f"sqlite:///{folder}/bench.db", folder)
        await one_process("PostgreSQL", url, folder)
        await idle_sockets("PostgreSQL", url, folder)
        await stalled_readers("PostgreSQL", url, folder)
        await two_processes("PostgreSQL, commit to receipt in two processes without Redis", url, folder)
        if shutil.which("redis-server"):
            redis = Redis()
            redis.start()
            try:
                await two_processes(
                    "PostgreSQL, commit to receipt in two processes with Redis",
                    url,
                    folder,
                    REDIS_URL=redis.url,
                )
            finally:
                redis.kill()
    return {"seen": list(SEEN)}


def tell(told: dict[str, Any]) -> Iterator[str]:
    yield "Of times, the median / the 99th percentile. What is received is counted from making the row, before its commit.\n"
    yield "| | |\n|---|---|"
    yield from (f"| {what} | {figure} |" for what, figure in told["seen"])
