"""What may be a dependency: functions, classes, instances, partials."""

from collections.abc import AsyncIterator
from functools import partial, wraps
from threading import current_thread, main_thread
from typing import Annotated, Any

import pytest
from fastapi import (
    APIRouter,
    Depends,
    Query,
)
from pydantic import BaseModel

from tests.machinery.ordinary.sides import Case, Cases, Side, get

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


@cases(get("/generator", 500), get("/function"), get("/yielding"))
def a_decorator_that_changes_the_kind(router: APIRouter) -> None:
    """FastAPI looks at the decorated function too."""

    async def generator() -> AsyncIterator[str]:
        yield "yielded"

    def function() -> str:
        return "returned"

    @wraps(generator)
    async def awaited() -> str:
        return "awaited"

    @wraps(function)
    async def awaited_too() -> str:
        return "awaited"

    @wraps(awaited_too)
    async def yielding() -> AsyncIterator[str]:
        yield "yielding"

    for path, call in {"/generator": awaited, "/function": awaited_too, "/yielding": yielding}.items():

        @router.get(path)
        async def handle(found: Annotated[str, Depends(call)]) -> str:
            return found


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
        async def default(found: Any = Depends(call)) -> Any:  # noqa: B008
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


@pytest.mark.filterwarnings("ignore:coroutine")  # FastAPI does not await that of `/generator`
@pytest.mark.parametrize(("case", "side"), cases)
async def test_whatever_may_be_called_may_be_a_dependency(case: Case, side: Side) -> None:
    await case.check(side)
