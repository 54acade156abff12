"""Routes that answer for more than their path and methods say, and what is around the app."""

from typing import Any

import pytest
from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.endpoints import HTTPEndpoint
from starlette.responses import PlainTextResponse
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from tests.machinery.ordinary.house import Router, furnished, living_in
from tests.machinery.ordinary.sides import MOVED_IN, SIDES, Case, Cases, Side, answer_of, delete, get, post
from tests.machinery.ordinary.telling import tell

pytestmark = pytest.mark.anyio


cases = Cases(*SIDES, MOVED_IN)


class Page(HTTPEndpoint):
    async def get(self, request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"the class at {request.url.path}")


page: Any = Page


@cases(get("/ep"), post("/ep", 405), get("/api/ep"), delete("/api/ep", 405), get("/late"), post("/late", 405))
def a_class_answers_every_method(router: APIRouter, make: type[APIRouter]) -> None:
    inner = make()
    for one in (inner, router):
        one.add_route("/ep", page)
        tell(one, "/ep", methods=("GET", "POST", "DELETE"))
        tell(one, "/late")
        one.add_route("/late", page)
    router.include_router(inner, prefix="/api")


class ByHeader(APIRoute):
    def matches(self, scope: Scope) -> Any:
        is_meant = (b"x-version", b"2") in scope["headers"]
        return (Match.FULL, {"path_params": {}}) if is_meant else (Match.NONE, {})


@cases(get("/old"), get("/old", headers={"x-version": "2"}), get("/new", 404))
def a_route_that_matches_in_its_own_way(router: APIRouter, make: type[APIRouter]) -> None:
    new = make()
    new.route_class = ByHeader
    tell(new, "/new")
    router.include_router(new)
    tell(router, "/old")


@cases(get("/a"), get("/a", headers={"x-closed": "1"}), get("/b"))
def a_router_that_matches_in_its_own_way(router: APIRouter, make: type[APIRouter]) -> None:
    class Closable(make):  # type: ignore[valid-type, misc]
        def matches(self, scope: Scope) -> Any:
            is_closed = (b"x-closed", b"1") in scope["headers"]
            return (Match.NONE, {}) if is_closed else super().matches(scope)

    closable = Closable()
    tell(closable, "/a", "closable")
    router.include_router(closable)
    tell(router, "/a", "always")
    tell(router, "/b")


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_route_is_found_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)


async def test_what_a_router_around_the_app_has_found_is_kept() -> None:
    """For example one for hosts, whose parameters are in the scope."""
    router, outer = Router(), APIRouter()

    @router.get("/api/v1/a/{id}")
    async def handle(request: Request) -> list[Any]:
        return [request.path_params, request.scope["router"] is outer]

    with living_in(router):
        apps = [furnished(fast_path=is_fast) for is_fast in (True, False)]
    for added in ({"path_params": {"tenant": "a"}}, {"router": outer}, {}):
        answers = []
        for app in apps:

            async def around(scope: Scope, receive: Receive, send: Send, app: Any = app) -> None:
                await app({**scope, **added}, receive, send)  # noqa: B023

            answers.append(await answer_of(around, get("/api/v1/a/1")))  # type: ignore[arg-type]
        assert [answer.status for answer in answers] == [200, 200]
        assert answers[0] == answers[1]
