"""Schemas for client generators, with simple types, few defaults and readable names."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

REF = "#/components/schemas/"
NULL = {"type": "null"}
NAME = re.compile(r"[a-zA-Z0-9._-]+")  # of a component, as OpenAPI allows it
# The house's own schemas have qualified names until the end, so that no author's schema has the same.
OBJECT = "api__models__types__JsonObject"
# Not a recursive JsonValue: generators of classes cannot name a recursive union.
JSON_OBJECT = {
    "title": "JsonObject",
    "description": "Any JSON object of at most 20000 characters and 10 levels.",
    "type": "object",
    "additionalProperties": {
        "anyOf": [
            *({"type": kind} for kind in ("string", "number", "boolean", "null")),
            {"$ref": REF + OBJECT},
            {"type": "array", "items": {}},
        ]
    },
}


def tidy(schemas: dict[str, Any]) -> None:
    for schema in schemas.values():
        _simplify(schema)
        for name, part in schema.get("properties", {}).items():
            if name in schema.get("required", ()) and isinstance(part, dict):
                part.pop("default", None)  # a required field has none
    if OBJECT in str(schemas):
        schemas[OBJECT] = JSON_OBJECT


def _simplify(schema: dict[str, Any]) -> None:
    for name, part in schema.get("properties", {}).items():
        if not isinstance(part, dict):  # `true`: anything
            continue
        _simplify(part)
        without_title(part, name)
        for one in (part, part.get("items"), *part.get("anyOf", ())):
            if isinstance(one, dict) and one.get("contentMediaType") == "application/octet-stream":
                del one["contentMediaType"]  # an upload: most generators support only `format: binary`
                one["format"] = "binary"
        if part.get("additionalProperties") is True and "properties" not in part:
            del part["additionalProperties"]
            part.pop("type", None)
            part["$ref"] = REF + OBJECT
        choices = part.get("anyOf", [])
        if len(choices) == 2 and choices[1] == NULL and _is_of_one_type(choices[0]):
            del part["anyOf"]  # one nullable type, not a union of two
            part |= choices[0] | part | {"type": [choices[0]["type"], "null"]}


def _is_of_one_type(schema: Any) -> bool:
    """Whether null can be another of its types, which the values of an enum would exclude."""
    return (
        isinstance(schema, dict)
        and isinstance(schema.get("type"), str)
        and not {"enum", "const"} & schema.keys()
    )


def without_title(schema: dict[str, Any], name: str) -> None:
    """Remove a title that is made from the name: "Due At" adds nothing to due_at."""
    if schema.get("title") in {name.replace("_", " ").title(), name.title().replace("_", " ")}:
        del schema["title"]


def without_null(schema: dict[str, Any], name: str) -> None:
    without_title(schema, name)
    if schema.get("anyOf", [])[1:] == [NULL] and isinstance(schema["anyOf"][0], dict):
        schema |= schema.pop("anyOf")[0]


def is_unused(document: dict[str, Any], name: str) -> bool:
    return f"'{REF}{name}'" not in str(document)


def named(document: dict[str, Any]) -> dict[str, Any]:
    """The document with schemas named by their titles: BookPage instead of Page_BookPublic_.

    A title that two schemas have, or that is no name, is not taken: the schema keeps FastAPI's name.
    """
    schemas = document["components"]["schemas"]
    titles = {name: schema.get("title", name) for name, schema in schemas.items()}
    times = Counter(titles.values())
    for name, title in titles.items():
        is_taken = times[title] > 1 or (title != name and title in schemas)
        if is_taken or not NAME.fullmatch(title):
            titles[name] = name
    document["components"]["schemas"] = {titles[name]: schema for name, schema in schemas.items()}
    return dict(renamed(document, {REF + name: REF + title for name, title in titles.items()}))


def renamed(part: Any, refs: Mapping[str, str]) -> Any:
    """The part with these references replaced, and with 1 instead of 1.0, as pydantic writes it."""
    match part:
        case dict():
            return {key: renamed(value, refs) for key, value in part.items()}
        case list():
            return [renamed(value, refs) for value in part]
        case float():
            return int(part) if part.is_integer() else part
        case str():
            return refs.get(part, part)
    return part
