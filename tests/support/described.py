"""What the app says of itself, found through the app: routes, schemas, resources.

Tests that hold for every resource start here, so that a new one is tested as soon as it exists.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from fastapi import params
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from httpx import Response
from pydantic import TypeAdapter

from api.app import create_app
from api.lists.filters import Filters
from api.models.base import Entity
from api.problems import MEDIA_TYPE, ProblemCode
from api.settings import Settings

described = create_app(Settings(_env_file=None))
DOCUMENT: dict[str, Any] = described.openapi()
ROUTES = [route for route in iter_route_contexts(described.routes) if isinstance(route.original_route, APIRoute)]


def operation(route: RouteContext, method: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"].get(route.path_format, {}).get(method.lower(), {})
    return found


def is_endless(said: dict[str, Any]) -> bool:
    """Whether the answer is a stream that never ends by itself: those have tests of their own."""
    return "text/event-stream" in said["responses"].get("200", {}).get("content", {})


def query_names(method: str, route: RouteContext) -> dict[str, Any]:
    parameters = operation(route, method).get("parameters", ())
    return {parameter["name"]: parameter["schema"] for parameter in parameters if parameter["in"] == "query"}


def is_form(route: RouteContext) -> bool:
    return isinstance(route.body_field.field_info, params.Form)


def is_upload(route: RouteContext) -> bool:
    return isinstance(route.body_field.field_info, params.File)


@dataclass
class Body:
    """What the JSON schema of a route's body says: its fields, and which of them it cannot do without."""

    fields: dict[str, Any]
    required: list[str]

    @classmethod
    def of(cls, route: RouteContext) -> "Body":
        schema = TypeAdapter(route.body_field.field_info.annotation).json_schema()
        whole = plain(schema, schema)
        return cls({name: plain(part, schema) for name, part in whole["properties"].items()}, whole.get("required", []))


def plain(part: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """The schema without references, with `null` for a type among others."""
    if "$ref" in part:
        part = {**whole["$defs"][part["$ref"].rpartition("/")[2]], **{k: v for k, v in part.items() if k != "$ref"}}
    if "allOf" in part:
        part = part | plain(part["allOf"][0], whole)
    if "items" in part:
        part = part | {"items": plain(part["items"], whole)}
    choices = [plain(choice, whole) for choice in part.get("anyOf", part.get("oneOf", ()))]
    if choices:  # of several, the first that is a string: how money, times and ids are sent
        best = next((c for c in choices if c.get("type") == "string"), choices[0])
        part = {**best, **{k: v for k, v in part.items() if k != "anyOf"}, "types": {t for c in choices for t in types(c)}}
    return part


def types(part: dict[str, Any]) -> set[str]:
    if "types" in part:
        return set(part["types"])
    given = part.get("type", [])
    return set([given] if isinstance(given, str) else given)


@dataclass(frozen=True)
class Resource:
    """What one entity can do: the routes whose answer is its Public schema, or a page of it."""

    model: type[Entity]
    public: type[Entity]
    get: RouteContext
    create: RouteContext
    list: RouteContext
    change: RouteContext | None
    delete: RouteContext | None

    @classmethod
    def all(cls) -> "tuple[Resource, ...]":
        return tuple(cls.of(route) for route in ROUTES if route.methods == {"GET"} and is_row(route))

    @classmethod
    def of(cls, get: RouteContext) -> "Resource":
        public = get.response_model
        here = {method: route for route in ROUTES for method in route.methods or () if route.path_format == get.path_format}
        listed = next(route for route in ROUTES if page_of(route) is public)
        return cls(
            model=query_of(listed).model,
            public=public,
            get=get,
            create=next(route for route in ROUTES if route.status_code == 201 and route.response_model is public),
            list=listed,
            change=here.get("PATCH"),
            delete=here.get("DELETE"),
        )

    def __str__(self) -> str:
        return str(self.get.path_format).split("/")[-2]


def is_row(route: RouteContext) -> bool:
    model = route.response_model
    return isinstance(model, type) and issubclass(model, Entity) and str(route.path_format).endswith("/{id}")


def page_of(route: RouteContext) -> Any:
    """The schema of a list's items."""
    parameters = getattr(route.response_model, "__pydantic_generic_metadata__", {"args": ()})["args"]
    return parameters[0] if parameters else None


def query_of(route: RouteContext) -> type[Filters[Any]]:
    """The class that declares what a list can be asked for."""
    kinds = (parameter.field_info.annotation for parameter in route.dependant.query_params)
    return next(kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Filters))


LISTS = [route for route in ROUTES if page_of(route)]


def operation_at(method: str, path: str) -> dict[str, Any] | None:
    """What the document says of a request: of several addresses that match, the plainest one is meant."""
    formats = (format for format, pattern in PATTERNS if pattern.fullmatch(path))
    found: dict[str, Any] | None = DOCUMENT["paths"].get(next(formats, ""), {}).get(method.lower())
    return found


PATTERNS = sorted(
    ((format, re.compile(re.sub(r"\{\w+\}", "[^/]+", format))) for format in DOCUMENT["paths"]), key=lambda pair: "{" in pair[0]
)


async def check_answer(answer: Response) -> None:
    """Every answer in every test is one that the document describes, down to the problem's code."""
    said = operation_at(answer.request.method, answer.request.url.path)
    if said is None:
        return
    asked = f"{answer.request.method} {answer.request.url.path}"
    described = said["responses"].get(str(answer.status_code))
    assert described is not None, f"{asked} answered {answer.status_code}: say so with responses=problems(Code.…)"
    if answer.status_code == 204:
        assert not {"content-type", "content-length"} & answer.headers.keys(), f"{asked} answers nothing, and says what kind"
    if answer.status_code >= 400:
        problem = json.loads(await answer.aread())
        declared = problems_of(described)
        code = ProblemCode.of(problem["code"])
        assert code in declared, f"{asked}: add {type(code).__name__}.{problem['code']} to its responses=problems(…)"
        assert set(problem) <= set(declared[problem["code"]]["properties"]), f"{asked}: list the code in WITH_FIELDS"


def problems_of(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The schema of each code that an answer of an operation declares."""
    schema = answer["content"][MEDIA_TYPE]["schema"]
    schemas = (deref(one) for one in schema.get("oneOf", [schema]))
    return {one["properties"]["code"]["const"]: one for one in schemas}


def deref(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that is meant."""
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found
