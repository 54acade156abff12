"""One case for each page of FastAPI's documentation that is about more than parameters and answers."""

import gzip
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import (
    APIRouter,
    BackgroundTasks,
    Body,
    Depends,
    FastAPI,
    Header,
    HTTPException,
    Request,
    Response,
)
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from tests.machinery.ordinary.sides import WHOLE, Ask, Case, Cases, Side, get, post, put

pytestmark = pytest.mark.anyio
cases = Cases()


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


def timed(base: type[APIRoute]) -> type[APIRoute]:
    class Timed(base):  # type: ignore[valid-type, misc]
        def get_route_handler(self) -> Callable[..., Any]:
            handle = super().get_route_handler()

            async def timing(request: Request) -> Response:
                before = time.monotonic()
                response: Response = await handle(request)
                response.headers["X-Took"] = str(time.monotonic() >= before)
                return response

            return timing

    return Timed


@cases(
    get("/timed", same=["x-took"]),
    get("/plain", same=["x-took"]),
    get("/attribute", same=["x-took"]),
    get("/based", same=["x-took"]),
)
def custom_route_classes(app: FastAPI, make: type[APIRouter]) -> None:
    routers = {
        "/timed": make(route_class=timed(APIRoute)),
        "/plain": make(),
        "/attribute": make(),
        "/based": make(),
    }
    routers["/attribute"].route_class = timed(APIRoute)
    routers["/based"].route_class = timed(routers["/based"].route_class)
    for path, router in routers.items():

        @router.get(path)
        async def handle() -> str:
            return "handled"

        app.include_router(router)


class GzipRequest(Request):
    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            body = await super().body()
            self._body = gzip.decompress(body) if "gzip" in self.headers.getlist("Content-Encoding") else body
        return self._body


class GzipRoute(APIRoute):
    def get_route_handler(self) -> Callable[..., Any]:
        handle = super().get_route_handler()

        async def unpacking(request: Request) -> Response:
            return await handle(GzipRequest(request.scope, request.receive))

        return unpacking


class TellingRoute(APIRoute):
    def get_route_handler(self) -> Callable[..., Any]:
        handle = super().get_route_handler()

        async def telling(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise HTTPException(404, str(error.errors())) from None

        return telling


JSON = {"content-type": "application/json"}


@cases(
    post("/sum", content=gzip.compress(b"[1, 2]"), headers={**JSON, "content-encoding": "gzip"}),
    post("/sum", json=[3]), post("/told", 404, json={"not": "a list"}), post("/told", json=[4]),
)  # fmt: skip
def a_custom_request(app: FastAPI, make: type[APIRouter]) -> None:
    for path, kind in {"/sum": GzipRoute, "/told": TellingRoute}.items():
        router = make()
        router.route_class = kind

        @router.post(path)
        async def handle(numbers: Annotated[list[int], Body()]) -> int:
            return sum(numbers)

        app.include_router(router)


@cases(
    get("/", same=["x-first", "x-second", "x-seen"]),
    get("/stop", 299),
    get("/error", 404),
    get("/large", same=["content-encoding"]),
)
def middleware(app: FastAPI, router: APIRouter, told: list[str]) -> None:
    @app.middleware("http")
    async def first(request: Request, call_next: Any) -> Response:
        told.append(f"first {request.url.path}")
        request.state.seen = "by middleware"
        if request.url.path == "/stop":
            return JSONResponse("stopped", 299)
        response: Response = await call_next(request)
        response.headers["X-First"] = "1"
        told.append(f"first is left with {response.status_code}")
        return response

    class Second(BaseHTTPMiddleware):
        async def dispatch(self, request: Request, call_next: Any) -> Response:
            told.append("second")
            response: Response = await call_next(request)
            response.headers["X-Second"] = "2"
            return response

    app.add_middleware(Second)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["test"])

    @router.get("/")
    async def handle(request: Request, response: Response) -> str:
        response.headers["X-Seen"] = request.state.seen
        return "x"

    @router.get("/error")
    async def error() -> None:
        raise HTTPException(404)

    @router.get("/large")
    async def large() -> str:
        return "x" * 2000


class Unicorn(Exception):
    def __init__(self, name: str) -> None:
        self.name = name


class Horse(Unicorn): ...


@cases(
    get("/unicorn/a", 418, exact=True), get("/horse/b", 418, exact=True), get("/number/x", 400, exact=True),
    get("/number/5"), get("/http", 402, exact=True, same=["x-why"]), get("/none", 404, exact=True),
    get("/value", 499, exact=True), post("/http", 405, exact=True), get("/dependency", 418, exact=True),
)  # fmt: skip
def exception_handlers(app: FastAPI, router: APIRouter) -> None:
    @app.exception_handler(Unicorn)
    async def unicorn(request: Request, error: Unicorn) -> JSONResponse:
        return JSONResponse({"message": f"{error.name} at {request.url.path}"}, 418)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> PlainTextResponse:
        return PlainTextResponse(f"{[each['loc'] for each in error.errors()]} of {error.body}", 400)

    @app.exception_handler(StarletteHTTPException)
    async def http(_: Request, error: StarletteHTTPException) -> PlainTextResponse:
        return PlainTextResponse(str(error.detail), error.status_code, dict(error.headers or {}))

    @app.exception_handler(ValueError)
    def value(_: Request, error: ValueError) -> HTMLResponse:
        return HTMLResponse(f"<p>{error}", 499)

    async def raising() -> None:
        raise Unicorn("dependency")

    @router.get("/unicorn/{name}")
    async def one(name: str) -> None:
        raise Unicorn(name)

    @router.get("/horse/{name}")
    def two(name: str) -> None:
        raise Horse(name)

    @router.get("/number/{number}")
    async def number(number: int) -> int:
        return number

    @router.get("/http")
    async def with_headers() -> None:
        raise HTTPException(402, {"a": ["b"]}, {"X-Why": "money"})

    @router.get("/value")
    async def of_value() -> None:
        raise ValueError("bad")

    @router.get("/dependency", dependencies=[Depends(raising)])
    async def below() -> None: ...


@cases(post("/", 422, json={"size": "x"}, exact=True), get("/", 418, exact=True))
def exception_handlers_that_are_used_again(app: FastAPI, router: APIRouter, told: list[str]) -> None:
    @app.exception_handler(StarletteHTTPException)
    async def http(request: Request, error: StarletteHTTPException) -> Response:
        told.append(str(error.detail))
        return await http_exception_handler(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        told.append(str(len(error.errors())))
        return await request_validation_exception_handler(request, error)

    @router.post("/")
    async def handle(item: Item) -> Item:
        return item

    @router.get("/")
    async def teapot() -> None:
        raise HTTPException(418, "Nope! I don't like 3.")


STATUSES = (
    400,
    401,
    402,
    403,
    404,
    405,
    406,
    409,
    410,
    411,
    412,
    413,
    414,
    415,
    418,
    422,
    423,
    425,
    428,
    429,
    451,
)


@cases(
    *(get(f"/{status}", status, same=["x-why"]) for status in (*STATUSES, 500, 501, 502, 503, 504, 507)),
    get("/304", 304),
)
def http_exceptions_of_any_status(router: APIRouter) -> None:
    @router.get("/{status}")
    async def handle(status: int) -> None:
        raise HTTPException(status, "Because.", {"X-Why": "because"})


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


PAGE = """<!doctype html>
<title>{title}</title>
<p>Ünïcode & {title}"""


@cases(
    get("/page/a"),
    get("/class"),
    get("/static/sides.py"),
    get("/static/none.py", 404),
    get("/static/house.py", 304, headers={"if-none-match": "*"}),
)
def html_and_static_files(app: FastAPI, router: APIRouter) -> None:
    @router.get("/page/{title}", response_class=HTMLResponse)
    async def page(title: str) -> str:
        return PAGE.format(title=title)

    @router.get("/class")
    async def by_class() -> HTMLResponse:
        return HTMLResponse(PAGE)

    app.mount("/static", StaticFiles(directory=Path(__file__).parent), name="static")


@cases(
    get("/get"),
    post("/post", 201, json={"name": "a"}),
    put("/any"),
    Ask("PATCH", "/any"),
    get("/raw"),
    get("/late"),
)
def routes_of_the_app_itself(app: FastAPI, router: APIRouter) -> None:
    @app.get("/get", response_model=Item, response_model_exclude={"size"})
    async def by_get() -> Any:
        return {"name": "x"}

    @app.post("/post", status_code=201)
    async def by_post(item: Item) -> Item:
        return item

    @app.api_route("/any", methods=["PUT", "PATCH"])
    def by_any(request: Request) -> str:
        return request.method

    async def raw(request: Request) -> Response:
        return PlainTextResponse(request.url.path)

    app.add_route("/raw", raw)

    @router.get("/late")
    async def late() -> str:
        return "late"


@cases(get("/same"), get("/other"))
def a_route_of_the_app_before_one_of_a_router(app: FastAPI, router: APIRouter) -> None:
    @router.get("/{any}")
    async def by_router(any: str) -> str:
        return any

    @app.get("/same")
    async def by_app() -> str:
        return "the app was first"


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


async def test_what_an_http_exception_says_is_told() -> None:
    def declare(router: APIRouter) -> None:
        @router.get("/")
        async def handle() -> None:
            raise HTTPException(404, "Item not found, and this is why.")

    [[answer], _] = await Case(declare, (get("/", exact=True),)).answers(WHOLE)

    assert answer.status == 404
    assert "Item not found, and this is why." in answer.body.decode()
