"""Request bodies: of limited size, of the documented media type, and valid JSON by RFC 8259."""

import json
import math
import re
from collections.abc import Awaitable, Callable, Iterator
from time import time
from typing import Any, TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.types import Message, Receive

from api.problems import Code, ProblemError, invalid, too_large
from api.web.context import context_of
from api.web.duplicates import check_form, dependencies_of

JSON = "application/json"
FILE = "application/octet-stream"  # the `contentMediaType` of a file field in a schema
SMALL = 8192  # bytes: the limit for bodies of a few short fields
LARGE = 16_384  # bytes; a larger body is read only from users who have signed in
SLOW = 65_536  # bytes; a larger body is parsed in a thread
MOST_VALUES = 10_000  # in a larger body; each may have an error, which takes longer than to parse it
STRING = re.compile(r'"(?>[^"\\]+|\\.)*+"')
READ = {"_body", "_form", "_stream_consumed"}  # the attributes of a request that keep what it has read
URL_ENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


F = TypeVar("F", bound=Callable[..., Any])
Identify = Callable[[Request], Awaitable[Any]]


class StrictRequest(Request):
    """A request whose JSON must be UTF-8, without NaN and duplicate keys, and not too deep.

    The fields of its form are given once, if they are not lists.
    """

    form_model: Any = None

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            body = await self.body()
            self._json = await run_in_threadpool(_parsed, body) if len(body) > SLOW else _parsed(body)
        return self._json

    def form(self, **limits: Any) -> Any:
        opened = super().form(**limits)
        checked: Any = type(opened)
        return opened if self.form_model is None else checked(self._checked(opened))

    async def _checked(self, opened: Any) -> Any:
        form = await opened
        try:
            check_form((name for name, _ in form.multi_items()), self.form_model)
        except ProblemError:
            await form.close()
            raise
        return form


def _parsed(body: bytes) -> Any:
    try:
        text = body.decode()
        if text.count(",") > MOST_VALUES and STRING.sub("", text).count(",") > MOST_VALUES:
            raise invalid(
                ["body"], f"Use at most {MOST_VALUES:,} values.", "too_long", max_length=MOST_VALUES
            )
        found = decode(text)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()  # fails on a lone surrogate
    except (ValueError, RecursionError):  # invalid UTF-8 or JSON, too many digits: ValueErrors
        raise invalid(["body"], "This is not valid JSON.", "json_invalid") from None
    return found


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise invalid(["body"], "An object in this JSON has a key twice.", "json_invalid")
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
    announced, received, source = headers.get(b"content-length", b""), 0, request.receive
    is_announced = announced.isdigit() and (len(announced) > 18 or int(announced) > limit)
    if is_announced or len(vars(request).get("_body", b"")) > limit:
        raise too_large(limit)

    async def receive() -> Message:
        nonlocal received
        message = await source()
        received += len(message.get("body", b""))
        if received > limit:
            raise too_large(limit)
        if not message.get("more_body"):
            context_of(request).arrived = time()
        return message

    return receive


def is_of_body(problem: ProblemError) -> bool:
    """Whether it says that the body cannot be read: its type, its size or its JSON."""
    is_no_json = any(error.type == "json_invalid" for error in problem.errors)
    return is_no_json or problem.code in {Code.unsupported_media_type, Code.too_large}


def small_body(handler: F) -> F:
    """Mark a handler that takes a few short fields. A larger body is refused before it is read."""
    handler.largest_body = SMALL  # type: ignore[attr-defined]  # read in routes.py
    return handler


def takes_form(form: type[BaseModel]) -> Callable[[F], F]:
    """Mark a handler whose JSON body may also be URL-encoded. Fields that the body lacks are only checked."""

    def mark(handler: F) -> F:
        handler.form = form  # type: ignore[attr-defined]  # read in routes.py
        return handler

    return mark


async def from_form(request: Request, form: type[BaseModel], body: type[BaseModel]) -> StrictRequest:
    """The request as if it had sent its form as JSON. As in FastAPI, an empty field counts as absent."""
    async with request.form() as sent:
        check_form((name for name, _ in sent.multi_items()), form)
        fields = {name: value for name, value in sent.items() if value != ""}
    try:
        valid = form.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError([e | {"loc": ("body", *e["loc"])} for e in error.errors()]) from None
    headers = [header for header in request.scope["headers"] if header[0] != b"content-type"]
    scope = {**request.scope, "headers": [*headers, (b"content-type", JSON.encode())]}
    made = StrictRequest(scope, request.receive)
    vars(made)["_body"] = valid.model_dump_json(include=set(body.model_fields)).encode()
    return made


def identifying(dependant: Dependant) -> Iterator[Identify]:
    """What identifies the caller, of the dependencies of a route."""
    for inner in dependencies_of(dependant):
        identify: Identify | None = getattr(inner.call, "identify", None)
        if identify is not None:
            yield identify


def is_large(headers: dict[bytes, bytes]) -> bool:
    """Whether the body is large, or may be."""
    announced = headers.get(b"content-length", b"")
    is_announced = len(announced) > 4 and announced.isdigit() and int(announced) > LARGE
    return is_announced or b"transfer-encoding" in headers


def share(source: Request, target: Request) -> None:
    """Let a request have what another one with the same scope has read of the body."""
    if not READ.isdisjoint(vars(source)):
        vars(target).update({name: value for name, value in vars(source).items() if name in READ})


def media_type(headers: dict[bytes, bytes]) -> str:
    return headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()


def check_media_type(headers: dict[bytes, bytes], accepted: set[str]) -> None:
    """Refuse a body of a media type that the route does not document. `+json` counts as JSON."""
    if headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers:
        return
    given = media_type(headers)
    main, _, subtype = given.partition("/")
    is_json = main == "application" and (subtype == "json" or subtype.endswith("+json"))
    if given not in accepted and not (is_json and JSON in accepted):
        raise ProblemError(Code.unsupported_media_type)
