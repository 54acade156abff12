"""One declaration of routes, carried out by the house and by FastAPI alone, and asked the same."""

import inspect
import re
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from httpx import ASGITransport, AsyncClient

from tests.conftest import THOROUGH
from tests.machinery.ordinary.house import Router, furnished, living_in, settings_with, whole
from tests.machinery.ordinary.sockets import talk

Declare = Callable[..., None]


class Ask:
    """One request, the status that FastAPI answers it with, and the headers that have to be the same."""

    def __init__(
        self,
        method: str,
        path: str,
        status: int = 200,
        *,
        same: Sequence[str] = (),
        exact: bool = False,
        **options: Any,
    ) -> None:
        self.method, self.path, self.status, self.options = method, path, status, options
        self.same = ("content-type", *same)
        self.exact = exact  # the whole answer has to be the same, although it is an error


get, post, put, patch, delete, head = (
    partial(Ask, method) for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
)
socket = partial(Ask, "WEBSOCKET", status=1000)


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None
    headers: dict[str, list[str]] = field(default_factory=dict)
    broke: str = field(default="", compare=False)  # what the app raised, to be read in a failure


@dataclass(frozen=True)
class Side:
    """An app, the kind of router that goes into it, and what its own other side is."""

    name: str
    make: Callable[[], FastAPI]
    router: type[APIRouter] = Router
    has_lifespan: bool = True

    moves_in: bool = False  # what is declared is there already when the app is made

    @property
    def fastapi(self) -> "Side":
        if self.router is APIRouter:
            return self
        return BARE_FASTAPI if self in BARE else WHOLE_FASTAPI


def bare(override: bool = False, **options: Any) -> FastAPI:
    app = FastAPI()
    app.state.settings = settings_with(**options)
    if override:  # of something that nobody depends on
        app.dependency_overrides[bare] = bare
    return app


def whole_fastapi() -> FastAPI:
    """With the options of FastAPI that the house has chosen for itself."""
    app = FastAPI(redirect_slashes=False, docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    app.state.settings = settings_with()
    return app


FAST = Side("fast", partial(bare, fast_path=True))
SLOW = Side("slow", partial(bare, fast_path=False))
OVERRIDDEN = Side("overridden", partial(bare, override=True))
WHOLE = Side("whole", whole, has_lifespan=False)
FURNISHED = Side("furnished", furnished, has_lifespan=False)
MOVED_IN = Side("moved_in", furnished, has_lifespan=False, moves_in=True)
BARE_FASTAPI = Side("fastapi", bare, APIRouter)
WHOLE_FASTAPI = Side("fastapi, as the house sets it up", whole_fastapi, APIRouter, has_lifespan=False)
BARE = (FAST, SLOW, OVERRIDDEN)
SIDES = (*BARE, WHOLE) if THOROUGH else (WHOLE,)


@dataclass(frozen=True)
class Case:
    """Routes, and what they are asked. They are declared with what the function names: `router`; the
    `app`; `make`, which makes more routers; `told`, a list in which to write down what happens."""

    declare: Declare
    asks: tuple[Ask, ...]
    known: dict[str, Any] = field(default_factory=dict, compare=False)  # what FastAPI has answered

    async def answers(self, side: Side) -> tuple[list[Answer], list[Any]]:
        app: Any = side.router() if side.moves_in else side.make()
        router, told = side.router(), list[Any]()
        there = {"app": app, "router": router, "make": side.router, "told": told}
        self.declare(**{name: there[name] for name in inspect.signature(self.declare).parameters})
        app.include_router(router)
        if side.moves_in:
            with living_in(app):
                app = side.make()
        async with AsyncExitStack() as stack:
            if side.has_lifespan:
                await stack.enter_async_context(app.router.lifespan_context(app))
            found = [await answer_of(app, ask) for ask in self.asks]
        return found, told

    async def check(self, side: Side) -> None:
        if side.fastapi.name not in self.known:
            self.known[side.fastapi.name] = await self.answers(side.fastapi)
        theirs, ours = self.known[side.fastapi.name], await self.answers(side)
        tells = "told" in inspect.signature(self.declare).parameters
        assert [answer.status for answer in theirs[0]] == [ask.status for ask in self.asks], theirs
        assert theirs[1] or not tells, "The case tells nothing."
        asked = [f"{ask.method} {ask.path}" for ask in self.asks]
        differing = [each for each in zip(asked, theirs[0], ours[0], strict=True) if each[1] != each[2]]
        assert not differing, "\n".join(
            f"{ask}:\n  fastapi {one}\n  house   {two}" for ask, one, two in differing
        )
        assert ours[1] == theirs[1], f"{ours[1]}\n{theirs[1]}"


async def answer_of(app: FastAPI, ask: Ask) -> Answer:
    broke: list[str] = []

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:
            broke.append(repr(error))
            raise

    if ask.method == "WEBSOCKET":
        return Answer(*await talk(app, ask.path, **ask.options))
    options = dict(ask.options)
    transport = ASGITransport(watched, raise_app_exceptions=False, root_path=options.pop("root_path", ""))
    cookies = options.pop("cookies", None)
    async with AsyncClient(transport=transport, base_url="http://test", cookies=cookies) as client:
        got = await client.request(ask.method, ask.path, **options)
    is_own = got.status_code >= 400 and not ask.exact  # the house has its own words for what went wrong
    is_empty = (
        got.status_code == 204
    )  # FastAPI names its type and the house does not, because there is nothing
    names = [name for name in ask.same if not (is_own or is_empty) or not name.startswith("content-")]
    # A cookie that is deleted expires now, and a second may pass between two answers.
    headers = {
        name: [re.sub("expires=[^;]+", "expires=now", one) for one in got.headers.get_list(name)]
        for name in names
    }
    return Answer(got.status_code, None if is_own else got.content, headers, "".join(broke))


class Cases(list[Any]):
    """A table of cases: `@cases(get("/"))` above each function that declares routes."""

    def __init__(self, *sides: Side) -> None:
        self.sides = sides or SIDES

    def __call__(self, *asks: Ask, sides: Sequence[Side] | None = None) -> Callable[[Declare], Declare]:
        def add(declare: Declare) -> Declare:
            case = Case(declare, asks)
            name = declare.__name__.strip("_")
            self.extend(pytest.param(case, side, id=f"{name}-{side.name}") for side in sides or self.sides)
            return declare

        return add
