"""The parts of an OpenAPI document that `tools/breaking.py` compares, in the document's own format.

A release commits it as docs/released/contract.json, with a line for each operation and each schema. A git tag
would hold the whole document, but a shallow clone has no tags.
"""

import json
from typing import Any

Document = dict[str, Any]
KEPT = {
    *("$ref", "type", "anyOf", "oneOf", "enum", "const", "items", "properties", "required"),
    *("maxLength", "maxItems", "maximum", "minLength", "minItems", "minimum", "pattern", "format"),
}


def contract(document: Document) -> Document:
    schemas = {
        name: _schema(schema)
        for name, schema in document["components"]["schemas"].items()
        if name == "Problem" or not name.endswith("Problem")  # an operation may fail in fewer ways
    }
    paths = {
        path: {method: _operation(operation) for method, operation in methods.items()}
        for path, methods in document["paths"].items()
    }
    version = {"version": document["info"]["version"]}
    return {"info": version, "paths": paths, "components": {"schemas": schemas}}


def written(value: Any, depth: int = 3) -> str:
    """JSON with a line for each entry down to this depth."""
    if depth == 0 or not isinstance(value, dict):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    entries = [f"{json.dumps(name)}:{written(value[name], depth - 1)}" for name in sorted(value)]
    return "{\n" + ",\n".join(entries) + "\n}" + ("\n" if depth == 3 else "")


def _operation(operation: Document) -> Document:
    answers = {status: answer for status, answer in operation["responses"].items() if status < "400"}
    kept = {
        "operationId": operation["operationId"],
        "security": operation.get("security", []),
        "responses": {status: _content(answer) for status, answer in answers.items()},
    }
    if parameters := operation.get("parameters"):
        kept["parameters"] = [_parameter(one) for one in parameters]
    if body := operation.get("requestBody"):
        kept["requestBody"] = _required(body) | _content(body)
    return kept


def _parameter(parameter: Document) -> Document:
    return {"name": parameter["name"], "schema": _schema(parameter["schema"])} | _required(parameter)


def _required(said: Document) -> Document:
    return {"required": True} if said.get("required") else {}


def _content(said: Document) -> Document:
    media = {kind: {"schema": _schema(one["schema"])} for kind, one in said.get("content", {}).items()}
    return {"content": media} if media else {}


def _schema(schema: Document) -> Document:
    kept = {word: value for word, value in schema.items() if word in KEPT}
    if "properties" in kept:
        kept["properties"] = {name: _schema(one) for name, one in kept["properties"].items()}
    if "items" in kept:
        kept["items"] = _schema(kept["items"])
    for union in kept.keys() & {"anyOf", "oneOf"}:
        kept[union] = [_schema(one) for one in kept[union]]
    return kept
