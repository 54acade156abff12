"""Examples of requests and responses, derived from the schemas.

A model declares examples that its types do not suggest:

    class TaskBase(SQLModel):
        __examples__ = {"description": "Read the new picture book"}
"""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel
from sqlmodel import SQLModel

from api.models.base import tables
from api.openapi import samples
from api.openapi.schemas import REF

WORDS: dict[str, Any] = {  # examples for a field of any schema
    "username": "ada",
    "email": "ada@example.com",
    "password": "correct horse battery",
    "current_password": "the horse until now",
    "new_password": "another horse entirely",
    "token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl",
    "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl",
    "refresh_token": "pXr3mQ0sYkV7n2TfLw9cJd5hGb8aZeKu1oRiNvCqMtE",
    "starts_at": "2030-05-14T09:00:00Z",
    "ends_at": "2030-05-14T10:00:00Z",
}
FILES = ("text/csv", "image/", "multipart/")  # files have no JSON example
STEM = re.compile(r"(Create|AdminUpdate|Update|Register|Public|Row|Summary|Page)$")


def illustrate(document: dict[str, Any]) -> None:
    """Add an example to every request body and every successful response, except files.

    The examples that an author declares stay, and need no other beside them.
    """
    examples = Examples(document["components"]["schemas"])
    for methods in document["paths"].values():
        for operation in methods.values():
            answers = (answer for status, answer in operation["responses"].items() if status < "300")
            for place in (operation.get("requestBody", {}), *answers):
                for kind, media in place.get("content", {}).items():
                    if examples.are_missing(media) and not kind.startswith(FILES):
                        media["example"] = examples.of(media["schema"])


class Examples:
    """Creates values that are valid for schemas."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        self.schemas = schemas
        self.words = words()
        self.within: list[str] = []  # the schemas around the current value, outermost first

    def are_missing(self, media: dict[str, Any]) -> bool:
        """Whether nobody declares an example for this media type, which has a schema that suggests one."""
        schema = media.get("schema")
        if not isinstance(schema, dict) or not schema:
            return False
        named = self.schemas.get(schema.get("$ref", "").removeprefix(REF), {})
        return not any(part.keys() & {"example", "examples"} for part in (media, schema, named))

    def of(self, schema: Any, owner: str = "", field: str = "") -> Any:
        """A valid value for this schema, as a field of the owner schema."""
        if not isinstance(schema, dict):  # `true`: anything
            return None
        if examples := declared(schema):
            return examples[0]
        if "$ref" in schema:
            return self._named(schema["$ref"], owner, field)
        if "const" in schema:
            return schema["const"]
        for word in self._words(owner, field, schema.get("type", "string")):
            if word in schema.get("enum", [word]):
                return word
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self.of(next(filter(self._ends, schema[choice]), {"type": "null"}), owner, field)
        return self._plain(schema, owner, field)

    def _named(self, ref: str, owner: str, field: str) -> Any:
        name = ref.removeprefix(REF)
        schema = self.schemas.get(name)  # None for a schema outside the document
        if ref in self.within or not isinstance(schema, dict):
            return None
        self.within.append(ref)
        made = (
            self.of(schema, owner, field)
            if "properties" not in schema or declared(schema)
            else self._object(schema, schema.get("title", name))
        )
        self.within.pop()
        return made

    def _ends(self, schema: Any) -> bool:
        """Whether the schema is not recursive here, so that the example ends."""
        return not isinstance(schema, dict) or schema.get("$ref") not in self.within

    def _words(self, owner: str, field: str, kinds: str | list[str]) -> Iterator[Any]:
        for name in (owner, STEM.sub("Public", owner)):
            if field in self.words.get(name, {}):
                yield self.words[name][field]
        if field in WORDS and "string" in kinds:
            yield WORDS[field]

    def _object(self, schema: dict[str, Any], name: str) -> dict[str, Any]:
        fields, required = schema.get("properties", {}), schema.get("required", ())
        if name.endswith("Update"):  # one field is enough
            fields = dict(list(fields.items())[-1:])
        made = {field: self.of(part, name, field) for field, part in fields.items()}
        return {field: value for field, value in made.items() if value is not None or field in required}

    def _plain(self, schema: dict[str, Any], owner: str, field: str) -> Any:
        """A value from the type alone."""
        kinds = schema.get("type", "object")
        kind = kinds if isinstance(kinds, str) else kinds[0]
        if schema.get("default") is not None or schema.get("enum"):
            return schema.get("default", schema.get("enum", [None])[0])
        if schema.get("format") == "uuid":
            return made_up_id(STEM.sub("", owner).lower() if field == "id" else referred(field))
        if "null" in kinds:
            return None
        match kind:
            case "array":
                return self._array(schema, owner, field)
            case "string":
                return samples.text(schema, field)
            case "integer" | "number":
                return samples.number(schema | {"type": kind})
            case "boolean":
                return True
        return self._object(schema, owner)

    def _array(self, schema: dict[str, Any], owner: str, field: str) -> list[Any]:
        first = [self.of(part, owner, field) for part in schema.get("prefixItems", ())]
        more = max(schema.get("minItems", 0) - len(first), 0 if first else 1)
        part = schema.get("items", {})
        if not isinstance(part, dict) or not self._ends(part) or schema.get("maxItems") == 0:
            return first
        return first + [self.of(part, owner, field) for _ in range(more)]


def declared(schema: dict[str, Any]) -> list[Any]:
    """The examples in a schema: those that its author declares."""
    examples = schema.get("examples", [])
    return [schema["example"]] if "example" in schema else examples if isinstance(examples, list) else []


def words() -> dict[str, dict[str, Any]]:
    """The `__examples__` of each schema, including those of its base classes."""
    found: dict[str, dict[str, Any]] = {}
    for model in subclasses(BaseModel):
        beside = (vars(base).get("__examples__", {}) for base in reversed(model.__mro__))
        if merged := {field: word for one in beside for field, word in one.items()}:
            found[model.__name__] = merged
    return found


def subclasses(model: type[Any]) -> Iterator[type[Any]]:
    for one in model.__subclasses__():
        yield one
        yield from subclasses(one)


@cache
def referred(field: str) -> str:
    """The entity that a field refers to. For example, `owner_id` refers to a user."""
    names = {str(model.__tablename__): model.__name__.lower() for model in tables()}
    columns = (table.columns[field] for table in SQLModel.metadata.sorted_tables if field in table.columns)
    keys = [key.column.table.name for column in columns for key in column.foreign_keys]
    return names.get(keys[0], keys[0]) if keys else field.removesuffix("_id")


def made_up_id(what: str) -> str:
    """An example id, always the same for the same entity."""
    made = hashlib.sha256(what.encode()).hexdigest()
    return f"019a{made[:4]}-{made[4:8]}-7{made[8:11]}-8{made[11:14]}-{made[14:26]}"
