"""What the app says of itself, found through the app: routes, schemas, resources. And bodies that suit them.

Tests that hold for every resource start here, so that a new one is tested as soon as it exists.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from fastapi import params
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import TypeAdapter

from api.app import create_app
from api.models.base import uuid7
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
                name = part.strip("{}").removesuffix("_id")
                part = await self.id_of(f"{name}s" if name != "id" else parts[-1])
            parts.append(part)
        return "/".join(parts)

    async def id_of(self, collection: str) -> str:
        """The id of a row of this collection: made by a valid POST, else the first in its list, else one that is nowhere."""
        if collection not in self.ids:
            self.ids[collection] = str(uuid7())
            at = [route for route in ROUTES if str(route.path_format).rpartition("/")[2] == collection]
            for route in (r for r in at if r.methods == {"POST"}):
                answer = await self.client.post(f"http://test{await self.url(route)}", json=await self.sample(Body.of(route)))
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
                collection = await self.collection(name.removesuffix("_id"))
                self.ids.pop(collection, None)
                return await self.id_of(collection)
            case "uri":
                return "https://example.com/"
        if "number" in types(part):
            return "1.00"
        text = f"sample{number}".ljust(part.get("minLength", 0), "x")
        known = (text, "1.00", "#00ff00", "+4312345678", "message")
        return next((t for t in known if re.search(part.get("pattern", ""), t)), text)

    @staticmethod
    async def collection(stem: str) -> str:
        """`slot_id` is the id of a booking slot, but `booking_id` that of a booking."""
        names = {str(route.path_format).rpartition("/")[2] for route in ROUTES}
        return f"{stem}s" if f"{stem}s" in names else next((n for n in names if n.endswith(f"{stem}s")), stem)
