"""A proxy between an app and PostgreSQL that can fall silent: it closes nothing, and forwards nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import make_url


class Proxy:
    def __init__(self, url: str) -> None:
        self.target = make_url(url)
        self.forwards = asyncio.Event()
        self.forwards.set()
        self.url = ""
        self.left = 0  # connections that the app has closed
        self.tasks: set[asyncio.Task[None]] = set()

    @property
    def is_silent(self) -> bool:
        return not self.forwards.is_set()

    def fall_silent(self) -> None:
        self.forwards.clear()

    def go_on(self) -> None:
        self.forwards.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward one connection, in both directions."""
        ends = [writer]
        try:
            await self.forwards.wait()
            answers, there = await self._connect()
            ends.append(there)
            await asyncio.gather(self._forward(reader, there, by_app=True), self._forward(answers, writer))
        finally:
            for end in ends:
                end.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if folder := self.target.query.get("host"):
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")
        return await asyncio.open_connection(self.target.host, self.target.port or 5432)

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, by_app: bool = False
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                await self.forwards.wait()
                writer.write(data)
                await writer.drain()
        self.left += by_app
        writer.close()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tasks.add(asyncio.create_task(self.serve(reader, writer)))


@asynccontextmanager
async def proxy_to(url: str) -> AsyncIterator[Proxy]:
    proxy = Proxy(url)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    here = proxy.target.set(host="127.0.0.1", port=server.sockets[0].getsockname()[1], query={})
    proxy.url = here.render_as_string(hide_password=False)
    try:
        yield proxy
    finally:
        server.close()
        proxy.go_on()
        for task in proxy.tasks:
            task.cancel()
        await asyncio.gather(*proxy.tasks, return_exceptions=True)
