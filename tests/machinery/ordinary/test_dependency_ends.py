"""Dependencies with `yield`: when they end, in which order, and what they see of errors."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from tests.machinery.ordinary.sides import Case, Cases, Side, get, post

pytestmark = pytest.mark.anyio
cases = Cases()


class Trouble(Exception): ...


class OtherTrouble(Exception): ...


def entering(told: list[str], word: str, is_sync: bool = False) -> Any:
    """A dependency that tells when it begins and how it ends."""

    async def entered() -> AsyncIterator[str]:
        told.append(word)
        try:
            yield word
        except Exception as error:
            told.append(f"{word} sees {type(error).__name__}")
            raise
        finally:
            told.append(f"{word} ends")

    def entered_in_a_thread() -> Iterator[str]:
        told.append(word)
        try:
            yield word
        except Exception as error:
            told.append(f"{word} sees {type(error).__name__}")
            raise
        finally:
            told.append(f"{word} ends")

    return entered_in_a_thread if is_sync else entered


def telling_of_answers(app: FastAPI, told: list[str]) -> None:
    """Notes when the answer begins and is complete, as the server would see it."""

    class Telling:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            async def note(message: Any) -> None:
                told.append(
                    message["type"].partition(".")[2] + ("" if not message.get("more_body") else " more")
                )
                await send(message)

            await self.app(scope, receive, note if scope["type"] == "http" else send)

    app.add_middleware(Telling)


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


ERRORS = {"http": HTTPException(404), "trouble": Trouble(), "value": ValueError("x")}


@cases(
    get("/http", 404), get("/trouble", 500), get("/value", 500), get("/sync/http", 404), get("/sync/trouble", 500),
    get("/function/http", 404), get("/function/value", 500),
)  # fmt: skip
def errors_of_the_handler(router: APIRouter, told: list[str]) -> None:
    one, sync = entering(told, "one"), entering(told, "sync", is_sync=True)

    @router.get("/{kind}", dependencies=[Depends(one), Depends(sync)])
    async def handle(kind: str) -> None:
        raise ERRORS[kind]

    @router.get("/sync/{kind}", dependencies=[Depends(sync), Depends(one)])
    def in_a_thread(kind: str) -> None:
        raise ERRORS[kind]

    @router.get(
        "/function/{kind}", dependencies=[Depends(one, scope="function"), Depends(sync, scope="function")]
    )
    async def function(kind: str) -> None:
        raise ERRORS[kind]


@cases(get("/before", 404), get("/later", 409), get("/sync", 404), get("/below", 404))
def errors_of_dependencies(router: APIRouter, told: list[str]) -> None:
    one, two = entering(told, "one"), entering(told, "two", is_sync=True)

    async def refuse() -> None:
        raise HTTPException(404)

    async def refuse_later() -> AsyncIterator[None]:
        told.append("later")
        raise HTTPException(409)
        yield

    def refuse_in_a_thread() -> Iterator[None]:
        raise HTTPException(404)
        yield

    async def below(refused: Annotated[None, Depends(refuse)], one: Annotated[str, Depends(one)]) -> None:
        told.append("never")

    @router.get("/before", dependencies=[Depends(one), Depends(refuse), Depends(two)])
    async def before() -> None:
        told.append("never")

    @router.get("/later", dependencies=[Depends(two), Depends(one, scope="function"), Depends(refuse_later)])
    async def later() -> None:
        told.append("never")

    @router.get("/sync", dependencies=[Depends(one), Depends(refuse_in_a_thread)])
    async def sync() -> None:
        told.append("never")

    @router.get("/below", dependencies=[Depends(two), Depends(below)])
    async def of_below() -> None:
        told.append("never")


@cases(
    get("/turned", 409),
    get("/own", 299),
    get("/sync", 409),
    get("/swallowed", 500),
    get("/late", 500),
    get("/early", 404),
)
def errors_that_are_turned_into_others(app: FastAPI, router: APIRouter, told: list[str]) -> None:
    async def turning() -> AsyncIterator[None]:
        try:
            yield
        except Trouble:
            raise HTTPException(409) from None

    def turning_in_a_thread() -> Iterator[None]:
        try:
            yield
        except Trouble:
            told.append("turned")
            raise HTTPException(409) from None

    async def into_own() -> AsyncIterator[None]:
        try:
            yield
        except Trouble:
            raise OtherTrouble from None

    async def swallowing() -> AsyncIterator[None]:
        try:
            yield
        except Trouble:
            told.append("swallowed")

    async def raising_at_the_end() -> AsyncIterator[None]:
        yield
        raise HTTPException(404)

    @app.exception_handler(OtherTrouble)
    async def answer(_: Request, error: OtherTrouble) -> JSONResponse:
        return JSONResponse({"own": True}, 299)

    for path, dependency in {
        "/turned": turning, "/own": into_own, "/sync": turning_in_a_thread, "/swallowed": swallowing,
    }.items():  # fmt: skip

        @router.get(path, dependencies=[Depends(dependency)])
        async def handle() -> None:
            raise Trouble

    @router.get("/early", dependencies=[Depends(raising_at_the_end, scope="function")])
    async def early() -> str:
        return "never sent"

    @router.get("/late", dependencies=[Depends(swallowing)])
    def late() -> None:
        raise Trouble


@cases(get("/late"), get("/sync"))
def an_error_after_the_answer_changes_nothing(router: APIRouter, told: list[str]) -> None:
    one = entering(told, "one")

    async def late() -> AsyncIterator[None]:
        yield
        told.append("too late")
        raise HTTPException(404)

    def late_in_a_thread() -> Iterator[None]:
        yield
        raise Trouble

    @router.get("/late", dependencies=[Depends(one), Depends(late)])
    async def after() -> str:
        return "sent"

    @router.get("/sync", dependencies=[Depends(one), Depends(late_in_a_thread)])
    async def sync() -> str:
        return "sent"


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


@cases(post("/?n=x", 422), post("/?n=1"))
def what_was_entered_ends_when_the_request_is_wrong(router: APIRouter, told: list[str]) -> None:
    one, two = entering(told, "one"), entering(told, "two", is_sync=True)

    @router.post("/", dependencies=[Depends(one), Depends(two, scope="function")])
    async def handle(n: int) -> int:
        return n


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
