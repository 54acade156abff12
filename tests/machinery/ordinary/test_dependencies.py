"""Dependencies: what may be one, how often it is called, and what it is given."""

from itertools import count
from typing import Annotated, Any, TypeAlias

import pytest
from fastapi import (
    APIRouter,
    Depends,
    Query,
    Response,
)

from tests.machinery.ordinary.sides import Case, Cases, Side, get

pytestmark = pytest.mark.anyio


cases = Cases()


class Commons:
    def __init__(self, q: str | None = None, skip: Annotated[int, Query(ge=0)] = 1) -> None:
        self.q, self.skip = q, skip


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

    Cached: TypeAlias = Annotated[int, Depends(number)]
    Anew: TypeAlias = Annotated[int, Depends(number, use_cache=False)]

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


@pytest.mark.parametrize(("case", "side"), cases)
async def test_dependencies_are_what_they_are_in_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
