"""What stands around a route: route classes, requests of one's own, middleware, exception handlers."""

import gzip
import time
from typing import Annotated, Any

import pytest
from fastapi import (
    APIRouter,
    Body,
    FastAPI,
    Form,
    HTTPException,
    Request,
    Response,
)
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from tests.machinery.ordinary.sides import Case, Cases, Side, get, post
from tests.machinery.ordinary.telling import around

pytestmark = pytest.mark.anyio


cases = Cases()


class Item(BaseModel):
    name: str
    size: int = 1


def timed(base: type[APIRoute]) -> type[APIRoute]:
    async def timing(request: Request, handle: Any) -> Any:
        before = time.monotonic()
        response = await handle(request)
        response.headers["X-Took"] = str(time.monotonic() >= before)
        return response

    return around(base, timing)


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


async def unpacking(request: Request, handle: Any) -> Any:
    return await handle(GzipRequest(request.scope, request.receive))


async def telling(request: Request, handle: Any) -> Any:
    try:
        return await handle(request)
    except RequestValidationError as error:
        raise HTTPException(404, str(error.errors())) from None


JSON = {"content-type": "application/json"}


@cases(
    post("/sum", content=gzip.compress(b"[1, 2]"), headers={**JSON, "content-encoding": "gzip"}),
    post("/sum", json=[3]), post("/told", 404, json={"not": "a list"}), post("/told", json=[4]),
)  # fmt: skip
def a_custom_request(app: FastAPI, make: type[APIRouter]) -> None:
    for path, kind in {"/sum": unpacking, "/told": telling}.items():
        router = make()
        router.route_class = around(APIRoute, kind)

        @router.post(path)
        async def handle(numbers: Annotated[list[int], Body()]) -> int:
            return sum(numbers)

        app.include_router(router)


FORM = {"content-type": "application/x-www-form-urlencoded"}


@cases(
    *(post(f"/{kind}", json=[1, 2]) for kind in ("first", "logged", "packed")),
    *(post(f"/{kind}", 422, json=[1, "x"]) for kind in ("first", "logged", "packed")),
    post("/packed", content=gzip.compress(b"[1, 2]"), headers={**JSON, "content-encoding": "gzip"}),
    post("/first", 422), post("/logged", 422), post("/form/form", content=b"a=1", headers=FORM),
    post("/form/form", 422, content=b"b=1", headers=FORM),
)  # fmt: skip
def subclasses_of_the_houses_own_route(app: FastAPI, make: type[APIRouter], told: list[Any]) -> None:
    async def reading_first(request: Request, handle: Any) -> Any:
        told.append(await request.body())
        return await handle(request)

    async def reading_a_form(request: Request, handle: Any) -> Any:
        told.append(dict(await request.form()))
        return await handle(request)

    async def logging(request: Request, handle: Any) -> Any:
        try:
            return await handle(request)
        except RequestValidationError as error:
            told.append([each["loc"] for each in error.errors()])
            told.append(await request.body())
            raise HTTPException(422, {"errors": len(error.errors())}) from None

    kinds = {"first": reading_first, "logged": logging, "packed": unpacking, "form": reading_a_form}
    for path, answer in kinds.items():
        router = make(prefix=f"/{path}")
        router.route_class = around(router.route_class, answer)

        @router.post("")
        async def handle(request: Request, numbers: Annotated[list[int], Body()]) -> list[int]:
            return [sum(numbers), len(await request.body())]

        @router.post("/form")
        async def handle_form(a: Annotated[int, Form()]) -> int:
            return a

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


@pytest.mark.parametrize(("case", "side"), cases)
async def test_what_stands_around_a_route_works_as_around_fastapis(case: Case, side: Side) -> None:
    await case.check(side)
