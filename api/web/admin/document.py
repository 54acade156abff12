"""What the admin shows: the lists, rows and actions that the OpenAPI document describes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from api.models.admin_view import AdminView
from api.models.base import public_of, tables
from api.web.admin.bodies import JSON
from api.web.admin.client import API
from api.web.admin.naming import PARAMETER, can_fill, words
from api.web.admin.operation import Operation, Schema
from api.web.requests import MULTIPART, URL_ENCODED


@dataclass
class Resource:
    """A list, and what can be done with its rows."""

    listing: Operation
    row: Schema
    view: AdminView
    references: dict[str, str]  # the lists that fields with an id refer to
    create: Operation | None = None
    read: Operation | None = None
    update: Operation | None = None
    delete: Operation | None = None
    actions: list[Operation] = field(default_factory=list)
    children: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return self.listing.path

    @property
    def row_path(self) -> str:
        return self.read.path if self.read else ""

    @property
    def label(self) -> str:
        return self.view.label or words(self.path.rsplit("/", 1)[-1])


class Site:
    """The lists of the document by path, and the operations by method and path."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        self.schemas: dict[str, Schema] = document["components"]["schemas"]
        self.operations = {(one.method, one.path): one for one in self._operations(document)}
        paths = dict.fromkeys(path for _, path in self.operations)
        self.paths = sorted(paths, key=lambda one: one.count("{"))  # as `match` tries them
        self.models = {public.__name__: one for one in tables() if (public := public_of(one)) is not None}
        lists = [one for one in self.operations.values() if self._row_of(one) is not None]
        self.resources = {one.path: self._resource(one) for one in lists}
        for one in self.resources.values():
            one.references = self._references(one.row)

    def match(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The template of this path with the values of its parameters; one without parameters goes first."""
        given = path.split("/")
        for template in self.paths:
            parts = template.split("/")
            if len(parts) == len(given) and all(given[1:]):
                pairs = list(zip(parts, given, strict=True))
                if all(part[:1] == "{" or part == one for part, one in pairs):
                    return template, {part[1:-1]: one for part, one in pairs if part[:1] == "{"}
        return None

    def menu(self, user: Mapping[str, Any]) -> list[Resource]:
        found = [
            one for path, one in self.resources.items() if path.count("/") == 1 and one.listing.allows(user)
        ]
        return sorted(found, key=lambda one: (one.view.order, one.label))

    def with_rows_at(self, template: str) -> Resource | None:
        """The resource whose rows have this path. Of several, the one whose list is nearest."""
        found = [one for one in self.resources.values() if one.read and one.read.path == template]
        return max(found, key=lambda one: template.startswith(one.path + "/"), default=None)

    def with_action(self, operation: Operation) -> Resource | None:
        return next((one for one in self.resources.values() if operation in one.actions), None)

    def resolve(self, schema: Schema) -> Schema:
        """The schema without references and without null, which is then `nullable`."""
        if "$ref" in schema:
            named = self.schemas[schema["$ref"].rsplit("/", 1)[-1]]
            return self.resolve(named) | {name: schema[name] for name in schema.keys() - {"$ref"}}
        if options := schema.get("anyOf") or schema.get("oneOf"):
            others = [one for one in options if one.get("type") != "null"]
            others_of = {name: value for name, value in schema.items() if name not in {"anyOf", "oneOf"}}
            if len(others) == 1:
                is_nullable = len(others) < len(options)
                return self.resolve(others[0]) | others_of | {"nullable": is_nullable}
        if isinstance(types := schema.get("type"), list):
            others = [one for one in types if one != "null"]
            return schema | {
                "type": others[0] if len(others) == 1 else "any",
                "nullable": len(others) < len(types),
            }
        return schema

    def _operations(self, document: Schema) -> Iterator[Operation]:
        for path, methods in document["paths"].items():
            if path.startswith(API + "/"):
                for method, one in methods.items():
                    if "responses" in one:
                        yield self._operation(method.upper(), path.removeprefix(API), one)

    def _operation(self, method: str, path: str, one: Schema) -> Operation:
        fine: Schema = next((answer for status, answer in one["responses"].items() if status[0] == "2"), {})
        content = one.get("requestBody", {}).get("content", {})
        media = next((one for one in (JSON, MULTIPART, URL_ENCODED) if one in content), JSON)
        return Operation(
            method,
            path,
            one.get("summary", ""),
            one.get("x-policy", ""),
            self.resolve(content[media]["schema"]) if media in content else None,
            media,
            {p["name"]: p for p in one.get("parameters", []) if p["in"] == "query"},
            fine.get("content", {}).get("application/json", {}).get("schema"),
        )

    def _row_of(self, operation: Operation) -> Schema | None:
        """The schema of the rows, if the operation answers with pages of them."""
        page = self.resolve(operation.answer) if operation.method == "GET" and operation.answer else {}
        fields = page.get("properties", {})
        row = fields["items"].get("items") if {"items", "next_cursor"} <= fields.keys() else None
        return row if row and "properties" in self.resolve(row) else None

    def _resource(self, listed: Operation) -> Resource:
        path, row = listed.path, self._row_of(listed) or {}
        name = row.get("$ref", "").rsplit("/", 1)[-1]
        view = getattr(self.models.get(name), "__admin__", AdminView())
        found = Resource(listed, self.resolve(row), view if path.count("/") == 1 else AdminView(), {})
        found.create = self.operations.get(("POST", path))
        below = re.compile(re.escape(path) + r"/{\w+}")
        rows = [one for one in self.paths if below.fullmatch(one)]
        elsewhere = [
            one.path
            for one in self.operations.values()
            if one.method == "GET" and one.answer == row and PARAMETER.search(one.path) and "$ref" in row
        ]
        readable = [one for one in rows if ("GET", one) in self.operations] or elsewhere
        for template in [one for one in [*readable, *rows] if can_fill(one, found.row, path)]:
            for attribute, method in (("read", "GET"), ("update", "PATCH"), ("delete", "DELETE")):
                if getattr(found, attribute) is None:
                    setattr(found, attribute, self.operations.get((method, template)))
        if found.read is not None:
            own = re.compile(re.escape(found.read.path) + r"/[\w-]+(/me)?")
            files = {one.path for one in self.operations.values() if one.media == MULTIPART}
            mine = {one for one in files if one.startswith(f"{path}/me/")}  # such as one's own picture
            for one in self.operations.values():
                if not own.fullmatch(one.path) and one.path not in mine:
                    continue
                if self._row_of(one) is not None:
                    found.children.append(one.path)
                elif one.method != "GET" and one.path not in found.children:
                    found.actions.append(one)
            found.actions = [
                one for one in found.actions if one.method != "POST" or one.path not in found.children
            ]
        return found

    def _references(self, row: Schema) -> dict[str, str]:
        """The lists that the foreign keys of all tables lead to, by the name of the column."""
        model = self.models.get(row.get("title", ""))
        if model is None:
            return {}
        lists = self._lists_of_tables
        return {
            column.name: path
            for column in model.__table__.columns
            for key in column.foreign_keys
            if (path := lists.get(key.column.table.name))
        }

    @cached_property
    def _lists_of_tables(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for path, one in self.resources.items():
            model = self.models.get(one.row.get("title", ""))
            if model is not None and path.count("/") == 1:
                found.setdefault(model.__table__.name, path)
        return found
