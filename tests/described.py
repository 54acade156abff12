"""What the app says of itself, found through the app: routes, schemas, resources. And bodies that suit them.

Tests that hold for every resource start here, so that a new one is tested as soon as it exists.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from fastapi import params
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import TypeAdapter
from sqlmodel import SQLModel

from api.app import create_app
from api.models.base import Entity, uuid7
from api.settings import Settings
from tests.people import Person

described = create_app(Settings(_env_file=None))
DOCUMENT: dict[str, Any] = described.openapi()
ROUTES = [route for route in iter_route_contexts(described.routes) if isinstance(route.original_route, APIRoute)]


def operation(route: RouteContext, method: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"].get(route.path_format, {}).get(method.lower(), {})
    return found


def query_names(method: str, route: RouteContext) -> dict[str, Any]:
    parameters = operation(route, method).get("parameters", ())
    return {parameter["name"]: parameter["schema"] for parameter in parameters if parameter["in"] == "query"}


def is_form(route: RouteContext) -> bool:
    return isinstance(route.body_field.field_info, params.Form)


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

    public: type[Entity]
    get: RouteContext
    create: RouteContext | None
    change: RouteContext | None
    delete: RouteContext | None
    list: RouteContext | None

    @classmethod
    def all(cls) -> "list[Resource]":
        return [cls.of(route) for route in ROUTES if route.methods == {"GET"} and is_row(route)]

    @classmethod
    def of(cls, get: RouteContext) -> "Resource":
        def find(wanted: Callable[[RouteContext], bool]) -> RouteContext | None:
            return next((route for route in ROUTES if wanted(route)), None)

        def here(method: str) -> RouteContext | None:
            return find(lambda route: route.methods == {method} and route.path_format == get.path_format)

        public = get.response_model
        return cls(
            public=public,
            get=get,
            create=find(lambda route: route.status_code == 201 and route.response_model is public),
            change=here("PATCH"),
            delete=here("DELETE"),
            list=find(lambda route: page_of(route) is public),
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


def collection(name: str) -> str:
    """Where the rows are that a field refers to: `slot_id` is the id of one of the booking slots."""
    columns = (table.columns[name] for table in SQLModel.metadata.sorted_tables if name in table.columns)
    tables = [key.column.table.name for column in columns for key in column.foreign_keys]
    return tables[0].replace("_", "-") if tables else name


# What a value has to be that no schema tells apart from others.
WORDS = {"role": ("staff", "user"), "transport": ("body",), "published_at": ("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z")}


@dataclass
class Maker:
    """Makes valid bodies, and the rows that they refer to."""

    client: Person
    ids: dict[str, str] = field(default_factory=dict)
    serial: Iterator[int] = field(default_factory=lambda: count(1))

    async def url(self, route: RouteContext) -> str:
        """The route's address, for rows that exist."""
        parts: list[str] = []
        for part in str(route.path_format).split("/"):
            if part.startswith("{"):
                part = await self.id_of(parts[-1] if part == "{id}" else collection(part.strip("{}")))
            parts.append(part)
        return "/".join(parts)

    async def id_of(self, collection: str) -> str:
        """The id of a row of this collection: made by a valid POST, else the first in its list, else one that is nowhere."""
        if collection not in self.ids:
            self.ids[collection] = str(uuid7())
            at = [route for route in ROUTES if str(route.path_format).rpartition("/")[2] == collection]
            for route in (r for r in at if r.methods == {"POST"}):
                answer = await self.client.post(f"http://test{await self.url(route)}", json=await self.roomy(Body.of(route)))
                assert answer.status_code < 300, f"{route.path_format}: the sample is not good enough: {answer.text}"
                self.ids[collection] = answer.json()["id"]
            if not any(route.methods == {"POST"} for route in at):
                for route in (r for r in at if r.methods == {"GET"}):
                    page = (await self.client.get(f"http://test{await self.url(route)}")).json()
                    self.ids[collection] = next((row["id"] for row in page["items"]), self.ids[collection])
        return self.ids[collection]

    async def sample(self, body: Body, without: Iterable[str] = ()) -> dict[str, Any]:
        """A valid body, with the fields that it cannot do without."""
        return {name: await self.value(name, body.fields[name]) for name in body.required if name not in without}

    async def roomy(self, body: Body) -> dict[str, Any]:
        """A valid body of something that others refer to: with room for them."""
        words = {name: WORDS[name][0] for name in body.fields if name in WORDS}
        numbers = {name: part["maximum"] for name, part in body.fields.items() if "maximum" in part and "default" in part}
        return await self.sample(body) | words | numbers

    async def full(self, body: Body) -> dict[str, Any]:
        """A valid body with every field, none of them as it is by default."""
        return {name: await self.another(name, part) for name, part in body.fields.items()}

    async def another(self, name: str, part: dict[str, Any], than: Any = None) -> Any:
        """A valid value that is neither the default nor this one."""
        default = part.get("default")
        if name in WORDS:
            return next(word for word in WORDS[name] if word != than)
        if "enum" in part:
            return next(value for value in part["enum"] if value not in {default, than})
        match part.get("type"):
            case "boolean":
                return not (default if than is None else than)
            case "integer":
                return next(n for n in (2, 3, 4) if n not in {default, than} and n >= part.get("minimum", n))
            case "array":
                return [value for value in part["items"]["enum"] if value not in (than or ())][:1]
            case "object":
                return {"sample": next(self.serial)}
        return await self.value(name, {key: value for key, value in part.items() if key != "default"})

    async def value(self, name: str, part: dict[str, Any]) -> Any:
        number = next(self.serial)
        if name == "current_password":
            return self.client.password
        if "default" in part or "const" in part or "enum" in part:
            return part.get("const", part.get("default", (part.get("enum") or [None])[0]))
        kind = part.get("type", "object")
        match kind if isinstance(kind, str) else kind[0]:
            case "string":
                return await self.text(name, part, number)
            case "integer" | "number":
                return max(1, part.get("minimum", 1))
            case "boolean":
                return True
            case "array":
                return []
        return {}

    async def text(self, name: str, part: dict[str, Any], number: int) -> str:
        match part.get("format"):
            case "email":
                return f"sample{number}@example.com"
            case "date":
                return "2020-02-29"
            case "date-time":  # each is later than the one before, so things end after they start
                return f"2100-01-01T{number // 60 % 24:02}:{number % 60:02}:00Z"
            case "uuid":  # of something new: what there is may be full or taken by now
                self.ids.pop(collection(name), None)
                return await self.id_of(collection(name))
            case "uri":
                return "https://example.com/"
        if "number" in types(part):
            return "1.00"
        text = f"sample{number}".ljust(part.get("minLength", 0), "x")
        known = (text, "1.00", "#00ff00", "+4312345678", "message")
        return next((t for t in known if re.search(part.get("pattern", ""), t)), text)
