"""How long it takes from a commit to those who listen, and what they cost: `make bench-scale`. On this machine only, by
loopback, for about a minute. The delay is counted from the moment at which the row was made, which is before its commit.
"""

import asyncio
import os
import random
import resource
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles

from httpx import AsyncClient, TransportError

from api.migrate import HOME
from tests.listening import Stream, request
from tests.people import PASSWORD
from tests.postgres import postgres
from tests.servers import Redis, free_port

USERS, EACH = 100, 10  # streams
EVENTS, PACE = 200, 0.05  # seconds between two of them


@asynccontextmanager
async def server(database: str, folder: Path, **more: str) -> AsyncIterator[tuple[AsyncClient, int, int]]:
    port = free_port()
    environment = {
        "DATABASE_URL": database,
        "ENVIRONMENT": "production",
        "HOST": "127.0.0.1",
        "LOG_LEVEL": "WARNING",
        "PASSWORD_HASH_ROUNDS": "4",
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "PYTHONPATH": str(HOME),
        "RATE_LIMIT_ENABLED": "false",
        "SECRET_KEY": "a secret for measuring, which is long enough",
    }
    command = [sys.executable, "-m", "api.cli", "serve"]
    with (folder / f"{port}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, env=environment | more, cwd=folder, stdout=log, stderr=log)
    try:
        async with AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=30) as client:
            while True:
                try:
                    await client.get(f"http://127.0.0.1:{port}/ready")
                    break
                except TransportError:
                    await asyncio.sleep(0.05)
            yield client, port, process.pid
    finally:
        process.kill()
        await process.wait()


def memory(pid: int) -> int:
    """What the process has in memory, in KiB."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


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


class Crowd:
    """Those who listen, and how late they heard."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def gather(self, port: int, tokens: list[str], stack: AsyncExitStack) -> None:
        for token in tokens * EACH:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
            writer.write(request(token, "notes"))
            stream = Stream(reader)
            await stream.arrive()
            await stream.next()
            self.tasks.append(asyncio.create_task(self._hear(stream)))
            stack.callback(self.tasks[-1].cancel)

    async def _hear(self, stream: Stream) -> None:
        while True:
            made = (await stream.next(patience=None))["data"]["created_at"]
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
    print(f"{what:58} p50 {median(times) * 1000:7.1f} ms   p99 {quantiles(times, n=100)[98] * 1000:7.1f} ms")


async def one_process(name: str, database: str, folder: Path) -> None:
    async with server(database, folder) as (client, port, pid), AsyncExitStack() as stack:
        tokens, crowd = await people(client), Crowd()
        show(f"{name}, nobody listens: GET /users/me", await answers(client, tokens[0]))
        before = memory(pid)
        await crowd.gather(port, tokens, stack)
        await asyncio.sleep(2)
        each = (memory(pid) - before) / len(crowd.tasks)
        print(f"{name}, {len(crowd.tasks)} streams: {each:.1f} KiB each, on top of {before / 1024:.0f} MiB")
        show(f"{name}, they listen: GET /users/me", await answers(client, tokens[0]))
        show(f"{name}, commit to receipt in one process", await write(client, tokens, crowd))


async def stalled_readers(name: str, database: str, folder: Path) -> None:
    """Two hundred who ask for everything and read nothing of it; what they are not sent stays in the table."""
    async with server(database, folder, STREAM_SEND_SECONDS="60") as (client, port, pid), AsyncExitStack() as stack:
        tokens = (await people(client))[:20]
        show(f"{name}, nobody listens: POST /notes of 45 KB", await notes(client, tokens))
        before = memory(pid)
        for token in tokens * 10:
            deaf = stack.enter_context(socket.socket())
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", port))
            deaf.sendall(request(token, "notes"))
            await asyncio.sleep(0.005)
        show(f"{name}, 200 stalled readers: POST /notes of 45 KB", await notes(client, tokens))
        print(f"{name}, 200 stalled readers: {(memory(pid) - before) / 1024:.0f} MiB more in memory")


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
        server(database, folder, **more) as (_, port, _),
        server(database, folder, **more) as (writer, _, _),
        AsyncExitStack() as stack,
    ):
        tokens, crowd = await people(writer), Crowd()
        await crowd.gather(port, tokens, stack)
        await asyncio.sleep(1)
        show(f"{name}", await write(writer, tokens, crowd))


async def main() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    with tempfile.TemporaryDirectory() as name, postgres() as url:
        folder = Path(name)
        await one_process("SQLite", f"sqlite:///{folder}/bench.db", folder)
        await one_process("PostgreSQL", url, folder)
        await stalled_readers("PostgreSQL", url, folder)
        await two_processes("PostgreSQL, two processes without Redis", url, folder)
        if shutil.which("redis-server"):
            redis = Redis()
            redis.start()
            try:
                await two_processes("PostgreSQL, two processes with Redis", url, folder, REDIS_URL=redis.url)
            finally:
                redis.kill()


if __name__ == "__main__":
    asyncio.run(main())
