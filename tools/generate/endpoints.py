"""docs/API_ENDPOINTS.md: every route, with its access, parameters, responses and problems."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIWebSocketRoute, iter_route_contexts

from api.problems import MEDIA_TYPE, Code, ProblemCode

INTRO = """# API endpoints

`make generate` writes this page from the app. Programs read the same in `openapi.json`. To try things out,
start the server with `make run` and open <http://localhost:8000/docs>.

- What is **sent** is JSON unless it says otherwise. *Italic* names are parameters; those in the address are
  required, all others optional. **Lists** also take *limit*, *cursor*, *skip*, *sort*, *order* and *count*,
  and answer a page. `ETag` and `Location` are in the headers of what is **answered**.
- Besides the problems named at each route, every route can answer `internal_error` and `unavailable`, routes
  that take a body `too_large` and `unsupported_media_type`, and routes that take anything `invalid_request`.
- An address of more than 8 KB is answered with `uri_too_long`, and headers of more than 32 KB, or more than
  100 of them, with `headers_too_large`.
- [Problems](#problems) tells what each code means, [Schemas](#schemas) what is in each schema.
"""
PAGED = {"limit", "cursor", "skip", "sort", "order", "count"}
UNSAID = {
    Code.internal_error,
    Code.unavailable,
    Code.too_large,
    Code.unsupported_media_type,
    Code.invalid_request,
}


def endpoints(app: FastAPI) -> str:
    document = app.openapi()
    schemas: dict[str, Any] = document["components"]["schemas"]
    parts = [INTRO]
    for tag in document["tags"]:
        parts += [
            f"## {tag['name'].capitalize()}\n",
            f"{tag['description']}\n",
            *_routes(document, tag["name"]),
        ]
    parts += ["## WebSockets\n", *_sockets(app)]
    parts += [
        "## Problems\n",
        *_table("code", "status", "which says", rows=((f"`{c}`", c.status, c.detail) for c in _codes())),
    ]
    parts += ["## Schemas\n"]
    for name, schema in schemas.items():
        if name == "Problem" or not name.endswith("Problem"):
            parts += [
                f"### {name}\n",
                *([f"{schema['description']}\n"] if "description" in schema else ()),
                *_fields(schema),
            ]
    return "\n".join(parts)


def _codes() -> list[ProblemCode]:
    return sorted(ProblemCode.members(), key=lambda code: (code.status, code.value))


def _routes(document: dict[str, Any], tag: str) -> Iterator[str]:
    said = (
        (
            f"`{method.upper()} {path}`<br>{one['operationId']}",
            _who(one),
            _taken(one),
            _answered(one),
            _problems(document, one),
        )
        for path, methods in document["paths"].items()
        for method, one in methods.items()
        if tag in one["tags"]
    )
    return _table("route", "who may", "sent", "answered", "problems", rows=said)


def _who(operation: dict[str, Any]) -> str:
    return str(operation["description"].rpartition("Access: ")[2]).rstrip(".")


def _taken(operation: dict[str, Any]) -> str:
    names = [parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] != "path"]
    paged = set(names) >= PAGED
    bodies = [
        _type(media["schema"]) + ("" if kind.endswith("json") else f" as {kind}")
        for kind, media in operation.get("requestBody", {}).get("content", {}).items()
    ]
    return ", ".join([*bodies, *(f"*{name}*" for name in names if not (paged and name in PAGED))])


def _answered(operation: dict[str, Any]) -> str:
    said = []
    for status, answer in operation["responses"].items():
        if status < "400":
            kinds = [_type(media["schema"]) + _as(kind) for kind, media in answer.get("content", {}).items()]
            said.append(f"{status} {' or '.join(kinds)}".rstrip())
    return ", ".join(said)


def _as(kind: str) -> str:
    return "" if kind == "application/json" else f" as {kind}"


def _problems(document: dict[str, Any], operation: dict[str, Any]) -> str:
    schemas = document["components"]["schemas"]
    answers = (
        answer["content"][MEDIA_TYPE] for status, answer in operation["responses"].items() if status >= "400"
    )
    names = [name for answer in answers for name in re.findall(r"schemas/(\w+)", str(answer["schema"]))]
    codes = [schemas[name]["properties"]["code"]["const"] for name in names]
    return ", ".join(f"`{code}`" for code in codes if code not in UNSAID)


def _sockets(app: FastAPI) -> Iterator[str]:
    routes = (getattr(route, "original_route", route) for route in iter_route_contexts(app.routes))
    for route in routes:
        if isinstance(route, APIWebSocketRoute):
            same = "the same events as `GET /api/v1/notifications/stream`"
            yield f"`{route.path}` carries {same}: see [live events](live.md).\n"


def _fields(schema: dict[str, Any]) -> Iterator[str]:
    if "properties" not in schema:
        yield f"{_type(schema)}\n"
        return
    required = schema.get("required", ())
    said = (
        (f"`{name}`", _type(part), "" if name in required else _default(part), part.get("description", ""))
        for name, part in schema["properties"].items()
    )
    yield from _table("field", "type", "when left out", "", rows=said)


def _default(part: dict[str, Any]) -> str:
    return f"`{part['default']!r}`" if "default" in part else "as it is" if "title" in part else "nothing"


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(map(_type, choices))
    if values := schema.get("enum") or ("const" in schema and [schema["const"]]):
        return " or ".join(f"`{value}`" for value in values)
    kinds = schema.get("type", "anything")
    words = [kinds] if isinstance(kinds, str) else list(kinds)
    if "items" in schema:
        words[0] = f"list of {_type(schema['items'])}"
    words[0] = schema.get("format", words[0]) + _limits(schema)
    return " or ".join(words)


def _limits(schema: dict[str, Any]) -> str:
    for least, most in (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems")):
        if most in schema:
            return f" ({schema[least]} to {schema[most]})" if least in schema else f" (up to {schema[most]})"
    return ""


def _table(*heads: str, rows: Any) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in row)} |"
    yield ""
