"""What an author declares for the document stays in the house's, which only adds to it."""

# mypy: disable-error-code="empty-body"

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, FastAPI, Header, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from tests.machinery.ordinary.house import PUBLIC, Code, Entity, problems, whole
from tests.machinery.ordinary.sides import Declare

JSON = "application/json"


class Item(BaseModel):
    name: str


class Fault(BaseModel):
    message: str


def documents(declare: Declare) -> tuple[dict[str, Any], dict[str, Any]]:
    """What FastAPI says of these routes, and what the house says."""
    apps = FastAPI(), whole()
    for app in apps:
        router = APIRouter()
        declare(router)
        app.include_router(router)
    theirs, ours = (app.openapi() for app in apps)
    return theirs, ours


def described(
    declare: Declare, method: str = "get", path: str = "/"
) -> tuple[dict[str, Any], dict[str, Any]]:
    """One operation, as FastAPI describes it and as the house does."""
    theirs, ours = (document["paths"][path][method] for document in documents(declare))
    return theirs, ours


def test_only_a_handler_that_returns_none_answers_null() -> None:
    def declare(router: APIRouter) -> None:
        @router.get("/")
        async def anything():  # type: ignore[no-untyped-def]
            return {"a": 1}

        @router.get("/none")
        async def none() -> None: ...

        @router.get("/text")
        async def text() -> "None": ...

    theirs, ours = documents(declare)
    assert _content(ours, "/") == _content(theirs, "/") == {JSON: {"schema": {}}}
    assert _content(ours, "/none") == {JSON: {"schema": {"type": "null"}, "example": None}}
    assert _content(ours, "/text") == _content(ours, "/none")


def _content(document: dict[str, Any], path: str) -> Any:
    return document["paths"][path]["get"]["responses"]["200"]["content"]


class Shown(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "shown"}]})

    name: str


class Holder(BaseModel):
    shown: Shown
    email: str = Field("a", examples=["own@example.com"])


def test_examples_of_the_author_are_the_only_ones() -> None:
    own = {"one": {"value": {"name": "a"}}}

    def declare(router: APIRouter) -> None:
        @router.post("/", responses={200: {"content": {JSON: {"example": {"name": "answered"}}}}})
        async def handle(item: Annotated[Item, Body(openapi_examples=own)]) -> Item: ...

        @router.post("/shown")
        async def shown(shown: Shown) -> Holder: ...

    theirs, ours = documents(declare)
    for document in (theirs, ours):
        said = document["paths"]["/"]["post"]
        assert said["requestBody"]["content"][JSON] == {
            "schema": {"$ref": "#/components/schemas/Item"},
            "examples": own,
        }
        assert said["responses"]["200"]["content"][JSON]["example"] == {"name": "answered"}
    said = ours["paths"]["/shown"]["post"]
    assert said["requestBody"] == theirs["paths"]["/shown"]["post"]["requestBody"]
    held = {"shown": {"name": "shown"}, "email": "own@example.com"}
    assert said["responses"]["200"]["content"][JSON]["example"] == held


def test_the_words_of_the_author_stay() -> None:
    def declare(router: APIRouter) -> None:
        @router.get(
            "/{id}",
            summary="The One",
            response_description="Found it",
            responses={
                404: {"description": "No such thing"},
                202: {"description": "Later"},
                500: {"$ref": "#/a"},
            },
        )
        async def the_one(
            id: Annotated[int, Path(description="Its number", title="The id")],
            due_at: Annotated[str, Query(title="When it is due")] = "",
        ) -> Item:
            """What it does."""

        @router.get("/extra", openapi_extra={"summary": "An Extra", "security": []})
        async def extra() -> Item: ...

    theirs, ours = documents(declare)
    theirs, ours = (document["paths"] for document in (theirs, ours))
    assert ours["/extra"]["get"]["summary"] == "An Extra"
    theirs, ours = theirs["/{id}"]["get"], ours["/{id}"]["get"]
    assert (ours["summary"], ours["description"]) == (theirs["summary"], theirs["description"])
    for status in ("200", "202", "404"):
        assert ours["responses"][status]["description"] == theirs["responses"][status]["description"]
    assert ours["responses"]["500"] == theirs["responses"]["500"]
    id, due = ours["parameters"]
    assert (id["description"], id["schema"]["title"]) == ("Its number", "The id")
    assert due["schema"]["title"] == "When it is due"


def test_what_nobody_says_gets_words_of_the_house() -> None:
    def declare(router: APIRouter) -> None:
        @router.get("/{id}")
        async def read_one(id: int) -> Item: ...

    _, said = described(declare, path="/{id}")
    assert said["summary"] == "Read one"
    assert said["responses"]["200"]["description"] == "OK"
    assert said["parameters"][0]["description"] == "The row's id."


@pytest.mark.parametrize("status", [422, 500, 404])
def test_an_error_of_the_author_stands_beside_those_of_the_house(status: int) -> None:
    headers = {"X-Own": {"schema": {"type": "string"}}}

    def declare(router: APIRouter) -> None:
        generated = problems(Code.not_found)  # which another router or dependency may add

        @router.get("/{a}", responses=generated | {status: {"model": Fault, "headers": headers}})
        async def handle(a: int) -> Item: ...

    theirs, ours = (one["responses"][str(status)] for one in described(declare, path="/{a}"))
    assert ours["content"][JSON] == theirs["content"][JSON]
    assert ours["headers"] == headers
    assert ("application/problem+json" in ours["content"]) is (status != 404)


def test_the_house_declares_its_own_errors_alone() -> None:
    def declare(router: APIRouter) -> None:
        @router.get("/{a}", responses=problems(Code.not_found))
        async def handle(a: int) -> Item: ...

    _, said = described(declare, path="/{a}")
    for status in ("404", "422"):
        assert said["responses"][status].keys() == {"description", "content"}
        assert said["responses"][status]["content"].keys() == {"application/problem+json"}
    assert said["responses"]["404"]["description"].startswith("Not Found. `not_found`")


class Row(Entity):
    name: str


def test_headers_of_the_author_stand_beside_those_of_the_house() -> None:
    etag = {"ETag": {"schema": {"type": "integer"}}, "X-Own": {"schema": {"type": "string"}}}

    def declare(router: APIRouter) -> None:
        @router.get("/", responses={200: {"headers": etag}, 304: {"description": "The same"}})
        async def handle(if_none_match: Annotated[str | None, Header(description="Mine")] = None) -> Row: ...

    _, ours = described(declare)
    assert ours["responses"]["200"]["headers"] == etag
    assert ours["responses"]["304"] == {"description": "The same"}
    assert [one["description"] for one in ours["parameters"]] == ["Mine"]


def test_a_route_without_a_policy_says_nothing_of_access() -> None:
    def declare(router: APIRouter) -> None:
        @router.get("/")
        async def handle() -> Item: ...

        @router.get("/public", dependencies=[PUBLIC])
        async def public() -> Item: ...

    _, ours = documents(declare)
    assert not {"description", "x-policy"} & ours["paths"]["/"]["get"].keys()
    assert ours["paths"]["/public"]["get"]["description"].startswith("Access: everybody")


def test_a_hidden_route_at_the_same_path_says_nothing() -> None:
    def declare(router: APIRouter) -> None:
        @router.get("/", dependencies=[PUBLIC])
        async def shown() -> Item:
            """Shown."""

        @router.get("/", include_in_schema=False)
        async def hidden(a: int) -> Item: ...

    _, said = described(declare)
    assert said["description"].split("\n\n") == ["Shown.", "Access: everybody, without signing in."]
    assert "422" not in said["responses"]
