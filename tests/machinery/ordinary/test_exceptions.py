"""Exceptions, and the handlers that are registered for them."""

import json
from functools import partial

import pytest
from fastapi import (
    APIRouter,
    Depends,
    FastAPI,
    HTTPException,
    Request,
    Response,
)
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from api.web.middleware import HEADERS
from tests.machinery.ordinary.house import whole
from tests.machinery.ordinary.sides import WHOLE, Case, Cases, Side, get, post
from tests.machinery.ordinary.telling import breaking, catching

pytestmark = pytest.mark.anyio


cases = Cases()
PRODUCTION = Side(
    "production",
    partial(whole, environment="production", secret_key="a secret for tests, which is long enough"),
    has_lifespan=False,
)


class Item(BaseModel):
    name: str
    size: int = 1


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


STATUSES = (*range(400, 407), *range(409, 416), 418, 422, 423, 425, 428, 429, 451)


@cases(
    *(get(f"/{status}", status, same=["x-why"]) for status in (*STATUSES, 500, 501, 502, 503, 504, 507)),
    get("/304", 304),
)
def http_exceptions_of_any_status(router: APIRouter) -> None:
    @router.get("/{status}")
    async def handle(status: int) -> None:
        raise HTTPException(status, "Because.", {"X-Why": "because"})


# FastAPI remembers where a handler is by its id, which another function may have later: these stay.
async def wrong(n: int) -> int:
    return n


async def wrong_body(item: Item) -> Item:
    return item


async def wrong_answer() -> int:
    return "x"  # type: ignore[return-value]


@cases(get("/wrong?n=x", 299), post("/wrong", 299, json={}), get("/answer", 299))
def what_a_validation_error_says(app: FastAPI, router: APIRouter) -> None:
    @app.exception_handler(RequestValidationError)
    @app.exception_handler(ResponseValidationError)
    async def answer(_: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse([str(error), error.endpoint_ctx, repr(error.body)], 299)

    router.get("/wrong")(wrong)
    router.post("/wrong")(wrong_body)
    router.get("/answer")(wrong_answer)


@cases(get("/untyped", 422), post("/untyped", 405), get("/basic", 401, same=["www-authenticate"]))
def exceptions_as_they_are_often_raised(router: APIRouter) -> None:
    @router.get("/untyped")
    async def untyped() -> None:
        raise RequestValidationError([{"loc": ("query", "a"), "msg": "It is too small."}])

    @router.get("/basic")
    async def basic() -> None:
        raise HTTPException(401, headers={"www-authenticate": "Basic"})


BROKEN = (get("/broken", 500, exact=True, same=["x-own"]), get("/begun"), get("/fine", 404))


def own_answer(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"mine": repr(error)}, 500, {"X-Own": request.url.path})


@cases(*BROKEN)
def a_handler_of_all_exceptions(app: FastAPI, router: APIRouter) -> None:
    breaking(router)
    app.exception_handler(Exception)(own_answer)


@cases(*BROKEN)
def a_handler_of_status_500(app: FastAPI, router: APIRouter) -> None:
    breaking(router)
    app.exception_handler(500)(own_answer)


@cases(get("/broken", 503, exact=True), get("/begun"), get("/fine", 404))
def a_middleware_that_catches(app: FastAPI, router: APIRouter, told: list[str]) -> None:
    breaking(router)
    catching(app, told, JSONResponse("caught", 503))


@pytest.mark.parametrize("is_caught", [True, False])
async def test_what_nobody_answers_is_a_problem(is_caught: bool, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []

    def declare(app: FastAPI, router: APIRouter) -> None:
        breaking(router)
        if is_caught:
            catching(app, told, None)  # and raises it again

    names = (*HEADERS, "Content-Security-Policy", "Strict-Transport-Security", "X-Request-ID")
    ask = get("/broken", exact=True, same=[name.lower() for name in names], headers={"x-request-id": "mine"})
    [[answer], _] = await Case(declare, (ask,)).answers(PRODUCTION)

    assert answer.status == 500
    assert answer.headers["content-type"] == ["application/problem+json"]
    assert "hidden" not in answer.body.decode()
    assert json.loads(answer.body)["code"] == "internal_error"
    assert {name: len(found) for name, found in answer.headers.items()} == dict.fromkeys(answer.headers, 1)
    assert answer.headers["x-request-id"] == ["mine"]
    assert answer.broke == ("LookupError('hidden')" if is_caught else "")
    assert told == (["LookupError('hidden')"] if is_caught else [])
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ["hidden" in line.get("trace", "") for line in logged if line["level"] == "ERROR"] == [True]
    assert [line["status"] for line in logged if "status" in line] == [500]


async def test_an_http_exception_of_a_middleware_keeps_its_status() -> None:
    def declare(app: FastAPI, router: APIRouter) -> None:
        @app.middleware("http")
        async def refuse(_: Request, __: object) -> Response:
            raise HTTPException(418, "No coffee.", {"X-Why": "tea"})

    [[answer], _] = await Case(declare, (get("/", exact=True, same=["x-why"]),)).answers(PRODUCTION)

    problem = json.loads(answer.body)
    assert (answer.status, problem["code"], problem["detail"]) == (418, "im_a_teapot", "No coffee.")
    assert answer.headers["x-why"] == ["tea"]


async def test_what_an_http_exception_says_is_told() -> None:
    def declare(router: APIRouter) -> None:
        @router.get("/")
        async def handle() -> None:
            raise HTTPException(404, "Item not found, and this is why.")

    [[answer], _] = await Case(declare, (get("/", exact=True),)).answers(WHOLE)

    assert answer.status == 404
    assert "Item not found, and this is why." in answer.body.decode()


@pytest.mark.parametrize(("case", "side"), cases)
async def test_exceptions_are_answered_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
