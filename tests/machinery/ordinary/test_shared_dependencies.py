"""Dependencies that several others need: they are called once, and their parameters are read each time."""

from itertools import count
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from fastapi.security import HTTPBearer
from pydantic import AfterValidator

from tests.machinery.ordinary.sides import Case, Cases, Side, get, post

pytestmark = pytest.mark.anyio


cases = Cases()


@cases(
    post("/?q=x", 299, json="x"), post("/?n=x", 299, json=1), post("/?q=1", 299), post("/?n=0", json=1),
    post("/deep?q=x", 299), post("/deep"), post("/body", 299, json="x"), post("/body", json=1),
)  # fmt: skip
def errors_below_two_others(app: FastAPI, router: APIRouter, told: list[str]) -> None:
    @app.exception_handler(RequestValidationError)
    async def answer(_: Request, error: RequestValidationError) -> Response:
        return PlainTextResponse(f"{error.errors()} {error.body}", 299)

    async def base(b: Annotated[int, Body()], q: int = 1) -> int:
        told.append("base")
        return q + b

    async def left(base: Annotated[int, Depends(base)], n: int = 1) -> int:
        told.append("left")
        return base + n

    async def right(base: Annotated[int, Depends(base)], left: Annotated[int, Depends(left)]) -> int:
        told.append("right")
        return base + left

    @router.post("/")
    async def handle(left: Annotated[int, Depends(left)], right: Annotated[int, Depends(right)]) -> list[int]:
        return [left, right]

    async def outer(q: int = 1) -> int:
        return q

    async def middle(outer: Annotated[int, Depends(outer)]) -> int:
        return outer

    async def inner(middle: Annotated[int, Depends(middle)]) -> int:
        return middle

    @router.post("/deep", dependencies=[Depends(middle), Depends(inner)])
    async def deep(outer: Annotated[int, Depends(outer)]) -> int:
        return outer

    async def sized(b: Annotated[int, Body()]) -> int:
        return b

    async def doubled(sized: Annotated[int, Depends(sized)]) -> int:
        return 2 * sized

    @router.post("/body")
    async def body(a: Annotated[int, Depends(sized)], b: Annotated[int, Depends(doubled)]) -> list[int]:
        return [a, b]


@cases(get("/"), get("/?n=2"), get("/?n=x", 422), get("/odd", 422), get("/odd/deep", 422))
def the_parameters_of_what_is_shared_are_read_each_time(router: APIRouter, told: list[Any]) -> None:
    def tell(value: int) -> int:
        told.append(value)
        return value

    def once(value: int) -> int:
        told.append("again" if told[-1:] == ["once"] else "once")
        if told[-1] == "again":
            raise ValueError("only once")
        return value

    async def base(n: Annotated[int, AfterValidator(tell), Query(validate_default=True)] = 1) -> int:
        return n

    async def odd(n: Annotated[int, AfterValidator(once), Query(validate_default=True)] = 1) -> int:
        return n

    async def left(base: Annotated[int, Depends(base)]) -> int:
        return base

    async def after_odd(odd: Annotated[int, Depends(odd)]) -> None:
        told.append("never")

    @router.get("/")
    async def handle(left: Annotated[int, Depends(left)], base: Annotated[int, Depends(base)]) -> list[int]:
        return [left, base]

    @router.get("/odd", dependencies=[Depends(odd), Depends(after_odd)])
    async def never() -> None: ...

    async def below(odd: Annotated[int, Depends(odd)]) -> int:
        return odd

    async def after_below(below: Annotated[int, Depends(below)]) -> None:
        told.append("never")

    @router.get("/odd/deep", dependencies=[Depends(below), Depends(after_below)])
    async def never_either() -> None: ...


@cases(get("/request"), get("/function"), get("/same"))
def a_scope_makes_another_dependency(router: APIRouter) -> None:
    numbers = count()

    async def number() -> int:
        return next(numbers)

    for scope in ("request", "function"):

        @router.get(f"/{scope}")
        async def handle(
            a: Annotated[int, Depends(number)],
            b: Annotated[int, Depends(number, scope=scope)],
        ) -> list[int]:
            return [a, b]

    @router.get("/same")
    async def same(
        a: Annotated[int, Depends(number, scope="request")],
        b: Annotated[int, Depends(number, scope="request")],
    ) -> list[int]:
        return [a, b]


@cases(get("/", 500))
def a_dependency_without_a_hash(router: APIRouter) -> None:
    class Scheme(HTTPBearer):
        def __eq__(self, other: object) -> bool:
            return isinstance(other, Scheme)

    @router.get("/")
    async def handle(found: Annotated[Any, Depends(Scheme(auto_error=False))]) -> None: ...


@pytest.mark.parametrize(("case", "side"), cases)
async def test_what_is_shared_is_solved_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
