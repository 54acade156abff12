"""What a path may say besides words: converters, escapes, slashes at its end."""

from typing import Any

import pytest
from fastapi import APIRouter, Request

from tests.machinery.ordinary.sides import (
    BARE,
    FURNISHED,
    MOVED_IN,
    SIDES,
    WHOLE,
    Case,
    Cases,
    Side,
    get,
    post,
)
from tests.machinery.ordinary.telling import tell

pytestmark = pytest.mark.anyio


cases = Cases(*SIDES, FURNISHED, MOVED_IN)


@cases(get("/files/a"), get("/files/a/b/c.txt"), get("/files//abs"), get("/files/"))
def the_rest_of_a_path(router: APIRouter) -> None:
    @router.get("/files/{file_path:path}")
    async def read(file_path: str) -> dict[str, str]:
        return {"path": file_path}


@cases(
    get("/i/7"),
    get("/i/x", 404),
    get("/i/-7", 404),
    get("/f/1.5"),
    get("/f/x", 404),
    get("/i/7/text"),
    get("/i/x/text"),
)
def converters(router: APIRouter) -> None:
    @router.get("/i/{n:int}")
    async def number(n: int) -> dict[str, Any]:
        return {"n": n, "double": n * 2}

    @router.get("/f/{n:float}")
    async def real(n: float, request: Request) -> list[Any]:
        return [n, type(request.path_params["n"]).__name__]

    @router.get("/i/{n:str}/text")
    async def text(n: str) -> str:
        return n


UUIDS = "/u/00000000-0000-0000-0000-000000000007"


@cases(get(UUIDS), get("/u/x", 404), get(f"{UUIDS}/a/b"), get(UUIDS.upper(), 404))
def converters_in_request_params(router: APIRouter) -> None:
    @router.get("/u/{id:uuid}")
    async def one(request: Request) -> list[str]:
        return [type(request.path_params["id"]).__name__, str(request.path_params["id"])]

    @router.get("/u/{id:uuid}/{rest:path}")
    async def rest(rest: str) -> str:
        return rest


@cases(get("/1"), get("/x"), get("/1.5"), get("/a/b"))
def converters_in_order(router: APIRouter) -> None:
    tell(router, "/{n:int}", "int")
    tell(router, "/{n:float}", "float")
    tell(router, "/{n}", "text")
    tell(router, "/{n:path}", "path")


@cases(get("/a-1.txt"), get("/a-.txt", 404), get("/x@y"), get("/v1/3:run"))
def more_than_a_parameter_in_a_segment(router: APIRouter) -> None:
    tell(router, "/{name}-{number:int}.txt")
    tell(router, "/{left}@{right}")
    tell(router, "/v1/{id}:run")


@cases(
    get("/%C3%BC"),
    get("/a%20b"),
    get("/a%2Fb", 404),
    get("/plain/ü"),
    get("/plain/a%2Fb", 404),
    get("/plain/%25"),
)
def escapes_in_a_path(router: APIRouter) -> None:
    @router.get("/{word}")
    async def word(word: str) -> str:
        return word

    @router.get("/plain/{word}")
    async def below(word: str) -> str:
        return word


def slashes(router: APIRouter) -> None:
    tell(router, "/with/")
    tell(router, "/without")
    tell(router, "/both")
    tell(router, "/both/")
    tell(router, "/p/{id}/")


@cases(
    get("/with/"), get("/without"), get("/both"), get("/both/"), get("/with", 307, same=["location"]),
    get("/without/?q=1", 307, same=["location"]), post("/with", 307, json={}),
    get("/p/1", 307, same=["location"]),
    sides=BARE,
)  # fmt: skip
def trailing_slashes_are_redirected(router: APIRouter) -> None:
    slashes(router)


@cases(
    get("/with/"), get("/without"), get("/with", 404), get("/without/", 404), get("/p/1", 404), sides=[WHOLE]
)
def trailing_slashes_are_not_redirected(router: APIRouter) -> None:
    slashes(router)


@cases(
    get("/a"), get("/a/", 404), get("/b/"), get("/b", 404), get("/c"), get("/c/1"), sides=[WHOLE, MOVED_IN]
)  # fmt: skip
def trailing_slashes_of_a_prefix(app: APIRouter, make: type[APIRouter]) -> None:
    bare, slashed, both = make(prefix="/a"), make(prefix="/b"), make(prefix="/c")
    tell(bare, "")
    tell(slashed, "/")
    tell(both, "/{id}")
    tell(both, "")
    for router in (bare, slashed, both):
        app.include_router(router)


@pytest.mark.parametrize(("case", "side"), cases)
async def test_what_a_path_says_is_read_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
