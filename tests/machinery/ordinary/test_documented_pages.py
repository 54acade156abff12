"""One case for each page of FastAPI's documentation that is about more than parameters and answers."""

from typing import Annotated, Any

import pytest
from fastapi import (
    APIRouter,
    BackgroundTasks,
    Depends,
    FastAPI,
    Header,
    Request,
    Response,
)
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel

from tests.machinery.ordinary.sides import FURNISHED, SIDES, Case, Cases, Side, get, post, put

pytestmark = pytest.mark.anyio


cases = Cases(*SIDES, FURNISHED)


class Item(BaseModel):
    name: str
    size: int = 1


@cases(post("/send/a@b.c"), post("/send/x?q=y"), post("/sync/z"))
def background_tasks(router: APIRouter, told: list[str]) -> None:
    def write(to: str, message: str = "") -> None:
        told.append(f"{to} {message}")

    async def query(tasks: BackgroundTasks, q: str | None = None) -> str | None:
        if q:
            tasks.add_task(write, q, "found")
        return q

    @router.post("/send/{email}")
    async def send(
        email: str, tasks: BackgroundTasks, q: Annotated[str | None, Depends(query)]
    ) -> dict[str, str]:
        tasks.add_task(write, email, message="notification")
        return {"message": "sent"}

    @router.post("/sync/{email}", response_class=PlainTextResponse)
    def in_a_thread(email: str, tasks: BackgroundTasks) -> Any:
        tasks.add_task(write, email)
        return "sent"


@cases(
    get("/sub/x", same=["x-sub"]),
    get("/sub/none", 404, exact=True),
    get("/own"),
    get("/sub/url"),
    get("/plain/x"),
)
def sub_applications(app: FastAPI, make: type[APIRouter], router: APIRouter) -> None:
    sub, inner = FastAPI(), make()
    sub.state.settings = app.state.settings

    @inner.get("/x")
    async def x(request: Request, response: Response) -> list[str]:
        response.headers["X-Sub"] = "yes"
        return [request.scope["root_path"], request.url.path]

    @inner.get("/url", name="here")
    async def url(request: Request) -> str:
        return str(request.url_for("here"))

    @router.get("/own")
    async def own() -> str:
        return "own"

    async def raw(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse(scope["path"])(scope, receive, send)

    sub.include_router(inner)
    app.mount("/sub", sub)
    app.mount("/plain", raw)


@cases(
    get("/here", root_path="/proxy"), get("/proxy/here", root_path="/proxy"), get("/here"), get("/{x}/y", 404)
)
def a_root_path(router: APIRouter) -> None:
    @router.get("/here", name="here")
    async def handle(request: Request) -> list[str]:
        return [
            request.scope["root_path"],
            request.url.path,
            str(request.url_for("here")),
            str(request.base_url),
        ]


@cases(get("/api/x/a"), get("/api/x"), get("/api/y/z/b"), get("/c"), get("/api/c"), get("/x/a", 404))
def nested_routers_and_prefixes(app: FastAPI, make: type[APIRouter]) -> None:
    outer, inner, innermost = make(prefix="/api"), make(prefix="/x", tags=["x"]), make()

    @inner.get("/a")
    async def a(request: Request) -> str:
        return request.url.path

    @inner.get("")
    async def empty() -> str:
        return "x"

    @innermost.get("/b")
    def b(z: str) -> str:
        return z

    @innermost.get("/c")
    async def c(z: str = "none") -> str:
        return z

    outer.include_router(inner)
    outer.include_router(innermost, prefix="/y/{z}", responses={418: {"description": "Teapot"}})
    app.include_router(outer)
    app.include_router(innermost)
    outer.include_router(innermost)


@cases(get("/included"), get("/late"))
def routes_added_to_a_router_after_its_inclusion(app: FastAPI, make: type[APIRouter]) -> None:
    router = make()

    @router.get("/included")
    async def included() -> str:
        return "included"

    app.include_router(router)

    @router.get("/late")
    async def late() -> str:
        return "late"


@cases(
    put("/foo", json={"name": "b"}),
    put("/new", 201, json={"name": "c"}),
    put("/gone", 410, json={"name": "d"}, exact=True),
)
def additional_status_codes(router: APIRouter) -> None:
    items = {"foo": Item(name="a")}

    @router.put("/{id}", responses={201: {"model": Item}, 410: {"description": "Gone"}}, response_model=Item)
    async def upsert(id: str, item: Item) -> Any:
        if id == "gone":
            return JSONResponse({"detail": "gone"}, 410)
        is_new = id not in items
        items[id] = item
        return JSONResponse(item.model_dump(), 201) if is_new else item


@cases(get("/app"), get("/x", headers={"accept-language": "de"}))
def the_request_directly(router: APIRouter) -> None:
    @router.get("/{x}")
    async def handle(
        x: str, request: Request, accept_language: Annotated[str | None, Header()] = None
    ) -> list[Any]:
        return [
            request.app is not None,
            x,
            request.path_params,
            str(request.base_url),
            accept_language,
            dict(request.query_params),
        ]


@cases(get("/items/3"), get("/items/3?short=true"))
def responses_of_another_media_type_beside_json(router: APIRouter) -> None:
    @router.get("/items/{id}", responses={200: {"content": {"image/png": {}}}})
    async def handle(id: int, short: bool = False) -> Any:
        return Response(b"png", media_type="image/png") if short else {"id": id}


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_documented_page_holds(case: Case, side: Side) -> None:
    await case.check(side)
