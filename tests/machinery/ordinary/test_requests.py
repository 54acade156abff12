"""Parameters in the query, the path, headers and cookies, in every form that FastAPI documents."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from fastapi import APIRouter, Cookie, Depends, Header, Path, Query
from pydantic import (
    AliasChoices,
    BaseModel,
    Json,
)

from tests.machinery.ordinary.sides import Case, Cases, Side, get

pytestmark = pytest.mark.anyio


cases = Cases()
MANY = [("x-many", "a"), ("x-many", "b"), ("x-one", "1"), ("x-one", "2")]


class Size(StrEnum):
    small = "s"
    big = "b"


@cases(
    get("/?a=1"), get("/?a=1&b=x&c=true&d=2.5"), get("/?a=1&b="), get("/", 422), get("/?a=x", 422),
    get("/?a=1&c=on"), get("/?a=1&c=maybe", 422), get("/?a=1&unknown=2"),
    get("/?a=%31&b=%C3%BC+%26"),
)  # fmt: skip
def query_parameters(router: APIRouter) -> None:
    @router.get("/")
    async def handle(a: int, b: str | None = None, c: bool = False, d: float = 1.5) -> dict[str, Any]:
        return {"a": a, "b": b, "c": c, "d": d}


@cases(
    get("/?item-query=abc"), get("/?q=abc", 422), get("/?item-query=ab", 422), get("/?item-query=abc&n=5"),
    get("/?item-query=abc&n=11", 422), get("/?item-query=ABC", 422),
)  # fmt: skip
def query_with_an_alias_and_limits(router: APIRouter) -> None:
    @router.get("/")
    async def handle(
        q: Annotated[
            str, Query(alias="item-query", min_length=3, pattern="^[a-z]+$", title="Q", deprecated=True)
        ],
        n: Annotated[int, Query(ge=0, le=10, include_in_schema=False)] = 3,
    ) -> dict[str, Any]:
        return {"q": q, "n": n}


@cases(get("/?item-query=abc"), get("/"), get("/?n=1&n=2"), get("/?n=", 422))
def query_without_annotated(router: APIRouter) -> None:
    @router.get("/")
    async def handle(
        q: str | None = Query(default=None, alias="item-query", max_length=5),
        n: list[int] = Query(default=[7]),  # noqa: B008
    ) -> dict[str, Any]:
        return {"q": q, "n": n}


@cases(
    get("/?q=a&q=b&n=1&n=1&s=x"), get("/"), get("/?q=a"), get("/?n=x", 422), get("/?e=s&e=b"),
    get("/?e=z", 422), get("/?t=1&t=b"), get("/?t=1", 422), get("/?s=a&s=b&s=a"),
)  # fmt: skip
def query_lists(router: APIRouter) -> None:
    @router.get("/")
    async def handle(
        q: Annotated[list[str] | None, Query()] = None,
        n: Annotated[list[int], Query()] = [1, 2],  # noqa: B006
        s: Annotated[set[str], Query()] = set(),  # noqa: B006
        e: Annotated[tuple[Size, ...], Query()] = (),
        t: Annotated[tuple[int, str] | None, Query()] = None,
    ) -> dict[str, Any]:
        return {"q": q, "n": n, "s": sorted(s), "e": e, "t": t}


@cases(
    get("/", params={"u": str(UUID(int=1)), "d": "2030-01-01", "m": "2030-01-01T00:00:00Z", "s": "s"}),
    get("/", params={"p": "PT1H", "c": "1.10", "l": "b", "k": "1"}), get("/?u=1", 422), get("/?l=c", 422),
    get("/", 422, params={"d": "2030-13-01"}),
)  # fmt: skip
def query_types(router: APIRouter) -> None:
    @router.get("/")
    async def handle(
        u: UUID | None = None,
        d: date | None = None,
        m: datetime | None = None,
        p: timedelta | None = None,
        c: Decimal | None = None,
        s: Size | None = None,
        l: Literal["a", "b"] = "a",  # noqa: E741
        k: int | str | None = None,
    ) -> list[Any]:
        return [u, d, m, p, c, s, l, k, type(k).__name__]


@cases(get("/?first=1"), get("/?second=2"), get("/?a=3"), get("/?first=1&second=2"), get("/", 422))
def a_choice_of_aliases(router: APIRouter) -> None:
    @router.get("/")
    async def handle(a: Annotated[int, Query(validation_alias=AliasChoices("first", "second", "a"))]) -> int:
        return a


@cases(get("/", params={"j": "[1]"}), get("/", 422, params={"j": "["}), get("/", params={"j": '["2", 3]'}))
def json_in_a_query(router: APIRouter) -> None:
    @router.get("/")
    async def handle(j: Annotated[Json[list[int]], Query()]) -> list[int]:
        return j


HEADERS = {"X-Token": "a", "user-agent": "me", "x_raw": "raw", "strange-header": "s"}


@cases(
    get("/", headers=HEADERS),
    get("/", 422),
    get("/", headers=[("x-token", "b"), ("x-token", "c"), ("x-n", "4")]),
)
def header_parameters(router: APIRouter) -> None:
    @router.get("/")
    async def handle(
        x_token: Annotated[str, Header()],
        user_agent: Annotated[str | None, Header(max_length=50)] = None,
        x_raw: Annotated[str | None, Header(convert_underscores=False)] = None,
        named: Annotated[str | None, Header(alias="Strange-Header")] = None,
        x_n: int = Header(default=3),
    ) -> list[Any]:
        return [x_token, user_agent if user_agent == "me" else None, x_raw, named, x_n]


@cases(get("/", headers=MANY), get("/"))
def header_lists(router: APIRouter) -> None:
    @router.get("/")
    async def handle(
        x_many: Annotated[list[str] | None, Header()] = None, x_one: Annotated[str | None, Header()] = None
    ) -> list[Any]:
        return [x_many, x_one]


@cases(get("/", cookies={"a": "1", "b-c": "x y"}), get("/", 422), get("/", 422, cookies={"a": "x"}))
def cookie_parameters(router: APIRouter) -> None:
    @router.get("/")
    async def handle(
        a: Annotated[int, Cookie()],
        b: Annotated[str | None, Cookie(alias="b-c")] = None,
        c: str = Cookie("d"),
    ) -> list[Any]:
        return [a, b, c]


@cases(
    get("/3/b?q=1", headers={"x-h": "h"}, cookies={"c": "d"}),
    get("/3/z", 422),
    get("/0/b", 422),
    get("/x/b", 422),
)
def everything_at_once(router: APIRouter) -> None:
    class Filter(BaseModel):
        q: int = 0

    async def below(
        filter: Annotated[Filter, Query()], x_h: Annotated[str | None, Header()] = None
    ) -> list[Any]:
        return [filter.q, x_h]

    @router.get("/{id}/{size}")
    async def handle(
        *,
        id: Annotated[int, Path(title="Which", gt=0)],
        size: Size,
        below: Annotated[list[Any], Depends(below)],
        c: Annotated[str | None, Cookie()] = None,
    ) -> list[Any]:
        return [id, size, below, c]


class Plane(str, Enum):  # noqa: UP042
    jet = "jet"
    glider = "glider"


@cases(
    get("/i/5"), get("/i/x", 422), get("/e/jet"), get("/e/car", 422), get(f"/u/{UUID(int=4)}"), get("/f/1.5")
)
def path_parameters(router: APIRouter) -> None:
    @router.get("/i/{item_id}")
    async def number(item_id: int = Path(ge=1)) -> int:
        return item_id

    @router.get("/e/{plane}")
    async def enum(plane: Plane) -> dict[str, Any]:
        return {"plane": plane, "is_jet": plane is Plane.jet}

    @router.get("/u/{id}")
    def in_thread(id: UUID) -> UUID:
        return id

    @router.get("/f/{number}")
    async def real(number: Annotated[float, Path(alias="number", lt=2)]) -> float:
        return number


@cases(
    get("/v/x/5"), get("/v/5/x", 422), get("/c/b"), get("/missing", 422), get("/l/7"),
    get("/two/x/y", 422), get("/two/1/2"),
)  # fmt: skip
def path_parameters_by_other_names(router: APIRouter) -> None:
    @router.get("/v/{a}/{b}")
    async def by_validation(a: Annotated[int, Path(validation_alias="b")], b: str) -> list[Any]:
        return [a, b]

    @router.get("/c/{b}")
    async def by_choice(c: Annotated[str, Path(validation_alias=AliasChoices("a", "b"))]) -> str:
        return c

    @router.get("/missing")
    async def without(id: Annotated[int, Path()]) -> int:
        return id

    @router.get("/l/{id}")
    async def one_of(id: int | Literal["me"]) -> Any:
        return id

    @router.get("/two/{a}/{b}")
    async def two(a: int, b: int) -> list[int]:
        return [a, b]


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_request_is_read_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
