"""What the app says of itself: its document, its routes, and what their bodies and answers are made of.

Tests that hold for every route start here, so that a new one is tested as soon as it exists.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from fastapi import params
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import TypeAdapter

from api.app import create_app
from api.lists.filters import Filters
from api.lists.trash import TrashQuery
from api.models.base import Entity, tables
from api.settings import Settings
from tests.support.values import Part, types

__all__ = ["DOCUMENT", "LISTS", "ROUTES", "Body", "deref", "operation", "types"]

described = create_app(Settings(_env_file=None))
DOCUMENT: dict[str, Any] = described.openapi()
ROUTES = [
    route for route in iter_route_contexts(described.routes) if isinstance(route.original_route, APIRoute)
]


def operation(route: RouteContext, method: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"].get(route.path_format, {}).get(method.lower(), {})
    return found


def is_of_team(policy: str) -> bool:
    """Whether it asks for a member of the row's team: see api/deps/teams.py."""
    return policy.startswith("team")


def needs_token(said: dict[str, Any]) -> bool:
    """Whether an operation refuses requests without a token."""
    return bool(said.get("security")) and {} not in said["security"]


def deref(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that is meant."""
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
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

    fields: dict[str, Part] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    model: Any = None  # the table class of what it makes or changes, if that is known

    @classmethod
    def of(cls, route: RouteContext | None) -> "Body":
        """The body of this route; one without fields if it takes none, or no object."""
        if route is None or route.body_field is None:
            return cls()
        schema = TypeAdapter(route.body_field.field_info.annotation).json_schema()
        return cls.of_schema(schema, model_of(route.response_model))

    @classmethod
    def of_schema(cls, schema: Part, model: Any = None) -> "Body":
        whole = plain(schema, schema)
        unique = {name for rule in unique_rules(model) for name in rule.columns} if model else set()
        unique |= set(model.__table__.primary_key.columns.keys()) if model else set()
        fields = {
            name: part | ({"unique": True} if name in unique else {})
            for name, part in whole.get("properties", {}).items()
        }
        return cls(fields, whole.get("required", []), model)


def plain(part: Part, whole: Part, depth: int = 0) -> Part:
    """The schema without references, with `null` for a type among others."""
    if "$ref" in part:
        there = whole["$defs"][part["$ref"].rpartition("/")[2]]
        part = {**there, **{key: value for key, value in part.items() if key != "$ref"}}
    if "allOf" in part:
        part = part | plain(part["allOf"][0], whole, depth)
    if depth < 5:  # a schema may contain itself
        if isinstance(part.get("items"), dict):
            part = part | {"items": plain(part["items"], whole, depth + 1)}
        if "properties" in part:
            inner = {name: plain(one, whole, depth + 1) for name, one in part["properties"].items()}
            part = part | {"properties": inner}
    choices = [plain(choice, whole, depth + 1) for choice in part.get("anyOf") or part.get("oneOf") or ()]
    if choices:  # of several, the first that is a string: how money, times and ids are sent
        best = next((c for c in choices if c.get("type") == "string"), choices[0])
        own = {key: value for key, value in part.items() if key not in {"anyOf", "oneOf"}}
        part = {**best, **own, "types": {kind for choice in choices for kind in types(choice)}}
    return part


# Models and their rules


def model_of(public: Any) -> Any:
    """The table class that is shown by this schema; None if it shows none."""
    if not (isinstance(public, type) and issubclass(public, Entity)):
        return None
    models = tables()
    named = [model for model in models if f"{model.__name__}Public" == public.__name__]
    near = [model for model in models if issubclass(model, public)]
    nearer = [model for model in models if issubclass(public, _rows_of(model))]
    return next(iter(named or near or nearer), None)


def _rows_of(model: Any) -> Any:
    """The class that the table and its Public schema have in common, if they have one of their own."""
    return next((base for base in model.__bases__ if base is not Entity and issubclass(base, Entity)), model)


@dataclass(frozen=True)
class Rule:
    """Columns of which no two rows have the same values: as they are written, or folded to one case."""

    columns: tuple[str, ...]
    is_folded: bool
    is_constraint: bool  # and no index, which may hold for some rows only
    references: tuple[str, ...]  # those of the columns that are ids of other rows

    @property
    def is_plain(self) -> bool:
        return self.is_constraint and len(self.columns) == 1

    @property
    def is_named(self) -> bool:
        """Whether the answer to a second one names the field."""
        return self.is_plain or (self.is_constraint and len(self.columns) - len(self.references) == 1)


def unique_rules(model: Any) -> Iterator[Rule]:
    """What is unique by a constraint or an index; of a folded key, the field: `name` for `name_key`."""
    table: sa.Table = model.__table__
    for rule in table.constraints:
        if isinstance(rule, sa.UniqueConstraint):
            yield _rule(list(rule.columns), is_constraint=True)
    for index in table.indexes:
        if index.unique:
            texts = [part for part in index.expressions if not isinstance(part, sa.Column)]
            named = [column for text in texts for column in table.columns if _names(text, column.name)]
            yield _rule([*index.columns, *named], is_folded=bool(texts))


def _rule(columns: list[Any], *, is_constraint: bool = False, is_folded: bool = False) -> Rule:
    names = dict.fromkeys(column.name for column in columns)
    is_folded = is_folded or any(name.endswith("_key") for name in names)
    references = tuple(column.name for column in columns if column.foreign_keys)
    return Rule(tuple(name.removesuffix("_key") for name in names), is_folded, is_constraint, references)


def _names(expression: Any, column: str) -> bool:
    """Whether an expression of an index is about this column, written with it or as text."""
    return re.search(rf"\b{column}\b", str(expression)) is not None


# Lists


def page_of(route: RouteContext) -> Any:
    """The schema of a list's items."""
    parameters = getattr(route.response_model, "__pydantic_generic_metadata__", {"args": ()})["args"]
    return parameters[0] if parameters else None


def query_of(route: RouteContext) -> Any:
    """The class that declares what a list can be asked for; None if there is none."""
    kinds = (parameter.field_info.annotation for parameter in route.dependant.query_params)
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Filters)), None)


def is_of_trash(route: RouteContext) -> bool:
    """Whether it lists what is deleted."""
    return issubclass(query_of(route), TrashQuery)


LISTS = [route for route in ROUTES if page_of(route) and query_of(route)]
