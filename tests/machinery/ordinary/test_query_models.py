"""Parameters with defaults that are made, models of parameters, and validators that run for every request."""

from itertools import count
from typing import Annotated, Any, Literal

import pytest
from fastapi import APIRouter, Cookie, Header, Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from tests.machinery.ordinary.sides import Case, Cases, Side, get

pytestmark = pytest.mark.anyio


cases = Cases()


@cases(get("/"), get("/?n=5"), get("/"), get("/"))
def a_default_factory_makes_a_new_value_each_time(router: APIRouter) -> None:
    numbers = count()

    @router.get("/")
    async def handle(n: Annotated[int, Query(default_factory=lambda: next(numbers))]) -> int:
        return n


@cases(get("/"), get("/?a=x"), get("/"), get("/"))
def a_default_factory_of_lists_and_of_a_model(router: APIRouter) -> None:
    numbers = count()

    class Filter(BaseModel):
        a: list[str] = Field(default_factory=list)
        b: int = Field(default_factory=lambda: next(numbers))

    @router.get("/")
    async def handle(query: Annotated[Filter, Query()]) -> Filter:
        query.a.append("more")
        return query


@cases(get("/"), get("/?n=1"), get("/"), get("/?n=1"))
def a_mutable_default_never_grows(router: APIRouter) -> None:
    @router.get("/")
    async def handle(n: Annotated[list[int], Query()] = [], h: Annotated[list[str], Header()] = ["a"]) -> Any:  # noqa: B006
        n.append(9)
        h.append("b")
        return [n, h]


@cases(get("/"), get("/?n=1"), get("/"), get("/?n=1"))
def a_mutable_default_of_a_model_never_grows(router: APIRouter) -> None:
    class Filter(BaseModel):
        n: list[int] = []
        by: dict[str, int] = {}

    @router.get("/")
    async def handle(query: Annotated[Filter, Query()]) -> Filter:
        query.n.append(9)
        query.by[f"key{len(query.by)}"] = 1
        return query


def numbered(told: list[Any]) -> type[Any]:
    """A query that notes each time that it is validated."""

    class Numbered(BaseModel):
        model_config = ConfigDict(frozen=True)
        n: int = 0

        @field_validator("n")
        @classmethod
        def _tell(cls, value: int) -> int:
            told.append(value)
            return value + len(told)

    return Numbered


@cases(get("/?n=1"), get("/?n=1"), get("/?n=2"), get("/?n=1"), get("/?n=x", 422), get("/"))
def a_validator_runs_for_every_request(router: APIRouter, told: list[Any]) -> None:
    numbered_query = numbered(told)

    @router.get("/")
    async def handle(query: Annotated[numbered_query, Query()]) -> int:  # type: ignore[valid-type]
        return query.n  # type: ignore[attr-defined, no-any-return]


@cases(get("/?n=1"), get("/?n=1"), get("/?n=1"))
def a_validator_of_a_parameter_runs_for_every_request(router: APIRouter, told: list[Any]) -> None:
    def tell(value: Any) -> Any:
        told.append(value)
        return len(told)

    @router.get("/")
    async def handle(
        n: Annotated[int, BeforeValidator(tell), Query()], m: Annotated[int, AfterValidator(tell)] = 5
    ) -> list[int]:
        return [n, m]


@cases(get("/?tags=a&limit=5"), get("/?tags=a&limit=5"), get("/?tags=b"), get("/?limit=0", 422))
def a_frozen_query_model(router: APIRouter) -> None:
    class Filter(BaseModel, frozen=True):
        limit: int = Field(10, gt=0)
        tags: list[str] = []

    @router.get("/")
    async def handle(query: Annotated[Filter, Query()]) -> Filter:
        query.tags.append("kept apart")
        return query


@cases(
    get("/?limit=5&a=x&a=y"),
    get("/?limit=5&other=1", 422),
    get("/?orderBy=z"),
    get("/?order_by=z", 422),
    get("/"),
)
def a_query_model_that_forbids(router: APIRouter) -> None:
    class Filter(BaseModel, extra="forbid"):
        limit: int = 1
        a: list[str] | None = None
        order: Literal["z", "y"] = Field("y", alias="orderBy")

        @model_validator(mode="after")
        def _whole(self) -> Any:
            self.limit += 1
            return self

    @router.get("/")
    async def handle(query: Annotated[Filter, Query()]) -> Filter:
        return query


@cases(get("/?a=1&b=2&b=3"), get("/"))
def a_query_model_that_allows(router: APIRouter) -> None:
    class Loose(BaseModel, extra="allow"):
        a: int = 0

    @router.get("/")
    async def handle(query: Annotated[Loose, Query()]) -> Loose:
        return query


MANY = [("x-many", "a"), ("x-many", "b"), ("x-one", "1"), ("x-one", "2")]


@cases(get("/", headers=[*MANY, ("x-number", "3")]), get("/", 422), get("/", 422, headers={"x-number": "x"}))
def a_header_model(router: APIRouter) -> None:
    class Head(BaseModel):
        x_number: int
        x_many: list[str] = []
        traced: str | None = Field(None, alias="x-trace")

    @router.get("/")
    async def handle(head: Annotated[Head, Header()]) -> Head:
        return head


@cases(get("/", cookies={"a": "1"}), get("/", 422, cookies={"a": "1", "other": "x"}), get("/", 422))
def a_cookie_model(router: APIRouter) -> None:
    class Cookies(BaseModel, extra="forbid"):
        a: int
        b: str | None = None

    @router.get("/")
    async def handle(cookies: Annotated[Cookies, Cookie()]) -> Cookies:
        return cookies


@pytest.mark.parametrize(("case", "side"), cases)
async def test_parameters_are_made_anew_for_every_request_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
