"""The middleware, in pure ASGI: request id, security headers, log line, CORS, and unexpected errors."""

import logging
import re
import time
from typing import Any

from fastapi import Request, Response
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from api.db.problems import is_unavailable
from api.db.request_session import close_all
from api.db.request_state import RequestState, current
from api.models.base import uuid7
from api.problems import Code, ProblemError
from api.web.context import KEY, Context, context_of
from api.web.exception_handlers import from_http
from api.web.headers import first_headers, set_headers
from api.web.logs import request_id
from api.web.send_timeout import CLIENT
from api.web.start import start
from api.web.unsent import Unsent, abort

log = logging.getLogger("api.requests")

ACCEPTED_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
STRICT_CSP = b"default-src 'none'; frame-ancestors 'none'"
# The pages of openapi/pages.py load everything from this server, but ReDoc creates its worker from a blob.
DOCS_CSP = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DOCS = {"/docs", "/redoc"}
RAW_HEADERS = {name.lower().encode(): value.encode() for name, value in HEADERS.items()}
HTTPS_ONLY = {b"strict-transport-security": b"max-age=31536000"}
VARY = (b"vary", b"Origin")
LONGEST = 8192  # characters of a path and its query
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
QUIET = {"/health", "/ready"}  # polled every few seconds, so only errors are logged


class HeadersMiddleware:
    """The outermost middleware of this file. It sets the headers and writes the log line."""

    def __init__(self, app: ASGIApp, https_only: bool, unsent: Unsent) -> None:
        self.app, self.unsent = app, unsent
        self.headers = RAW_HEADERS | (HTTPS_ONLY if https_only else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await start(self.app, scope, receive, send)
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = time.perf_counter()
        given = first_headers(scope).get(b"x-request-id", b"").decode("latin-1")
        id = given if ACCEPTED_ID.fullmatch(given) else str(uuid7())
        token = request_id.set(id)
        context = scope[KEY] = Context()
        ours = context.headers = self.headers.copy()
        ours[b"content-security-policy"] = DOCS_CSP if scope["path"] in DOCS else STRICT_CSP
        ours[b"x-request-id"] = id.encode()

        unsent, is_refused = self.unsent, False

        async def send_with_headers(message: Message) -> None:
            nonlocal is_refused
            if is_refused:
                return
            if message["type"] == "http.response.start":
                refusal = unsent.refusal(scope["method"], message) if unsent.total >= unsent.most else None
                message, is_refused = refusal[0] if refusal else message, refusal is not None
                context.status, state.client = message["status"], None
                for name, _ in message["headers"]:
                    ours.pop(name, None)
                ours[b"x-request-id"] = id.encode()
                message["headers"] = [*message["headers"], *ours.items()]
                if refusal:
                    await send(message)
                    message = refusal[1]
            await send(message)

        state = RequestState(scope.get(CLIENT), id)
        used = current.set(state)
        try:
            await (_refusal(scope) or self.app)(scope, receive, send_with_headers)
        finally:
            current.reset(used)
            await close_all(state.sessions)
            status = context.status or 500  # an exception may leave before the response begins
            if status >= 400 or scope["path"] not in QUIET:
                ms = (time.perf_counter() - started) * 1000
                facts = {
                    "method": scope["method"],
                    "path": scope["path"][:LONGEST],
                    "status": status,
                    "ms": round(ms, 1),
                }
                line = "%(method)s %(path)s %(status)s %(ms)s ms"
                if state.impersonator_id is not None:
                    facts |= {"user_id": state.user_id, "impersonator_id": state.impersonator_id}
                    line += " by %(impersonator_id)s as %(user_id)s"
                log.info(line, facts, extra={"facts": facts})
            request_id.reset(token)


def _refusal(scope: Scope) -> ASGIApp | None:
    """The answer to an address that is too long, or that no route has: one with a control character.

    A route would match it, because `$` in a pattern also matches before a line break at the end.
    """
    path = scope["path"]
    if len(path) + len(scope["query_string"]) > LONGEST:
        return uri_too_long().response()
    if not path.isprintable() and CONTROLS.search(path):
        return ProblemError(Code.not_found).response()
    return None


def uri_too_long() -> ProblemError:
    said = f"The address is too long. Send at most {LONGEST:,} characters, and less in its query."
    return ProblemError(Code.uri_too_long, said, members={"max_characters": LONGEST})


class Cors(CORSMiddleware):
    """Starlette's middleware, for requests with an Origin. Other responses only get `Vary: Origin`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or b"origin" in first_headers(scope):
            return await super().__call__(scope, receive, send)

        async def send_varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], VARY]
            await send(message)

        await self.app(scope, receive, send_varying)


async def answer_unexpected(request: Request, error: Exception) -> Response:
    """The answer to an exception that reached Starlette's outermost middleware."""
    if isinstance(error, HTTPException):  # raised by another middleware, where Starlette answers 500
        response = await from_http(request, error)
    else:
        response = ProblemError(Code.internal_error).response()
    others = RAW_HEADERS | {b"content-security-policy": STRICT_CSP}
    set_headers(response, context_of(request).headers or others)
    return response


class ErrorMiddleware:
    """The innermost middleware. It logs an unexpected exception and answers with a problem.

    A client that leaves is expected, so there is only the line about the request.

    It only logs where the application has a handler for all exceptions, or another middleware around ours.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except (ClientDisconnect, WebSocketDisconnect):  # the client has left, as clients do
            if scope["type"] == "websocket":
                log.info("%s: the client has left", scope["path"])
            elif not context_of(scope).status:  # FastAPI answers the same, to nobody
                await ProblemError(Code.bad_request).response()(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http":
                raise
            cause: Any = error.__cause__ or error  # Starlette's error has one if the answer has begun
            if is_unavailable(cause) and context_of(scope).status and abort(scope.get(CLIENT)):
                said = str(cause).partition("\n")[0]
                return log.warning("%s %s was cut off: %s", scope["method"], scope["path"], said)
            log.exception("%s %s broke", scope["method"], scope["path"])
            if context_of(scope).status or _has_others(scope["app"]):  # 0 until the response begins
                raise
            await ProblemError(Code.internal_error).response()(scope, receive, send)


def _has_others(app: Starlette) -> bool:
    handlers = app.exception_handlers
    is_ours = handlers.get(Exception) is answer_unexpected and 500 not in handlers
    outermost: Any = app.user_middleware[0].cls
    return not is_ours or outermost is not HeadersMiddleware
