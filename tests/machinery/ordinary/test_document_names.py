"""Schemas and operations keep the names that FastAPI gives them, and each has one of its own."""

# mypy: disable-error-code="empty-body"

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from tests.machinery.ordinary.house import whole


class Item(BaseModel):
    name: str


def ids(document: dict[str, Any]) -> Iterator[str]:
    for paths in (document["paths"], document.get("webhooks", {})):
        for methods in paths.values():
            for operation in methods.values():
                yield operation["operationId"]
                for callback in operation.get("callbacks", {}).values():
                    yield from ids({"paths": callback})


def test_operations_of_one_name_have_different_ids() -> None:
    def declare(app: FastAPI) -> None:
        first, second, called = APIRouter(), APIRouter(), APIRouter()
        for router, path in ((first, "/a"), (second, "/b"), (second, "/b/{id}")):

            @router.get(path, name="read")
            async def read() -> Item: ...

        called.post("{$callback_url}", operation_id="called")(read)
        first.api_route("/a", methods=["PUT", "POST"], name="read", callbacks=called.routes)(read)
        second.get("/last", operation_id="read")(read)
        second.get("/extra", openapi_extra={"operationId": "extra"})(read)
        second.get("/earlier", name="extra")(read)
        app.include_router(first)
        app.include_router(second)
        app.include_router(second, prefix="/again")

    app = whole()
    declare(app)
    ours = app.openapi()

    found = list(ids(ours))
    assert len(found) == len(set(found)) == 15
    paths = ours["paths"]
    assert paths["/last"]["get"]["operationId"] == "read"  # which its author declares
    assert paths["/extra"]["get"]["operationId"] == "extra"
    assert paths["/earlier"]["get"]["operationId"] == "extra_earlier_get"
    assert paths["/a"]["get"]["operationId"] == "read_a_get"
    assert paths["/a"]["put"]["operationId"] == "read_a_put"
    assert paths["/again/b/{id}"]["get"]["operationId"] == "read_again_b_id_get"


def test_the_first_operation_of_a_name_keeps_its_id() -> None:
    app = whole()
    for path in ("/a", "/a-b", "/a_b"):

        @app.get(path)
        async def read() -> Item: ...

    assert list(ids(app.openapi())) == ["read", "read_a_b_get", "read_a_b_get_2"]
