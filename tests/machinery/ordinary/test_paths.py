"""Which route answers: the order of declaration rules, as FastAPI documents it."""

from typing import Any

import pytest
from fastapi import APIRouter, Request

from tests.machinery.ordinary.sides import (
    FURNISHED,
    MOVED_IN,
    SIDES,
    Ask,
    Case,
    Cases,
    Side,
    delete,
    get,
    head,
    post,
    put,
)
from tests.machinery.ordinary.telling import tell

pytestmark = pytest.mark.anyio


cases = Cases(*SIDES, FURNISHED, MOVED_IN)


@cases(get("/about"), get("/other"), get("/a/b", 404))
def what_comes_first_wins(router: APIRouter) -> None:
    tell(router, "/{page}")
    tell(router, "/about")


@cases(get("/about"), get("/other"))
def what_is_said_before_wins(router: APIRouter) -> None:
    tell(router, "/about")
    tell(router, "/{page}")


@cases(get("/a/about"), get("/a/x"), get("/a/b/c"), get("/a/b/about"))
def the_order_within_a_folder(router: APIRouter) -> None:
    tell(router, "/{first}/{second}")
    tell(router, "/a/about")
    tell(router, "/a/b/{third}")
    tell(router, "/a/b/about")


@cases(
    get("/api/v1/things/new"),
    get("/api/v1/things/7"),
    get("/api/v1/things/7/parts"),
    get("/api/v1/other/new", 404),
)
def the_order_deep_below(router: APIRouter) -> None:
    tell(router, "/api/v1/{kind}/7", "any kind")
    tell(router, "/api/v1/things/{id}")
    tell(router, "/api/v1/things/new")
    tell(router, "/api/v1/things/{id}/parts")


@cases(
    get("/things/x"), get("/things/own"), get("/things/late"), get("/others/own"), get("/others/late", 404)
)
def the_order_across_routers(app: APIRouter, make: type[APIRouter]) -> None:
    first, second, third = make(), make(prefix="/things"), make(prefix="/{kind}")
    tell(first, "/things/x", "first")
    tell(third, "/own", "third")
    tell(second, "/own", "second")
    tell(second, "/late", "second late")
    for router in (first, third, second):
        app.include_router(router)


@cases(get("/a/x"), get("/b/x"), get("/a/y"), get("/x", 404))
def the_order_within_one_inclusion_after_another(app: APIRouter, make: type[APIRouter]) -> None:
    first, second = make(), make()
    tell(first, "/{any}", "first")
    tell(second, "/x", "second x")
    app.include_router(first, prefix="/a")
    app.include_router(second, prefix="/a")
    app.include_router(second, prefix="/b")
    app.include_router(first, prefix="/b")


@cases(
    get("/a/1"),
    post("/a/1"),
    put("/a/1", 405),
    delete("/a/1"),
    get("/a/new"),
    post("/a/new"),
    delete("/a/new"),
)
def the_order_by_method(router: APIRouter) -> None:
    tell(router, "/a/{id}", "one")
    tell(router, "/a/new", "new", ("GET", "POST"))
    tell(router, "/a/{id}", "change", ("POST", "DELETE"))


@cases(
    get("/a"),
    head("/a", 405),
    Ask("OPTIONS", "/a", 405),
    post("/a", 405),
    get("/b", 405),
    Ask("TRACE", "/a", 405),
)
def methods_that_are_not_there(router: APIRouter) -> None:
    tell(router, "/a")
    tell(router, "/b", methods=("POST",))


@cases(head("/a"), get("/a"), Ask("OPTIONS", "/a"), Ask("TRACE", "/a"), Ask("PURGE", "/b"), get("/b", 405))
def methods_that_are_declared(router: APIRouter) -> None:
    tell(router, "/a", methods=("GET", "HEAD", "OPTIONS"))

    @router.trace("/a")
    async def trace() -> str:
        return "trace"

    tell(router, "/b", methods=("PURGE",))


@cases(
    head("/", same=["content-length"]),
    Ask("OPTIONS", "/", same=["allow"]),
    put("/"),
    Ask("PATCH", "/"),
    delete("/"),
)
def every_decorator(router: APIRouter) -> None:
    for method in ("get", "put", "post", "delete", "options", "head", "patch"):

        async def handle(method: str = method) -> str:
            return method

        getattr(router, method)("/")(handle)


@cases(get("//a", 404), get("/a//b", 404), get("/A", 404), get("/a?"), get("/", 404))
def paths_that_are_almost_right(router: APIRouter) -> None:
    tell(router, "/a")
    tell(router, "/a/b")


@cases(get("/one"), get("/two"), get("/three"), get("/outer/one"))
def several_paths_for_one_handler(router: APIRouter) -> None:
    @router.get("/one")
    @router.get("/two")
    @router.api_route("/three", methods=["GET"])
    @router.get("/outer/{x}")
    async def handle(request: Request, x: str = "default") -> list[str]:
        return [x, request.url.path]


@cases(get("/a"), get("/b"))
def the_route_in_the_scope(router: APIRouter) -> None:
    @router.get("/a", name="named")
    async def one(request: Request) -> list[Any]:
        route = request.scope["route"]
        return [
            route.name,
            route.path,
            request.scope["endpoint"].__name__,
            str(request.url_for("other", id=3)),
        ]

    @router.get("/b")
    async def two(request: Request) -> str:
        return str(request.app.url_path_for("named"))

    @router.get("/o/{id}", name="other")
    async def three(id: int) -> int:
        return id


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_path_leads_where_fastapi_leads(case: Case, side: Side) -> None:
    await case.check(side)
