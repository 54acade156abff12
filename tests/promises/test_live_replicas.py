"""Several processes on one database: the events of one reach the listeners of all, with and without Redis."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from httpx import AsyncClient, HTTPError
from redis import Redis as Client
from redis.exceptions import RedisError

from api.db.migrations import HOME
from api.settings import Settings
from tests.support.listening import ALL, BROKEN, PATIENCE, Site, another, take, until, until_over
from tests.support.make import make
from tests.support.people import Person
from tools.servers import Redis, free_port

pytestmark = [pytest.mark.anyio, pytest.mark.heavy]
both = pytest.mark.parametrize("how", ["sse", "ws"])
SOON = 0.05  # seconds between two looks at the table


def redis_here() -> bool:
    try:
        return bool(Client(socket_connect_timeout=0.5).ping())
    except (RedisError, OSError):
        return False


@both
async def test_events_reach_another_process_without_redis(ada: Person, settings: Settings, how: str) -> None:
    async with another(settings, stream_poll_seconds=SOON) as replica, replica.listen(how, ada) as listening:
        for number in range(3):
            note = await make(ada, "/notes", title=str(number))
            assert (await listening.next())["data"] == note


@pytest.mark.skipif(not redis_here(), reason="there is no Redis at localhost:6379")
async def test_events_reach_another_process_through_redis(
    ada: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "api.live.bus.PUBLISH_SECONDS", 30
    )  # who misses Redis now would look for it again in a minute
    shared = {"redis_url": "redis://localhost:6379/0", "stream_poll_seconds": 60}
    async with another(settings, **shared) as first, another(settings, **shared) as second:
        await until(lambda: first.bus.connected and second.bus.connected)
        async with second.listen("sse", ada) as listening:
            async with first.client(ada) as client:
                note = await make(client, "/notes", title="quick")
            async with asyncio.timeout(2):  # else it was found by looking at the table, which is rarely done
                assert (await listening.next())["data"] == note


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="there is no redis-server to kill")
async def test_events_arrive_after_redis_was_killed(ada: Person, settings: Settings) -> None:
    redis = Redis()
    shared = {"redis_url": redis.url, "stream_poll_seconds": SOON}
    async with another(settings, **shared) as first, another(settings, **shared) as second:
        buses = (first.bus, second.bus)
        async with second.listen("sse", ada) as listening, first.client(ada) as client:
            for title in ("with", "again"):
                redis.start()
                try:
                    await until(lambda: all(bus.connected for bus in buses))
                    note = await make(client, "/notes", title=title)
                    assert (await listening.next())["data"] == note
                finally:
                    redis.kill()
                note = await make(client, "/notes", title=f"{title}out")
                assert (await listening.next())["data"] == note


def start(settings: Settings, port: int, folder: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "ENVIRONMENT": "production",
        "HOST": "127.0.0.1",
        "MIGRATE_ON_START": "false",
        "PORT": str(port),
        "PYTHONPATH": str(HOME),
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "STREAM_POLL_SECONDS": str(SOON),
    }
    with (folder / "log").open("ab") as log:
        command = [sys.executable, "-m", "api", "serve"]
        return subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)


@asynccontextmanager
async def process(settings: Settings, port: int, folder: Path) -> AsyncIterator[subprocess.Popen[bytes]]:
    """The real server, as a process of its own, killed without warning in the end."""
    server = start(settings, port, folder)
    try:
        async with AsyncClient() as client:
            with anyio.fail_after(3 * PATIENCE):
                while not await is_up(client, port):
                    assert server.poll() is None, (folder / "log").read_text()
                    await anyio.sleep(0.02)
        yield server
    finally:
        server.kill()
        server.wait()


async def is_up(client: AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{port}/health")).is_success
    except HTTPError:
        return False


@pytest.mark.parametrize(
    "kind", ["sqlite"], indirect=True, scope="session"
)  # to start a process takes seconds
async def test_events_arrive_after_a_server_was_killed(
    ada: Person, settings: Settings, tmp_path: Path
) -> None:
    site, titles = Site(free_port()), [str(number) for number in range(9)]
    async with (
        process(settings, site.port, tmp_path) as server,
        site.listen("sse", ada) as stream,
        site.listen("ws", ada) as socket,
    ):
        for title in titles[:3]:
            await make(ada, "/notes", title=title)
        heard, seen = await take(stream, 3), await take(socket, 2)
        server.send_signal(signal.SIGKILL)
        for listening in (stream, socket):
            assert await until_over(listening) == BROKEN
    for title in titles[3:6]:
        await make(ada, "/notes", title=title)
    async with (
        another(settings, stream_poll_seconds=SOON) as second,
        second.listen("sse", ada, ALL, heard[-1]["id"]) as stream,
        second.listen("ws", ada, ALL, seen[-1]["id"]) as socket,
    ):
        for title in titles[6:]:
            await make(ada, "/notes", title=title)
        heard, seen = heard + await take(stream, 6), seen + await take(socket, 7)
    assert [one["data"]["title"] for one in heard] == [one["data"]["title"] for one in seen] == titles
