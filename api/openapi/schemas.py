"""Schemas for client generators, with simple types, few defaults and readable names."""

import json
from typing import Any

REF = "#/components/schemas/"
# Not a recursive JsonValue: generators of classes cannot name a recursive union.
JSON_OBJECT = {
    "title": "JsonObject",
    "description": "Any JSON object of at most 20000 characters and 10 levels.",
    "type": "object",
    "additionalProperties": {
        "anyOf": [
            *({"type": kind} for kind in ("string", "number", "boolean", "null")),
            {"$ref": REF + "JsonObject"},
            {"type": "array", "items": {}},
        ]
    },
}


def tidy(schemas: dict[str, Any]) -> None:
    for name in ("HTTPValidationError", "ValidationError"):  # every error is a Problem
        schemas.pop(name, None)
    for schema in list(schemas.values()):
        _simplify(schema)
        for name in schema.get("required", ()):  # a required field has no default
            schema["properties"][name].pop("default", None)
    if "JsonObject" in str(schemas):
        schemas["JsonObject"] = JSON_OBJECT


def _simplify(schema: dict[str, Any]) -> None:
    for part in schema.get("properties", {}).values():
        _simplify(part)
        part.pop("title", None)  # "Due At" adds nothing to due_at
        if part.pop("contentMediaType", None):  # an upload: most generators support only `format: binary`
            part["format"] = "binary"
        if part.get("additionalProperties") is True:
            del part["type"], part["additionalProperties"]
            part["$ref"] = REF + "JsonObject"
        choices: list[dict[str, Any]] = part.get("anyOf", [])
        if len(choices) == 2 and choices[1] == {"type": "null"} and isinstance(choices[0].get("type"), str):
            del part["anyOf"]  # one nullable type, not a union of two
            part |= choices[0] | {"type": [choices[0]["type"], "null"]}


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    schema.pop("title", None)
    if schema.get("anyOf", [])[1:] == [{"type": "null"}]:
        schema |= schema.pop("anyOf")[0]
    return schema


def named(document: dict[str, Any]) -> dict[str, Any]:
    """The document with schemas named by their titles: NotePage instead of Page_NotePublic_."""
    text = json.dumps(document)
    for name, schema in document["components"]["schemas"].items():
        title = schema["title"]
        text = text.replace(f'{REF}{name}"', f'{REF}{title}"').replace(f'"{name}": {{', f'"{title}": {{')
    return dict(json.loads(text, parse_float=_whole))


def _whole(number: str) -> int | float:
    """Replace 1.0, as pydantic writes it, by 1."""
    return int(float(number)) if float(number).is_integer() else float(number)
