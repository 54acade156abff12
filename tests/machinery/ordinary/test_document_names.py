"""Schemas and operations keep the names that FastAPI gives them, and each has one of its own."""

# mypy: disable-error-code="empty-body"

from collections.abc import Iterator
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, Json, create_model

from tests.machinery.ordinary.house import whole
from tests.machinery.ordinary.sides import Declare

REF = "#/components/schemas/"
T = TypeVar("T")


class Item(BaseModel):
    name: str
    size: int = 1


class Wrap(BaseModel, Generic[T]):
    inside: T


def documents(declare: Declare) -> tuple[dict[str, Any], dict[str, Any]]:
    """What FastAPI says of these routes, and what the house says."""
    apps = FastAPI(), whole()
    for app in apps:
        declare(app)
    theirs, ours = (app.openapi() for app in apps)
    return theirs, ours


def schemas(*models: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schemas of routes that take and answer these models."""

    def declare(app: FastAPI) -> None:
        for number, model in enumerate(models):
            app.post(f"/{number}", name=f"handle_{number}")(_handler(model))

    theirs, ours = (document["components"]["schemas"] for document in documents(declare))
    return theirs, ours


def _handler(model: Any) -> Any:
    async def handle(body: model) -> model: ...

    return handle


def _model(called: str, module: str, **fields: Any) -> Any:
    return type(called, (BaseModel,), {"__module__": module, "__annotations__": fields})


def test_two_models_of_one_name_are_both_there() -> None:
    theirs, ours = schemas(_model("Item", "shop", name=str), _model("Item", "store.room", size=int))

    assert {"shop__Item", "store__room__Item"} <= theirs.keys() & ours.keys()
    assert ours["shop__Item"]["properties"].keys() == {"name"}
    assert ours["store__room__Item"]["properties"].keys() == {"size"}


def test_models_that_are_named_as_those_of_the_house_stay() -> None:
    names = ("Problem", "FieldError", "Code", "ProblemCode", "InvalidRequestProblem", "JsonObject")
    own = {name: _model(name, "shop", **{f"own_{number}": str}) for number, name in enumerate(names)}

    _, ours = schemas(*own.values(), _model("Thing", "shop", more=dict[str, Any]))

    for number, name in enumerate(names):
        assert ours[name]["properties"].keys() == {f"own_{number}"}
    assert ours["Thing"]["properties"]["more"]["$ref"] in {REF + name for name in ours}
    assert {"status", "detail"} <= ours["api__problems__Problem"]["properties"].keys()


def test_a_problem_of_the_author_moves_only_the_one_of_the_house() -> None:
    _, ours = schemas(_model("Problem", "shop", message=str))

    assert {"FieldError", "Code", "InvalidRequestProblem"} <= ours.keys()
    assert ours["InvalidRequestProblem"]["properties"]["errors"]["items"]["$ref"] == REF + "FieldError"


class Priced(BaseModel):
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    price: int = 1


def test_what_is_sent_and_what_is_answered_stay_two_schemas_if_they_differ() -> None:
    theirs, ours = schemas(Priced, Item)

    assert {"Priced-Input", "Priced-Output", "Item"} <= theirs.keys() & ours.keys()
    assert "required" not in ours["Priced-Input"]
    assert ours["Priced-Output"]["required"] == ["price"]


def test_a_title_is_a_name_if_it_can_be_one() -> None:
    titles = {"Titled": "Item", "Renamed": "ItemPage", "Swapped": "Renamed"}
    titled = [create_model(name, __config__=ConfigDict(title=title)) for name, title in titles.items()]

    _, ours = schemas(Wrap[Item], *titled)

    assert {"Wrap_Item_", "Item", "Titled", "ItemPage", "Swapped"} <= ours.keys()
    assert ours["Wrap_Item_"]["properties"]["inside"] == {"$ref": REF + "Item"}


class Kinds(BaseModel):
    due_at: str = Field("", title="When it is due")
    kind: Literal["a", "b"] | None = None
    numbers: Json[list[int]] = []
    note: Annotated[str, Field(description="Inner")] | None = Field(None, description="Outer")


def test_fields_say_what_they_take() -> None:
    _, ours = schemas(Kinds)
    fields = (ours.get("Kinds") or ours["Kinds-Input"])["properties"]

    assert fields["due_at"]["title"] == "When it is due"
    assert fields["kind"]["anyOf"] == [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}]
    assert fields["numbers"]["contentMediaType"] == "application/json"
    assert "format" not in fields["numbers"]
    assert fields["note"]["description"] == "Outer"


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
        app.webhooks.post("new-item", operation_id="read")(read)

    app = whole()
    declare(app)
    ours = app.openapi()

    found = list(ids(ours))
    assert len(found) == len(set(found)) == 16
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


def test_what_the_app_declares_is_in_the_document() -> None:
    def declare(app: FastAPI) -> None:
        app.summary, app.terms_of_service = "Short", "https://example.com/terms"
        app.contact, app.license_info = {"name": "Ada"}, {"name": "Own"}
        app.servers = [{"url": "https://example.com"}]
        app.openapi_tags = [{"name": "own", "description": "Ours"}]
        app.openapi_external_docs = {"url": "https://example.com/docs"}

        @app.webhooks.post("new-item")
        def hook(body: Item) -> None: ...

    theirs, ours = documents(declare)

    for part in ("servers", "webhooks", "externalDocs"):
        assert ours[part] == theirs[part]
    for part in ("summary", "termsOfService", "contact", "license"):
        assert ours["info"][part] == theirs["info"][part]
    assert theirs["tags"][0] in ours["tags"]
    assert "Item" in ours["components"]["schemas"]


def test_a_tag_of_the_house_takes_the_words_of_the_app() -> None:
    described = whole().openapi()["tags"]
    app = whole()
    app.openapi_tags = [described[0] | {"description": "Ours"}]

    assert app.openapi()["tags"] == [described[0] | {"description": "Ours"}, *described[1:]]


def test_a_route_that_is_added_later_is_in_the_document() -> None:
    app = whole()
    known = app.openapi()
    assert app.openapi() is known

    app.add_api_route("/later", _handler(Item), response_class=JSONResponse)

    assert "/later" in app.openapi()["paths"]
