"""What solving.py does for FastAPI, it does as FastAPI would."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from fastapi import (
    APIRouter,
    BackgroundTasks,
    Cookie,
    Depends,
    FastAPI,
    Header,
    HTTPException,
    Query,
    Request,
    Response,
)
from httpx import ASGITransport, AsyncClient
from pydantic import BaseModel

from api.settings import Settings
from api.web.fast.steps import reason_against
from api.web.routes import Router
from tests.support.described import ROUTES

pytestmark = pytest.mark.anyio

BY_FASTAPI = {
    "create_token",
    "set_avatar",
    "get_avatar",
    "export_records",
    "stream_notifications",
    "forgot_password",
    "request_email_verification",
    "change_email",
}  # forms, files, and answers without a body


class Body(BaseModel):
    number: int


class Page(BaseModel, extra="forbid"):
    limit: int = 10


async def answers(
    router: Any, *requests: tuple[str, str, dict[str, Any]], overrides: Any = ()
) -> list[tuple[int, Any, dict[str, str]]]:
    app = FastAPI()
    app.state.settings = Settings(_env_file=None)
    app.include_router(router)
    app.dependency_overrides.update(overrides)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        found = [await client.request(method, path, **options) for method, path, options in requests]
    return [(one.status_code, one.json() if one.content else None, dict(one.headers)) for one in found]


def test_all_routes_but_forms_streams_and_empty_answers_are_solved_here() -> None:
    left = {route.name for route in ROUTES if reason_against(route)}

    assert left == BY_FASTAPI


@pytest.mark.parametrize("kind", [Router, APIRouter])
async def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_called(kind: type[APIRouter]) -> None:
    """The same by FastAPI's own router."""
    called: list[str] = []
    router = kind()

    async def wanted(x_number: Annotated[int, Header()], session: Annotated[int, Cookie()]) -> int:
        called.append("wanted")
        return x_number + session

    async def wanting(sum: Annotated[int, Depends(wanted)], page: Annotated[Page, Query()]) -> int:
        called.append("wanting")
        return sum + page.limit

    async def relying(sum: Annotated[int, Depends(wanting)]) -> int:
        called.append("relying")
        return sum

    @router.post("/{id}")
    async def handle(id: int, sum: Annotated[int, Depends(relying)], body: Body) -> dict[str, int]:
        called.append("handle")
        return {"sum": id + sum + body.number}

    good = {
        "headers": {"x-number": "1", "cookie": "session=2"},
        "params": {"limit": "3"},
        "json": {"number": 4},
    }
    [right] = await answers(router, ("POST", "/5", good))
    assert (right[:2], called) == ((200, {"sum": 15}), ["wanted", "wanting", "relying", "handle"])

    called.clear()
    bad = {"headers": {"x-number": "one"}, "params": {"limit": "many", "other": "1"}, "json": {}}
    [wrong] = await answers(router, ("POST", "/five", bad))
    assert wrong[0] == 422
    assert sorted(".".join(error["loc"]) for error in wrong[1]["detail"]) == [
        "body.number", "cookie.session", "header.x-number", "path.id", "query.limit", "query.other"
    ]  # fmt: skip
    assert called == []


async def test_what_is_needed_twice_is_called_once_and_ends_in_reverse_before_or_after_the_answer() -> None:
    told: list[str] = []
    router = Router(prefix="/here")

    async def first() -> AsyncIterator[str]:
        told.append("first")
        yield "1"
        told.append("first ends")

    async def second(first: Annotated[str, Depends(first, scope="function")]) -> AsyncIterator[str]:
        told.append("second")
        yield first + "2"
        told.append("second ends")

    async def later() -> AsyncIterator[None]:
        yield
        told.append("later ends")

    @router.get("", dependencies=[Depends(later)])
    async def handle(
        tasks: BackgroundTasks,
        response: Response,
        request: Request,
        a: Annotated[str, Depends(first, scope="function")],
        b: Annotated[str, Depends(second, scope="function")],
    ) -> str:
        tasks.add_task(told.append, "task")
        response.headers["X-Path"] = request.url.path
        return a + b

    [(status, body, headers)] = await answers(router, ("GET", "/here", {}))

    assert (status, body, headers["x-path"]) == (200, "112", "/here")
    assert told == ["first", "second", "second ends", "first ends", "task", "later ends"]


async def test_an_error_reaches_what_was_entered() -> None:
    told: list[int] = []
    router = Router()

    async def entered() -> AsyncIterator[None]:
        try:
            yield
        except HTTPException as error:
            told.append(error.status_code)
            raise

    @router.get("/", dependencies=[Depends(entered, scope="function")])
    async def handle() -> None:
        raise HTTPException(418)

    [(status, _, _)] = await answers(router, ("GET", "/", {}))

    assert (status, told) == (418, [418])


async def test_a_dependency_that_is_not_async_is_left_to_fastapi() -> None:
    router = Router()

    def plain() -> int:
        return 1

    @router.get("/")
    async def handle(number: Annotated[int, Depends(plain)]) -> int:
        return number

    assert [reason_against(route) for route in router.routes] == ["plain is not an async function"]
    assert [body for _, body, _ in await answers(router, ("GET", "/", {}))] == [1]


async def test_an_override_takes_the_place_of_a_dependency() -> None:
    router = Router()

    async def real() -> str:
        return "real"

    @router.get("/")
    async def handle(word: Annotated[str, Depends(real)]) -> str:
        return word

    [told] = await answers(router, ("GET", "/", {}), overrides={real: lambda: "overridden"})

    assert told[1] == "overridden"
