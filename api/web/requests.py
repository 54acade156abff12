"""Request bodies: of limited size, of the documented media type, and valid JSON by RFC 8259."""

import json
import math
from time import time
from typing import Any

from fastapi import Request
from pydantic import TypeAdapter
from starlette.types import Message, Receive

from api.problems import Code, ProblemError, invalid
from api.web.context import context_of

JSON = "application/json"
FILE = "application/octet-stream"  # the `contentMediaType` of a file field in a schema
READ = {"_body", "_form", "_stream_consumed"}  # the attributes of a request that keep what it has read
URL_ENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class StrictRequest(Request):
    """A request whose JSON must be UTF-8, without NaN and duplicate keys, and not too deep."""

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            try:
                text = (await self.body()).decode()
                self._json = decode(text)
                if "\\u" in text:
                    json.dumps(self._json, ensure_ascii=False).encode()  # fails on a lone surrogate
            except (ValueError, RecursionError):  # invalid UTF-8 or JSON, too many digits: ValueErrors
                raise invalid(["body"], "This is not valid JSON.", "json_invalid") from None
        return self._json


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key appears twice")
    return found


def _finite(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError("not a number that JSON knows")
    return value


decode = json.JSONDecoder(object_pairs_hook=_unique_keys, parse_float=_finite, parse_constant=_finite).decode


def forms(fields: Any) -> set[str]:
    """The media types that a form with these fields accepts. A required file needs multipart."""
    schema = TypeAdapter(fields).json_schema()
    for one in (schema, *schema.get("$defs", {}).values()):
        needed = (one["properties"][name] for name in one.get("required", ()))
        if any(field.get("contentMediaType") == FILE for field in needed):
            return {MULTIPART}
    return {URL_ENCODED, MULTIPART}


def bounded(request: Request, headers: dict[bytes, bytes], limit: int) -> Receive:
    """Refuse a body larger than the limit: by its Content-Length, or as soon as too many bytes have arrived.

    FastAPI's `max_body_size` does the same, but answers in plain text and outside our middleware.
    """
    announced, received = headers.get(b"content-length", b""), 0
    is_announced = announced.isdigit() and (len(announced) > 18 or int(announced) > limit)
    if is_announced or len(vars(request).get("_body", b"")) > limit:
        raise ProblemError(Code.too_large)

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise ProblemError(Code.too_large)
        if not message.get("more_body"):
            context_of(request).arrived = time()
        return message

    return receive


def is_of_body(problem: ProblemError) -> bool:
    """Whether it says that the body cannot be read: its type, its size or its JSON."""
    is_no_json = any(error.type == "json_invalid" for error in problem.errors)
    return is_no_json or problem.code in {Code.unsupported_media_type, Code.too_large}


def share(source: Request, target: Request) -> None:
    """Let a request have what another one with the same scope has read of the body."""
    if not READ.isdisjoint(vars(source)):
        vars(target).update({name: value for name, value in vars(source).items() if name in READ})


def check_media_type(headers: dict[bytes, bytes], accepted: set[str]) -> None:
    """Refuse a body of a media type that the route does not document. `+json` counts as JSON."""
    if headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers:
        return
    given = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
    main, _, subtype = given.partition("/")
    is_json = main == "application" and (subtype == "json" or subtype.endswith("+json"))
    if given not in accepted and not (is_json and JSON in accepted):
        raise ProblemError(Code.unsupported_media_type)
