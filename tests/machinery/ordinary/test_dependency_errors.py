"""Errors in dependencies with `yield`, and errors that go through them."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

from tests.machinery.ordinary.sides import Case, Cases, Side, get, post
from tests.machinery.ordinary.telling import entering

pytestmark = pytest.mark.anyio


cases = Cases()


class Trouble(Exception): ...


class OtherTrouble(Exception): ...


ERRORS = {"http": HTTPException(404), "trouble": Trouble(), "value": ValueError("x")}


@cases(
    get("/http", 404), get("/trouble", 500), get("/value", 500), get("/sync/http", 404),
    get("/sync/trouble", 500), get("/function/http", 404), get("/function/value", 500),
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
        if told:
            raise HTTPException(409)
        yield

    def refuse_in_a_thread() -> Iterator[None]:
        if told:
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


@cases(post("/?n=x", 422), post("/?n=1"))
def what_was_entered_ends_when_the_request_is_wrong(router: APIRouter, told: list[str]) -> None:
    one, two = entering(told, "one"), entering(told, "two", is_sync=True)

    @router.post("/", dependencies=[Depends(one), Depends(two, scope="function")])
    async def handle(n: int) -> int:
        return n


@pytest.mark.parametrize(("case", "side"), cases)
async def test_errors_go_through_dependencies_as_in_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
