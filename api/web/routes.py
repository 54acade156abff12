"""What every route does beyond FastAPI: bodies are bounded and read strictly, single entities carry an ETag."""

import hashlib
import json
import math
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response, params
from fastapi.routing import APIRoute, _effective_route_context_var
from starlette.types import Message, Receive

from api.models.base import Entity
from api.problems import Code, ProblemError, invalid
from api.web.fast.page_writer import written
from api.web.fast.solver import Work, steps_of
from api.web.headers import first_headers, set_headers

UPLOADS = {"multipart/form-data"}
FORMS = {"application/x-www-form-urlencoded", *UPLOADS}
ENVELOPE = 8192  # bytes for what a form says around a file: boundaries, names, types
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRequest(Request):
    """JSON as RFC 8259 has it: UTF-8, no NaN, no key twice, nothing nested beyond reason."""

    async def body(self) -> bytes:
        if "body" not in self.scope:  # it comes only once, and a request that was overtaken is done again
            self.scope["body"] = await super().body()
        body: bytes = self.scope["body"]
        return body

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            try:
                text = (await self.body()).decode()
                self._json = decode(text)
                if "\\u" in text:
                    json.dumps(self._json, ensure_ascii=False).encode()  # fails on half a surrogate pair
            except (ValueError, RecursionError):  # bad UTF-8, bad JSON, endless digits: all are ValueErrors
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


class Route(APIRoute):
    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        route: Any = _effective_route_context_var.get() or self  # as it is included, with the router's prefix and dependencies
        steps = steps_of(route)
        body = self.body_field and self.body_field.field_info
        is_upload = isinstance(body, params.File)
        forms = UPLOADS if is_upload else FORMS if isinstance(body, params.Form) else set()
        is_entity = isinstance(self.response_model, type) and issubclass(self.response_model, Entity)

        async def strictly(request: Request) -> Response:
            receive = request.receive
            if body is not None:
                settings = request.app.state.settings
                headers = first_headers(request.scope)
                limit = settings.max_upload_bytes + ENVELOPE if is_upload else settings.max_body_bytes
                receive = _bounded(request.receive, headers, limit)
                _check_media_type(headers, forms)
            request = StrictRequest(request.scope, receive)
            if steps is None or request.app.dependency_overrides:
                response = await handle(request)
            else:
                response = await Work(request, route).do(steps)
            if is_entity and response.status_code == 201:
                response.headers.setdefault("Location", f"{request.scope['path']}/{_id(response)}")
            if keep := request.scope.get("keep_answer"):
                keep(response)  # with the effect, in the same transaction
            if is_entity and response.status_code < 300:
                tag = etag(bytes(response.body))
                set_headers(response, {b"etag": tag.encode(), b"cache-control": b"private, no-cache"})
                if request.method == "GET" and _matches(request.headers.get("if-none-match", "").replace("W/", ""), tag):
                    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
            return response

        return strictly


class Router(APIRouter):
    """An APIRouter of such routes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=Route, **options)


def _bounded(receive_all: Receive, headers: dict[bytes, bytes], limit: int) -> Receive:
    """Refuse a body larger than that: at once if it says how long it is, else as soon as it gets there.

    FastAPI's `max_body_size` does the same, but answers in plain text, around all middleware.
    """
    announced, received = headers.get(b"content-length", b""), 0
    if announced.isdigit() and (len(announced) > 18 or int(announced) > limit):
        raise ProblemError(Code.too_large)

    async def receive() -> Message:
        nonlocal received
        message = await receive_all()
        received += len(message.get("body", b""))
        if received > limit:
            raise ProblemError(Code.too_large)
        return message

    return receive


def _check_media_type(headers: dict[bytes, bytes], forms: set[str]) -> None:
    if headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers:
        return
    given = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
    main, _, subtype = given.partition("/")
    is_json = main == "application" and (subtype == "json" or subtype.endswith("+json"))
    if not (given in forms if forms else is_json):
        raise ProblemError(Code.unsupported_media_type)


def _id(response: Response) -> str:
    """An entity is written with its id first."""
    return bytes(response.body)[len('{"id":"') :][:36].decode()


def etag(body: bytes) -> str:
    """A strong ETag: two answers with the same one are the same, byte for byte."""
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def check_if_match(request: Request, row: Entity, public: type[Entity]) -> None:
    """Refuse to change a row that is no longer what the client has seen. The row is locked, so it stays what it is."""
    wanted = request.headers.get("if-match")
    if wanted is not None and not _matches(wanted, etag(written(row, public))):
        raise ProblemError(Code.stale)


def _matches(header: str | None, tag: str) -> bool:
    return header is not None and any(given.strip() in {tag, "*"} for given in header.split(","))
