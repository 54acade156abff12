"""What happens when an app with a router starts and ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request
from httpx import ASGITransport, AsyncClient

from tests.machinery.ordinary.house import Router, Settings, create_app
from tests.machinery.ordinary.sides import BARE, Case, Cases, Side, get

pytestmark = pytest.mark.anyio


cases = Cases(*BARE)  # the house says more in its own document


@cases(get("/"), get("/"), sides=BARE)
def a_lifespan(app: FastAPI, make: type[APIRouter], told: list[str]) -> None:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        told.append("starts")
        app.state.model = "loaded"
        yield {"shared": "state"}
        told.append("ends")

    router = make(lifespan=lifespan)

    @router.get("/")
    async def handle(request: Request) -> str:
        return f"{request.app.state.model}"

    app.include_router(router)


@cases(get("/"), sides=BARE)
def events(app: FastAPI, make: type[APIRouter], told: list[str]) -> None:
    async def start() -> None:
        told.append("starts")

    router = make(on_startup=[start], on_shutdown=[lambda: told.append("ends")])

    @router.get("/")
    async def handle() -> list[str]:
        return told

    app.include_router(router)


async def test_a_router_with_a_lifespan_lives_in_the_house(settings: Settings, app: FastAPI) -> None:
    told: list[str] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        told.append("starts")
        yield
        told.append("ends")

    router: APIRouter = Router(lifespan=lifespan)

    @router.get("/told")
    async def handle() -> list[str]:
        return told

    second = create_app(settings)
    second.include_router(router)
    transport = ASGITransport(second)
    async with (
        second.router.lifespan_context(second),
        AsyncClient(transport=transport, base_url="http://t") as client,
    ):
        assert (await client.get("/told")).json() == ["starts"]
    assert told == ["starts", "ends"]


@pytest.mark.parametrize(("case", "side"), cases)
async def test_an_app_starts_and_ends_as_fastapis(case: Case, side: Side) -> None:
    await case.check(side)
