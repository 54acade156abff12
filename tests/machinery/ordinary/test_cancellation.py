"""Requests that are cancelled, by a middleware that limits their time, and the ends of their dependencies."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from anyio import create_task_group, move_on_after, sleep
from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.machinery.ordinary.sides import Case, Cases, Side, get

pytestmark = pytest.mark.anyio


cases = Cases()

LIMIT = 0.3  # seconds, so that a busy machine does not run out of it


class TimeLimit:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def note(message: Any) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        with move_on_after(LIMIT) as limit:
            await self.app(scope, receive, note)
        if limit.cancelled_caught and not has_begun:
            await JSONResponse("too late", 504)(scope, receive, send)


def closing(told: list[str], word: str, seconds: float = 0.01) -> Any:
    """A dependency that awaits something at its end."""

    async def closed() -> AsyncIterator[str]:
        try:
            yield word
            told.append(f"{word} ends well")
        finally:
            await sleep(seconds)
            told.append(f"{word} is closed")

    return closed


@cases(get("/request", 504), get("/function", 504), get("/both", 504), get("/in_time"))
def a_handler_that_takes_too_long(app: FastAPI, router: APIRouter, told: list[str]) -> None:
    app.add_middleware(TimeLimit)
    one, two = closing(told, "one"), closing(told, "two")

    @router.get("/request", dependencies=[Depends(one)])
    async def request() -> None:
        await sleep(5)

    @router.get("/function", dependencies=[Depends(one, scope="function")])
    async def function() -> None:
        await sleep(5)

    @router.get("/both", dependencies=[Depends(one), Depends(two, scope="function")])
    async def both() -> None:
        await sleep(5)

    @router.get("/in_time", dependencies=[Depends(one), Depends(two, scope="function")])
    async def in_time() -> None: ...


@cases(get("/request"), get("/function", 504), get("/both", 504), get("/error", 500))
def an_end_that_takes_too_long(app: FastAPI, router: APIRouter, told: list[str]) -> None:
    app.add_middleware(TimeLimit)
    one, slow = closing(told, "one"), closing(told, "slow", 2 * LIMIT)

    @router.get("/request", dependencies=[Depends(one), Depends(slow)])
    async def request() -> None: ...

    @router.get("/function", dependencies=[Depends(one, scope="function"), Depends(slow, scope="function")])
    async def function() -> None: ...

    @router.get("/both", dependencies=[Depends(slow), Depends(slow, scope="function")])
    async def both() -> None: ...

    @router.get("/error", dependencies=[Depends(slow, scope="function")])
    async def error() -> None:
        raise ValueError


@cases(get("/group", 504), get("/group/in_time"), get("/swallowed", 500), get("/dependency", 504))
def what_a_dependency_has_entered_itself(app: FastAPI, router: APIRouter, told: list[str]) -> None:
    app.add_middleware(TimeLimit)
    one = closing(told, "one")

    async def grouping(one: Annotated[str, Depends(one)]) -> AsyncIterator[str]:
        async with create_task_group() as group:
            group.start_soon(sleep, 5)
            try:
                yield one
            finally:
                await sleep(0.01)
                told.append("group")
                group.cancel_scope.cancel()

    async def swallowing() -> AsyncIterator[None]:
        with move_on_after(LIMIT / 5) as limit:
            yield
        told.append(f"swallowed {limit.cancelled_caught}")
        await sleep(0.01)
        told.append("swallowing ends")

    async def slow(one: Annotated[str, Depends(one)]) -> AsyncIterator[None]:
        try:
            await sleep(5)
            yield
        finally:
            told.append("slow is left")

    @router.get("/group", dependencies=[Depends(grouping)])
    async def group() -> None:
        await sleep(5)

    @router.get("/group/in_time", dependencies=[Depends(grouping)])
    async def group_in_time() -> None: ...

    @router.get("/swallowed", dependencies=[Depends(one), Depends(swallowing, scope="function")])
    async def swallowed() -> None:
        await sleep(5)

    @router.get("/dependency", dependencies=[Depends(slow)])
    async def dependency() -> None: ...


@pytest.mark.heavy  # each waits for its limits
@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_cancelled_request_ends_as_in_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
