"""A process that is told to end says so first, and serves whom it can until then."""

import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import anyio
import pytest
from httpx import AsyncClient, HTTPError

from tests.support.listening import ALL, Site, until_over
from tests.support.people import PASSWORD
from tests.support.served import environment_of
from tools.servers import free_port

pytestmark = [pytest.mark.anyio, pytest.mark.heavy]

PATIENCE = 30  # seconds until something is plainly broken; nothing here waits that long


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(port: int, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The real server, as a process of its own."""
    environment = environment_of(tmp_path, port, shutdown_delay_seconds=2)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "api", "serve"], env=environment, cwd=tmp_path, stdout=log, stderr=log
        )
        yield process
        process.kill()
        process.wait()


@pytest.fixture
async def client(port: int) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        yield client


async def until_ready_says(status: int, client: AsyncClient, server: subprocess.Popen[bytes]) -> None:
    with anyio.fail_after(PATIENCE):
        while server.poll() is None:
            try:
                if (await client.get("/ready")).status_code == status:
                    return
            except HTTPError:
                pass  # not listening yet
            await anyio.sleep(0.02)
    raise AssertionError(f"The server ended before /ready said {status}.")


async def test_who_listens_is_let_go_before_a_server_stops(
    server: subprocess.Popen[bytes], client: AsyncClient, port: int, tmp_path: Path
) -> None:
    await until_ready_says(200, client, server)
    grace = {"username": "grace", "email": "grace@example.com", "password": PASSWORD}
    token = (await client.post("/api/v1/auth/register", json=grace)).json()["access_token"]
    site = Site(port)
    async with site.sse(token, ALL, None) as stream, site.ws(token, ALL, None) as socket:
        assert [(await one.next())["kind"] for one in (stream, socket)] == ["ready", "ready"]
        server.send_signal(signal.SIGTERM)
        await until_ready_says(503, client, server)
        note = await client.post(
            "/api/v1/notes", json={"title": "late"}, headers={"Authorization": f"Bearer {token}"}
        )
        assert [(await one.next())["data"] for one in (stream, socket)] == [note.json()] * 2
        assert await until_over(stream) is None  # as a stream ends, and not as a line breaks
        assert await until_over(socket) == 1012
    ended = await anyio.to_thread.run_sync(lambda: server.wait(PATIENCE))
    log = (tmp_path / "log").read_text()
    assert ended in {0, -signal.SIGTERM}, log
    assert "Traceback" not in log
    assert "Cancel" not in log, "it waited for those who listen until its patience was over"


async def test_a_server_is_not_ready_before_it_stops_serving(
    server: subprocess.Popen[bytes], client: AsyncClient, tmp_path: Path
) -> None:
    await until_ready_says(200, client, server)

    server.send_signal(signal.SIGTERM)
    await until_ready_says(503, client, server)

    grace = {"username": "grace", "email": "grace@example.com", "password": PASSWORD}
    assert (await client.post("/api/v1/auth/register", json=grace)).status_code == 201
    assert (await client.get("/health")).status_code == 200
    ended = await anyio.to_thread.run_sync(lambda: server.wait(PATIENCE))
    log = (tmp_path / "log").read_text()
    assert ended in {0, -signal.SIGTERM}, log  # when all is done, uvicorn lets the signal have its way
    assert "Application shutdown complete" in log
    assert "Traceback" not in log
    with pytest.raises(HTTPError):
        await client.get("/health")
