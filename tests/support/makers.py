"""Valid bodies for every resource, made from its schema, and the rows that they refer to."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from fastapi.routing import RouteContext
from sqlmodel import SQLModel

from api.models.base import uuid7
from tests.support.described import ROUTES, Body, types
from tests.support.people import Person


def collection(name: str) -> str:
    """Where the rows are that a field refers to: `slot_id` is the id of one of the booking slots."""
    columns = (table.columns[name] for table in SQLModel.metadata.sorted_tables if name in table.columns)
    tables = [key.column.table.name for column in columns for key in column.foreign_keys]
    return tables[0].replace("_", "-") if tables else name


# What a value has to be that no schema tells apart from others.
WORDS = {
    "role": ("staff", "user"),
    "transport": ("body",),
    "published_at": ("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"),
}


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
                answer = await self.client.post(
                    f"http://test{await self.url(route)}", json=await self.roomy(Body.of(route))
                )
                assert answer.status_code < 300, (
                    f"{route.path_format}: the sample is not good enough: {answer.text}"
                )
                self.ids[collection] = answer.json()["id"]
            if not any(route.methods == {"POST"} for route in at):
                for route in (r for r in at if r.methods == {"GET"}):
                    page = (await self.client.get(f"http://test{await self.url(route)}")).json()
                    self.ids[collection] = next((row["id"] for row in page["items"]), self.ids[collection])
        return self.ids[collection]

    async def sample(self, body: Body, without: Iterable[str] = ()) -> dict[str, Any]:
        """A valid body, with the fields that it cannot do without."""
        return {
            name: await self.value(name, body.fields[name]) for name in body.required if name not in without
        }

    async def roomy(self, body: Body) -> dict[str, Any]:
        """A valid body of something that others refer to: with room for them."""
        words = {name: WORDS[name][0] for name in body.fields if name in WORDS}
        numbers = {
            name: part["maximum"]
            for name, part in body.fields.items()
            if "maximum" in part and "default" in part
        }
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
                return [value for value in part["items"].get("enum", ()) if value not in (than or ())][:1]
            case "object":
                return {"sample": next(self.serial)}
        if part.get("format") == "uuid" and than is None:
            return await self.id_of(collection(name))
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
