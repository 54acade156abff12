"""The real server as a process of its own, started as users start it, and raw connections to it."""

import asyncio
import os
import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from httpx import AsyncClient, HTTPError

from api.db.migrations import HOME
from tests.support.people import PASSWORD
from tools.servers import free_port

PATIENCE = 30  # seconds until something is plainly broken; nothing here waits that long


class Served:
    def __init__(self, port: int, process: subprocess.Popen[bytes], output: Path) -> None:
        self.port, self.process, self.output = port, process, output
        self.client = AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE)

    @property
    def log(self) -> str:
        return self.output.read_text()

    @property
    def workers(self) -> list[int]:
        """The process ids of all workers that there are, or were."""
        return [int(found) for found in re.findall(r"Started server process \[(\d+)\]", self.log)]

    @property
    def memory(self) -> int:
        """The resident bytes of the process."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * resource.getpagesize()

    async def is_up(self) -> bool:
        try:
            return (await self.client.get("/health")).status_code == 200
        except HTTPError:
            return False

    async def until(self, condition: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while not (await found if asyncio.iscoroutine(found := condition()) else found):
                assert self.process.poll() is None, self.log
                await asyncio.sleep(0.02)

    async def token(self) -> str:
        """An access token of somebody new."""
        name = f"u{uuid4().hex}"
        ada = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        return str((await self.client.post("/api/v1/auth/register", json=ada)).json()["access_token"])

    async def connect(self) -> "Wire":
        """A connection for which the system keeps little that was not read."""
        end = socket.socket()
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        end.setblocking(False)
        await asyncio.get_running_loop().sock_connect(end, ("127.0.0.1", self.port))
        return Wire(*await asyncio.open_connection(sock=end, limit=65_536))

    async def ask(self, sent: bytes) -> bytes:
        """What the server answers on a new connection, until it closes."""
        wire = await self.connect()
        try:
            await wire.send(sent)
            return await wire.rest()
        finally:
            wire.drop()


class Wire:
    """A connection, as a client has it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def send(self, data: bytes) -> None:
        try:
            self.writer.write(data)
            await self.writer.drain()
        except ConnectionError:
            pass  # the server has ended it; what it said before can still be read

    async def rest(self) -> bytes:
        """All that the server still says, until it ends the connection."""
        found = b""
        try:
            async with asyncio.timeout(PATIENCE):
                while part := await self.reader.read(65_536):
                    found += part
        except ConnectionError:
            pass
        return found

    def stop_reading(self) -> None:
        """Read nothing, not even into the system's buffer, which would take megabytes."""
        transport: Any = self.writer.transport
        transport.pause_reading()
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    def read_on(self) -> None:
        transport: Any = self.writer.transport
        transport.resume_reading()

    def drop(self) -> None:
        self.writer.transport.abort()


def environment_of(folder: Path, port: int, **settings: Any) -> dict[str, str]:
    """The environment of a server with its database in this folder."""
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{folder}/served.db",
        "ENVIRONMENT": "production",
        "HOST": "127.0.0.1",
        "PASSWORD_HASH_ROUNDS": "4",
        "PORT": str(port),
        "PYTHONPATH": str(HOME),
        "SECRET_KEY": "a secret for tests, which is long enough",
        **{name.upper(): str(value) for name, value in settings.items()},
    }


@asynccontextmanager
async def served(
    folder: Path,
    files: int | None = None,
    *,
    is_awaited: bool = True,
    arguments: Sequence[str] = (),
    **settings: Any,
) -> AsyncIterator[Served]:
    """A server with these settings, which may have so many files open."""
    port = free_port()
    environment = environment_of(folder, port, **settings)
    command = [sys.executable, "-m", "api", "serve", *arguments]
    if files is not None:
        command = ["sh", "-c", f'ulimit -n {files} && exec "$@"', "sh", *command]
    with (folder / "log").open("wb") as log:
        # Not asyncio's, because the loop of a test may end before its fixtures
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)  # noqa: ASYNC220
        server = Served(port, process, folder / "log")
        try:
            if is_awaited:
                await server.until(server.is_up)
            yield server
        finally:
            await server.client.aclose()
            for worker in server.workers:  # one that is stopped would outlive the process
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
            process.kill()
            process.wait()
