"""Requests, connections and context variables in dependencies."""

from contextvars import ContextVar
from typing import Annotated, Any

import pytest
from fastapi import (
    APIRouter,
    BackgroundTasks,
    Cookie,
    Depends,
    Header,
    Query,
    Request,
    Response,
)
from fastapi.requests import HTTPConnection
from pydantic import BaseModel

from tests.machinery.ordinary.sides import Case, Cases, Side, get

pytestmark = pytest.mark.anyio


cases = Cases()


@cases(get("/request"), get("/connection"), get("/both"), get("/mixed"), get("/sync"))
def requests_and_connections(router: APIRouter) -> None:
    async def of_request(request: Request) -> str:
        return f"{request.method} {request.url.path}"

    async def of_connection(connection: HTTPConnection) -> list[Any]:
        return [connection.url.path, type(connection).__name__ != ""]

    async def of_both(request: Request, connection: HTTPConnection) -> list[Any]:
        return [request.method, connection.url.path, request is connection]

    def in_a_thread(connection: HTTPConnection, request: Request, response: Response) -> list[Any]:
        response.headers["x-thread"] = "yes"
        return [connection.headers["host"], request.client is not None]

    @router.get("/request")
    async def request(found: Annotated[str, Depends(of_request)]) -> str:
        return found

    @router.get("/connection")
    async def connection(found: Annotated[Any, Depends(of_connection)]) -> Any:
        return found

    @router.get("/both")
    async def both(
        found: Annotated[Any, Depends(of_both)], connection: HTTPConnection, request: Request
    ) -> Any:
        return [found, connection is request]

    @router.get("/mixed")
    async def mixed(a: Annotated[str, Depends(of_request)], b: Annotated[Any, Depends(of_connection)]) -> Any:
        return [a, b]

    @router.get("/sync")
    async def sync(found: Annotated[Any, Depends(in_a_thread)]) -> Any:
        return found


@cases(get("/ok"), get("/ok"), get("/state"))
def the_request_is_one_and_the_same(router: APIRouter) -> None:
    async def first(request: Request) -> None:
        request.state.seen = ["first"]
        request.scope["mine"] = "scope"

    async def second(request: Request, before: Annotated[None, Depends(first)]) -> None:
        request.state.seen.append("second")

    @router.get("/ok", dependencies=[Depends(second)])
    async def handle(request: Request) -> list[str]:
        return [*request.state.seen, request.scope["mine"]]

    @router.get("/state")
    async def state(request: Request) -> bool:
        return hasattr(request.state, "seen")


class Numbers(BaseModel, frozen=True):
    n: int = 0


@cases(get("/model?n=1"), get("/parameter?n=1"), get("/header?n=1", headers={"x-n": "1"}), get("/cookie"))
def a_scope_that_a_dependency_changes(router: APIRouter) -> None:
    async def change(request: Request) -> None:
        request.scope["query_string"] = b"n=5"
        request.scope["headers"] = [(b"x-n", b"5"), (b"cookie", b"n=5")]

    @router.get("/model", dependencies=[Depends(change)])
    async def model(query: Annotated[Numbers, Query()]) -> int:
        return query.n

    @router.get("/parameter", dependencies=[Depends(change)])
    async def parameter(n: int) -> int:
        return n

    @router.get("/header", dependencies=[Depends(change)])
    async def header(x_n: Annotated[int, Header()], request: Request) -> list[Any]:
        return [x_n, request.headers["x-n"]]

    @router.get("/cookie", dependencies=[Depends(change)])
    async def cookie(n: Annotated[int, Cookie()] = 0) -> int:
        return n


caller: ContextVar[str] = ContextVar("caller", default="nobody")


@cases(
    get("/", headers={"x-name": "ada"}),
    get("/thread", headers={"x-name": "bob"}),
    get("/yield", headers={"x-name": "eve"}),
    get("/none"),
)
def a_context_variable_reaches_the_handler(router: APIRouter, told: list[str]) -> None:
    async def known(x_name: Annotated[str, Header()]) -> None:
        caller.set(x_name)

    async def known_for_a_while(x_name: Annotated[str, Header()]) -> Any:
        token = caller.set(x_name)
        yield
        told.append(f"{caller.get()} leaves")
        caller.reset(token)

    @router.get("/", dependencies=[Depends(known)])
    async def handle(tasks: BackgroundTasks) -> str:
        tasks.add_task(lambda: told.append(f"task of {caller.get()}"))
        return caller.get()

    @router.get("/thread", dependencies=[Depends(known)])
    def in_a_thread() -> str:
        return caller.get()

    @router.get("/yield", dependencies=[Depends(known_for_a_while)])
    async def entered() -> str:
        return caller.get()

    @router.get("/none")
    async def none() -> str:
        return caller.get()


@pytest.mark.parametrize(("case", "side"), cases)
async def test_dependencies_see_the_request_as_in_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
