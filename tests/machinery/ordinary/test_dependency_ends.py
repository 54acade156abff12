"""Dependencies with `yield`: when they end, in which order, and what they see of errors."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated

import pytest
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException, Response
from fastapi.responses import JSONResponse, StreamingResponse

from tests.machinery.ordinary.sides import Case, Cases, Side, get
from tests.machinery.ordinary.telling import entering, telling_of_answers

pytestmark = pytest.mark.anyio


cases = Cases()


@cases(get("/request"), get("/function"), get("/both"), get("/unscoped"), get("/stream"), get("/returned"))
def scopes(app: FastAPI, router: APIRouter, told: list[str]) -> None:
    telling_of_answers(app, told)
    one, two, three = (entering(told, word) for word in ("one", "two", "three"))
    sync = entering(told, "sync", is_sync=True)

    @router.get("/request", dependencies=[Depends(one, scope="request"), Depends(sync, scope="request")])
    async def request() -> str:
        return "x"

    @router.get("/function", dependencies=[Depends(one, scope="function"), Depends(sync, scope="function")])
    async def function() -> str:
        return "x"

    @router.get("/both", dependencies=[Depends(one), Depends(two, scope="function"), Depends(three)])
    async def both(tasks: BackgroundTasks, sync: Annotated[str, Depends(sync, scope="function")]) -> str:
        tasks.add_task(told.append, "task")
        return sync

    @router.get("/unscoped")
    def unscoped(a: Annotated[str, Depends(one)], b: Annotated[str, Depends(sync)]) -> list[str]:
        told.append("handler")
        return [a, b]

    async def pieces() -> AsyncIterator[str]:
        told.append("first piece")
        yield "a"
        told.append("second piece")
        yield "b"

    @router.get("/stream", response_class=StreamingResponse)
    async def stream(
        a: Annotated[str, Depends(one)], b: Annotated[str, Depends(two, scope="function")]
    ) -> AsyncIterator[str]:
        async for piece in pieces():
            yield piece

    @router.get("/returned", dependencies=[Depends(one), Depends(two, scope="function")])
    async def returned() -> StreamingResponse:
        return StreamingResponse(pieces())


@cases(get("/"), get("/twice"), get("/two-scopes"))
def the_order_of_nested_ones(router: APIRouter, told: list[str]) -> None:
    outer, sync = entering(told, "outer"), entering(told, "sync", is_sync=True)

    async def middle(outer: Annotated[str, Depends(outer)]) -> AsyncIterator[str]:
        told.append("middle")
        yield f"{outer} middle"
        told.append("middle ends")

    def inner(middle: Annotated[str, Depends(middle)], sync: Annotated[str, Depends(sync)]) -> Iterator[str]:
        told.append("inner")
        yield f"{middle} {sync} inner"
        told.append("inner ends")

    async def shorter(outer: Annotated[str, Depends(outer)]) -> AsyncIterator[str]:
        yield f"{outer} shorter"
        told.append("shorter ends")

    @router.get("/")
    async def handle(
        inner: Annotated[str, Depends(inner)], outer: Annotated[str, Depends(outer)]
    ) -> list[str]:
        told.append("handler")
        return [inner, outer]

    @router.get("/twice")
    async def twice(
        a: Annotated[str, Depends(outer, use_cache=False)], b: Annotated[str, Depends(outer, use_cache=False)]
    ) -> list[str]:
        return [a, b]

    @router.get("/two-scopes")
    async def two_scopes(
        a: Annotated[str, Depends(outer)],
        b: Annotated[str, Depends(outer, scope="function")],
        c: Annotated[str, Depends(shorter, scope="function")],
    ) -> list[str]:
        told.append("handler")
        return [a, b, c]


@cases(get("/"), get("/ends?q=1"), get("/error", 404))
def background_tasks_and_ends(app: FastAPI, router: APIRouter, told: list[str]) -> None:
    telling_of_answers(app, told)
    one, short = entering(told, "one"), entering(told, "short")

    async def adding(tasks: BackgroundTasks) -> AsyncIterator[None]:
        tasks.add_task(told.append, "task of a dependency")
        yield
        told.append("adding ends")

    def task(word: str, *, loud: bool = False) -> None:
        told.append(word.upper() if loud else word)

    async def async_task(word: str) -> None:
        told.append(word)

    @router.get("/", dependencies=[Depends(one), Depends(adding), Depends(short, scope="function")])
    async def handle(tasks: BackgroundTasks) -> str:
        tasks.add_task(task, "loud", loud=True)
        tasks.add_task(async_task, "task of the handler")
        return "x"

    @router.get("/ends", dependencies=[Depends(adding)])
    def ends(q: str, response: Response, tasks: BackgroundTasks) -> Response:
        tasks.add_task(task, q)
        return JSONResponse(q)

    @router.get("/error", dependencies=[Depends(adding)])
    async def error(tasks: BackgroundTasks) -> None:
        tasks.add_task(task, "never")
        raise HTTPException(404)


@cases(get("/method"), get("/instance"), get("/manager"), get("/class"))
def what_else_may_yield(router: APIRouter, told: list[str]) -> None:
    class Source:
        async def method(self) -> AsyncIterator[str]:
            yield "method"
            told.append("method ends")

        def __call__(self) -> Iterator[str]:
            yield "instance"
            told.append("instance ends")

    class AsyncSource:
        async def __call__(self) -> AsyncIterator[str]:
            yield "async instance"
            told.append("async instance ends")

    @asynccontextmanager
    async def manager() -> AsyncIterator[str]:
        yield "manager"

    async def by_hand() -> AsyncIterator[str]:
        async with manager() as word:
            yield word
        told.append("by hand ends")

    source = Source()

    @router.get("/method")
    async def method(found: Annotated[str, Depends(source.method)]) -> str:
        return found

    @router.get("/instance")
    async def instance(found: Annotated[str, Depends(source)]) -> str:
        return found

    @router.get("/class")
    async def of_class(found: Annotated[str, Depends(AsyncSource())]) -> str:
        return found

    @router.get("/manager")
    async def by_manager(found: Annotated[str, Depends(by_hand)]) -> str:
        return found


@pytest.mark.parametrize(("case", "side"), cases)
async def test_dependencies_end_as_in_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
