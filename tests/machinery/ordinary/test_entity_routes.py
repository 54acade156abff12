"""What a route may declare of an entity, or answer in its place."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import APIRouter, Request, Response
from fastapi.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    StreamingResponse,
)
from sqlmodel import Field

from tests.machinery.ordinary.house import Create, Update
from tests.machinery.ordinary.ladders import (
    ROW,
    LadderBase,
    LadderPlain,
    LadderPlainPublic,
)
from tests.machinery.ordinary.sides import Case, Cases, Side, get, patch, post

pytestmark = pytest.mark.anyio


cases = Cases()


@cases(
    get("/exclude"), get("/include"), get("/none"), get("/unset"), get("/defaults"), get("/list"),
    get("/class"), get("/response"), get("/status", 203), post("/headers", 201, same=["x-a", "location"]),
)  # fmt: skip
def what_a_route_declares_of_an_entity(router: APIRouter) -> None:
    row = {**ROW, "secret": "s"}
    public = LadderPlainPublic

    @router.get("/exclude", response_model=public, response_model_exclude={"created_at", "updated_at"})
    async def exclude() -> Any:
        return LadderPlain.model_validate(row)

    @router.get("/include", response_model=public, response_model_include={"name", "amount"})
    async def include() -> Any:
        return LadderPlain.model_validate(row)

    @router.get("/none", response_model=public, response_model_exclude_none=True)
    async def none() -> Any:
        return LadderPlain.model_validate(row)

    @router.get("/unset", response_model=public, response_model_exclude_unset=True)
    async def unset() -> Any:
        return public(**{name: ROW[name] for name in ("id", "created_at", "updated_at", "name")})

    @router.get("/defaults", response_model=public, response_model_exclude_defaults=True)
    async def defaults() -> Any:
        return LadderPlain.model_validate(row)

    @router.get("/list", response_model=list[public], response_model_exclude_none=True)  # type: ignore[valid-type]
    async def many() -> Any:
        return [LadderPlain.model_validate(row)]

    @router.get("/class", response_model=public, response_class=JSONResponse)
    async def by_class() -> Any:
        return LadderPlain.model_validate(row)

    @router.get("/response", response_model=public)
    async def response() -> Any:
        return JSONResponse({"id": "mine"})

    @router.get("/status", response_model=public)
    async def status(response: Response) -> Any:
        response.status_code = 203
        return LadderPlain.model_validate(row)

    @router.post("/headers", response_model=public, status_code=201)
    async def headers(response: Response) -> Any:
        response.headers["X-A"] = "b"
        response.headers["Location"] = "/chosen"
        return LadderPlain.model_validate(row)


@cases(
    get("/stream"), get("/file"), get("/redirect", 307, same=["location"]),
    post("/other", 201), post("/list", 201),
    post("/none", 201), get("/text"), get("/generator"), post("/stream", 201), get("/name"),
)  # fmt: skip
def responses_in_place_of_an_entity(router: APIRouter) -> None:
    public = LadderPlainPublic

    async def pieces() -> AsyncIterator[str]:
        yield "not "
        yield "JSON"

    @router.get("/stream", response_model=public)
    @router.post("/stream", response_model=public, status_code=201)
    async def stream(request: Request) -> Any:
        return StreamingResponse(pieces(), 200 if request.method == "GET" else 201)

    @router.get("/file", response_model=public)
    async def file() -> Any:
        return FileResponse(__file__)

    @router.get("/redirect", response_model=public)
    async def redirect() -> Any:
        return RedirectResponse("/elsewhere")

    @router.post("/other", response_model=public, status_code=201)
    async def other() -> Any:
        return JSONResponse({"other": "fields"}, 201)

    @router.post("/list", response_model=list[public], status_code=201)  # type: ignore[valid-type]
    async def listed() -> Any:
        return [ROW]

    @router.post("/none", response_model=public | None, status_code=201)
    async def none() -> Any: ...

    @router.get("/text", response_model=public, response_class=PlainTextResponse)
    async def text() -> Any:
        return PlainTextResponse("text")

    @router.get("/generator", response_class=StreamingResponse)
    async def generator() -> AsyncIterator[public]:  # type: ignore[valid-type]
        async for piece in pieces():
            yield piece

    @router.get("/name", response_model=public, response_model_by_alias=False)
    async def by_name() -> Any:
        return LadderPlain(**ROW)


BARE = ("/bare", "/text", "/empty", "/number")


def returning(response: Response) -> Any:
    async def handle() -> Any:
        return response

    return handle


@cases(
    *(post(path, 201, same=["location", "etag", "cache-control"]) for path in BARE),
    *(post(path, 201) for path in ("/items", "/no-json", "/annotated")), get("/bare", same=["etag"]),
)  # fmt: skip
def bare_responses_in_place_of_an_entity(router: APIRouter) -> None:
    own = {"cache-control": "no-store"}
    responses = {
        "/bare": Response(status_code=201, headers=own),
        "/text": Response("hello", 201, own, media_type="text/plain"),
        "/empty": Response(None, 201, own, media_type="application/json"),
        "/number": Response("1", 201, own),
        "/items": Response("[1]", 201, media_type="application/json"),
        "/no-json": Response("{", 201, media_type="application/json"),
    }

    for path, response in responses.items():
        router.add_api_route(
            path, returning(response), methods=["POST"], response_model=LadderPlainPublic, status_code=201
        )

    @router.post("/annotated", status_code=201)
    async def annotated() -> Response:
        return Response(status_code=201)

    @router.get("/bare", response_model=LadderPlainPublic)
    async def bare() -> Any:
        return Response(headers=own)


class LadderCreate(LadderBase, Create):
    name: str = Field(max_length=5)


class LadderUpdate(LadderBase, Update): ...


GOOD = {"name": "abc", "amount": "3.10", "colour": "red"}


@cases(
    post("/create", json=GOOD), post("/create", 422, json={**GOOD, "name": "longer"}),
    post("/create", 422, json={**GOOD, "other": 1}), patch("/update", json={"note": None}),
    patch("/update", json={}), patch("/update", 422, json={"name": None}),
    patch("/update", 422, json={"x": 1}),
)  # fmt: skip
def the_bodies_of_a_ladder(router: APIRouter) -> None:
    @router.post("/create")
    async def create(body: LadderCreate) -> dict[str, Any]:
        return {"set": sorted(body.model_fields_set), **body.model_dump()}

    @router.patch("/update")
    async def update(body: LadderUpdate) -> dict[str, Any]:
        return body.model_dump()


@pytest.mark.parametrize(("case", "side"), cases)
async def test_an_entity_is_answered_as_its_route_declares(case: Case, side: Side) -> None:
    await case.check(side)
