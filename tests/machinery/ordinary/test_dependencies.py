"""Dependencies: what may be one, how often it is called, and what it is given."""

from contextvars import ContextVar
from functools import partial, wraps
from itertools import count
from threading import current_thread, main_thread
from typing import Annotated, Any

import pytest
from fastapi import (
    APIRouter,
    BackgroundTasks,
    Depends,
    FastAPI,
    Header,
    HTTPException,
    Query,
    Request,
    Response,
)
from fastapi.requests import HTTPConnection
from pydantic import BaseModel

from tests.machinery.ordinary.sides import Case, Cases, Side, get, post

pytestmark = pytest.mark.anyio
cases = Cases()


async def commons(q: str | None = None, skip: int = 0) -> dict[str, Any]:
    return {"q": q, "skip": skip}


def commons_in_a_thread(q: str | None = None, skip: int = 0) -> dict[str, Any]:
    return {"q": q, "skip": skip, "is_main": current_thread() is main_thread()}


class Commons:
    def __init__(self, q: str | None = None, skip: Annotated[int, Query(ge=0)] = 1) -> None:
        self.q, self.skip = q, skip


class Checker:
    def __init__(self, word: str) -> None:
        self.word = word

    def __call__(self, q: str = "") -> bool:
        return self.word in q


class AsyncChecker(Checker):
    async def __call__(self, q: str = "") -> bool:  # type: ignore[override]
        return self.word not in q

    async def method(self, q: str = "") -> list[str]:
        return [self.word, q]

    @classmethod
    async def of_class(cls, q: str = "") -> list[str]:
        return [cls.__name__, q]

    @staticmethod
    async def static(q: str = "") -> str:
        return q


async def two(first: str, q: str = "none") -> list[str]:
    return [first, q]


def two_in_a_thread(first: str, q: str = "none") -> list[str]:
    return [first, q]


def noting(function: Any) -> Any:
    @wraps(function)
    async def wrapped(*args: Any, **kwargs: Any) -> Any:
        return ["wrapped", await function(*args, **kwargs)]

    return wrapped


@noting
async def decorated(q: str = "") -> str:
    return q


class Page(BaseModel):
    skip: int = 0
    q: str | None = None


CALLS: dict[str, Any] = {
    "async": commons,
    "sync": commons_in_a_thread,
    "class": Commons,
    "instance": Checker("x"),
    "async_instance": AsyncChecker("x"),
    "method": AsyncChecker("y").method,
    "class_method": AsyncChecker.of_class,
    "static_method": AsyncChecker.static,
    "partial": partial(two, "given"),
    "sync_partial": partial(two_in_a_thread, "given"),
    "partial_of_partial": partial(partial(two, "given"), q="too"),
    "partial_of_instance": partial(Checker("z")),
    "lambda": lambda q="": q * 2,
    "decorated": decorated,
    "model": Page,
}


def depending(call: Any) -> Any:
    def declare(router: APIRouter) -> None:
        @router.get("/annotated")
        async def annotated(found: Annotated[Any, Depends(call)]) -> Any:
            return vars(found) if isinstance(found, Commons) else found

        @router.get("/default")
        async def default(found: Any = Depends(call)) -> Any:
            return vars(found) if isinstance(found, Commons) else found

        @router.get("/thread", dependencies=[Depends(call)])
        def in_a_thread(found: Annotated[Any, Depends(call)]) -> Any:
            return vars(found) if isinstance(found, Commons) else found

    return declare


for name, call in CALLS.items():
    declare = depending(call)
    declare.__name__ = f"a_dependency_that_is_{name}"
    wrong = (get("/annotated?skip=x", 422),) if name in {"async", "sync", "class", "model"} else ()
    cases(get("/annotated?q=xyz&skip=2"), get("/default"), get("/thread?q=a"), *wrong)(declare)


@cases(get("/?q=a&skip=3"), get("/?skip=-1", 422))
def a_class_that_is_its_own_dependency(router: APIRouter) -> None:
    @router.get("/")
    async def handle(found: Annotated[Commons, Depends()]) -> list[Any]:
        return [found.q, found.skip]


@cases(get("/cached"), get("/cached"), get("/anew"), get("/mixed"), get("/below"), get("/sync"))
def how_often_it_is_called(router: APIRouter) -> None:
    numbers = count()

    async def number() -> int:
        return next(numbers)

    def in_a_thread() -> int:
        return next(numbers)

    Cached, Anew = Annotated[int, Depends(number)], Annotated[int, Depends(number, use_cache=False)]

    async def below(a: Cached, b: Anew) -> list[int]:
        return [a, b]

    @router.get("/cached")
    async def cached(a: Cached, b: Cached) -> list[int]:
        return [a, b]

    @router.get("/anew")
    async def anew(a: Anew, b: Anew) -> list[int]:
        return [a, b]

    @router.get("/mixed", dependencies=[Depends(number)])
    async def mixed(a: Anew, b: Cached, c: Anew) -> list[int]:
        return [a, b, c]

    @router.get("/below")
    async def below_and_here(a: Cached, b: Annotated[list[int], Depends(below)], c: Anew) -> list[Any]:
        return [a, b, c]

    @router.get("/sync")
    async def sync(
        a: Annotated[int, Depends(in_a_thread)], b: Annotated[int, Depends(in_a_thread, use_cache=False)]
    ) -> list[int]:
        return [a, b]


@cases(get("/"))
def the_same_dependency_under_two_names(router: APIRouter) -> None:
    async def made() -> list[str]:
        return []

    async def user(first: Annotated[list[str], Depends(made)]) -> str:
        first.append("user")
        return "user"

    @router.get("/")
    async def handle(
        one: Annotated[list[str], Depends(made)],
        user: Annotated[str, Depends(user)],
        two: Annotated[list[str], Depends(made)],
        three: list[str] = Depends(made, use_cache=True),  # noqa: B008
    ) -> list[Any]:
        return [one, two, three, one is two is three, user]


@cases(get("/"), get("/two"))
def the_same_dependency_below_two_others(router: APIRouter, told: list[str]) -> None:
    async def base(q: int = 1) -> int:
        told.append("base")
        return q

    async def left(base: Annotated[int, Depends(base)]) -> int:
        told.append("left")
        return base + 1

    def right(base: Annotated[int, Depends(base)]) -> int:
        told.append("right")
        return base + 2

    @router.get("/")
    async def handle(right: Annotated[int, Depends(right)], left: Annotated[int, Depends(left)]) -> list[int]:
        told.append("handle")
        return [left, right]

    @router.get("/two", dependencies=[Depends(left), Depends(base), Depends(right)])
    async def two() -> None:
        told.append("two")


@cases(get("/none"), get("/equal"))
def what_a_dependency_may_come_to(router: APIRouter) -> None:
    async def nothing() -> None: ...

    async def response() -> Response:
        return Response("just an object", 418)

    @router.get("/none")
    async def none(
        a: Annotated[None, Depends(nothing)], b: Annotated[Any, Depends(lambda: None)]
    ) -> list[Any]:
        return [a, b]

    @router.get("/equal")
    async def given(found: Annotated[Any, Depends(response)]) -> int:
        return int(found.status_code)


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


@cases(get("/sub/a", headers={"x-token": "t"}), get("/sub/a", 404), get("/sub/own", 404), get("/plain"))
def dependencies_of_apps_routers_and_routes(app: FastAPI, make: type[APIRouter], told: list[str]) -> None:
    def telling(word: str) -> Any:
        async def tell() -> None:
            told.append(word)

        return Depends(tell)

    async def token(x_token: Annotated[str | None, Header()] = None) -> None:
        told.append("token")
        if x_token is None:
            raise HTTPException(404)

    async def refuse() -> None:
        raise HTTPException(404)

    inner = make(prefix="/sub", dependencies=[telling("router"), Depends(token)])
    outer = make(dependencies=[telling("outer")])

    @inner.get("/a", dependencies=[telling("route")])
    async def a(found: Annotated[Any, telling("parameter")]) -> str:
        told.append("handler")
        return "a"

    @inner.get("/own", dependencies=[Depends(refuse)])
    async def own() -> None: ...

    @app.get("/plain", dependencies=[telling("of app.get")])
    async def plain() -> str:
        return "plain"

    outer.include_router(inner, dependencies=[telling("inclusion")])
    app.include_router(outer, dependencies=[telling("inclusion in the app")])


@cases(get("/a?q=1"), get("/a", 422), get("/b"), get("/c?q=1"), get("/c", 422), get("/d"), get("/e"))
def overrides(app: FastAPI, router: APIRouter) -> None:
    async def real() -> str:
        return "real"

    async def below(word: Annotated[str, Depends(real)]) -> str:
        return f"below {word}"

    async def entered() -> Any:
        yield "entered"

    async def other() -> str:
        return "other"

    async def with_query(q: int) -> str:
        return f"overridden {q}"

    def exits() -> Any:
        yield "exits"

    @router.get("/a", dependencies=[Depends(other)])
    async def a(word: Annotated[str, Depends(real)]) -> str:
        return word

    @router.get("/b")
    async def b(word: Annotated[str, Depends(below)]) -> str:
        return word

    @router.get("/c")
    async def c(word: Annotated[str, Depends(other)]) -> str:
        return word

    @router.get("/d")
    async def d(word: Annotated[str, Depends(entered)]) -> str:
        return word

    @router.get("/e")
    async def e(response: Response) -> str:
        response.status_code = 200
        return "not overridden"

    app.dependency_overrides[real] = lambda: "overridden"
    app.dependency_overrides[other] = with_query
    app.dependency_overrides[entered] = exits


@cases(post("/?n=x", 422, json={}), post("/?n=1", 422, json={"skip": "x"}), post("/?n=1", json={}))
def nothing_is_called_when_something_is_wrong_below_it(router: APIRouter, told: list[str]) -> None:
    async def wrong(n: int) -> int:
        told.append("number")
        return n

    async def above(number: Annotated[int, Depends(wrong)]) -> int:
        told.append("above")
        return number

    async def beside() -> None:
        told.append("beside")

    @router.post("/", dependencies=[Depends(beside)])
    async def handle(above: Annotated[int, Depends(above)], page: Page) -> int:
        told.append("handle")
        return above


@cases(get("/one"), get("/many"))
def limited_concurrency(router: APIRouter) -> None:
    async def slow() -> str:
        return "async"

    def slow_in_a_thread() -> Any:
        yield "sync"

    @router.get("/one")
    async def one(word: Annotated[str, Depends(slow, max_concurrency=1)]) -> str:
        return word

    @router.get("/many")
    async def many(word: Annotated[str, Depends(slow_in_a_thread, max_concurrency=2)]) -> str:
        return word


@pytest.mark.parametrize(("case", "side"), cases)
async def test_dependencies_are_what_they_are_in_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
