"""What dependencies are given, where they may be declared, and what takes their place."""

from typing import Annotated, Any

import pytest
from fastapi import (
    APIRouter,
    Depends,
    FastAPI,
    Header,
    HTTPException,
    Response,
)
from pydantic import BaseModel

from tests.machinery.ordinary.sides import Case, Cases, Side, get, post

pytestmark = pytest.mark.anyio


cases = Cases()


class Page(BaseModel):
    skip: int = 0
    q: str | None = None


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
async def test_dependencies_have_their_place_as_in_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
