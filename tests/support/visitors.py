"""Apps with limits of a test's own, and visitors from many addresses."""

from contextlib import AsyncExitStack
from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from api.app import create_app
from api.settings import Settings

FEW: dict[str, str] = {
    "rate_limit_failures_source": "3/15 minutes",
    "rate_limit_failures_account": "4/15 minutes",
    "rate_limit_failures_address": "6/15 minutes",
    "rate_limit_auth": "1000/minute",
}


def visit(app: FastAPI) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url="http://test")


class Visitor(AsyncClient):
    """Somebody at an address who signs in, or tries to."""

    async def try_password(self, name: str, guess: str = "a wrong one") -> Response:
        return await self.post("/auth/login", json={"username": name, "password": guess})


class House:
    """Apps on the same database, with settings of the test's own."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self.settings, self.stack = settings, stack

    def open(self, **changes: Any) -> FastAPI:
        app = create_app(Settings(**self.settings.model_dump() | FEW | changes))
        self.stack.push_async_callback(app.state.database.close)
        self.stack.push_async_callback(app.state.throttle.close)
        return app

    async def visitor(self, app: FastAPI, address: str = "192.0.2.1") -> Visitor:
        transport = ASGITransport(app, client=(address, 1234))
        return await self.stack.enter_async_context(
            Visitor(transport=transport, base_url="http://test/api/v1")
        )
