"""Problems: the format of every error (RFC 9457), the framework's codes, and the exception handlers.

An entity declares its codes in the file that raises them: `class BookingCode(ProblemCode)`.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Self

from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from fastapi.utils import is_body_allowed_for_status_code
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema
from starlette.exceptions import HTTPException

from api.open_enums import OpenEnum

MOST_ERRORS = 50
TITLES = {  # the names of RFC 9110, which not every Python version has
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}
MEDIA_TYPE = "application/problem+json"
CHALLENGE = {"WWW-Authenticate": "Bearer"}


class ProblemCode(OpenEnum):
    """All values of `code` in a problem."""

    status: int
    detail: str

    def __new__(cls, value: str, status: int, detail: str) -> Self:
        code = str.__new__(cls, value)
        code._value_, code.status, code.detail = value, status, detail
        return code

    def __init_subclass__(cls, **options: Any) -> None:
        for code in cls:
            if code.status < 400 or code.status not in set(HTTPStatus):
                said = f"{cls.__name__}.{code.name} has the status {code.status}"
                raise ValueError(f"{said}, which is not one of an error.")
        super().__init_subclass__(**options)


class Code(ProblemCode):
    """The codes of the framework: each with its status and its default detail."""

    bad_request = "bad_request", 400, "The request cannot be read."
    invalid_token = "invalid_token", 401, "Sign in again: the token is missing, wrong, expired or revoked."
    forbidden = "forbidden", 403, "You may not do this."
    not_found = "not_found", 404, "This does not exist, or you may not see it."
    method_not_allowed = "method_not_allowed", 405, "This method is not allowed here; see the Allow header."
    conflict = "conflict", 409, "This conflicts with stored data."
    already_exists = "already_exists", 409, "This value is already taken."
    request_in_progress = "request_in_progress", 409, "A request with this Idempotency-Key is still running."
    quota_exceeded = "quota_exceeded", 409, "You have stored as much as you may. Delete something first."
    stale = "stale", 412, "This was changed since you read it. Read it again, then repeat the change."
    too_large = "too_large", 413, "The request body is too large."
    uri_too_long = "uri_too_long", 414, "The address is too long. Send less in its query."
    unsupported_media_type = "unsupported_media_type", 415, "This content type is not accepted here."
    invalid_request = "invalid_request", 422, "The request does not match its schema."
    key_reused = "key_reused", 422, "This Idempotency-Key was used for a different request. Use a new key."
    too_many_requests = "too_many_requests", 429, "Too many requests. Try again later."
    headers_too_large = "headers_too_large", 431, "The headers of the request are too large or too many."
    internal_error = "internal_error", 500, "An internal error occurred. Report it with the request id."
    unavailable = "unavailable", 503, "The database is unavailable or too busy. Try again in a moment."


# The codes of exceptions that have only a status.
BY_STATUS = {code.status: code for code in Code} | {409: Code.conflict, 422: Code.invalid_request}


class FieldError(BaseModel):
    """One invalid field of a request."""

    loc: list[str | int] = Field(description="`body`, `query`, `path` or `header`, then the field's path.")
    msg: str = Field(description="The error as text for people.")
    type: str = Field(description="The error as a constant for programs.")


class Problem(BaseModel):
    """RFC 9457 problem details: the format of every error."""

    type: str = Field(default="about:blank", description="Required by RFC 9457. Use `code` instead.")
    title: str = Field(description="The name of the HTTP status.")
    status: int
    code: ProblemCode
    detail: str = Field(description="The error as text for people.")
    errors: list[FieldError] | SkipJsonSchema[None] = Field(
        default=None, description="The invalid fields, if the request is invalid."
    )


class RowChanged(Exception):
    """Another request has changed this request's row. The request runs again, with the row locked."""


class ProblemError(HTTPException):
    """Raise it anywhere in a request: `raise ProblemError(Code.not_found)`."""

    def __init__(
        self,
        code: ProblemCode,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        if code.status == 401:
            named = {name.lower() for name in headers or ()}
            headers = {**(headers or {}), **({} if "www-authenticate" in named else CHALLENGE)}
        super().__init__(code.status, detail or code.detail, dict(headers or {}))
        self.code, self.errors = code, errors

    def response(self) -> JSONResponse:
        return _answer(self.status_code, self.headers, self.code, self.detail, list(self.errors) or None)


def _answer(
    status: int,
    headers: Mapping[str, str] | None,
    code: str,
    detail: str,
    errors: list[FieldError] | None = None,
) -> JSONResponse:
    fields: dict[str, Any] = {"status": status, "code": code, "detail": detail, "errors": errors}
    # `code` may also be one that ProblemCode does not declare
    problem = Problem.model_construct(title=title(status), **fields)
    return JSONResponse(problem.model_dump(exclude_none=True), status, headers, media_type=MEDIA_TYPE)


def invalid(loc: Sequence[str | int], msg: str, type: str = "value_error") -> ProblemError:
    """A 422 for one field, for checks that need the database."""
    return ProblemError(Code.invalid_request, errors=[FieldError(loc=list(loc), msg=msg, type=type)])


def problems(*codes: ProblemCode) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that raises these codes. Codes of dependencies are added automatically."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        answer = by_status.setdefault(code.status, {"description": title(code.status), "x-codes": []})
        answer["x-codes"].append(code.value)
    return by_status


def title(status: int) -> str:
    if status not in set(HTTPStatus):
        return f"Status {status}"
    return TITLES.get(status) or HTTPStatus(status).phrase


def install(app: FastAPI) -> None:
    """Answer every error as a problem."""

    @app.exception_handler(HTTPException)
    async def from_http(request: Request, error: HTTPException) -> Response:
        if isinstance(error, ProblemError):
            return error.response()
        return _from_status(request, error)

    @app.exception_handler(RequestValidationError)
    async def from_validation(_: Request, error: RequestValidationError) -> JSONResponse:
        # Without `input` and `ctx`: they repeat the client's input, and are not always valid JSON.
        errors = [
            FieldError(
                loc=[part[:100] if isinstance(part, str) else part for part in e["loc"]],
                msg=e["msg"],
                type=e.get("type", "value_error"),
            )
            for e in error.errors()[:MOST_ERRORS]
        ]
        return ProblemError(Code.invalid_request, errors=errors).response()


def _from_status(request: Request, error: HTTPException) -> Response:
    """The response to an exception with a status but no code, from FastAPI or a handler.

    It keeps the status, the headers and the detail. A status without a Code gets its title as the code.
    """
    status, headers = error.status_code, dict(error.headers or {})
    if not is_body_allowed_for_status_code(status):
        return Response(status_code=status, headers=headers)
    code = BY_STATUS.get(status)
    if status == 400 and Code.invalid_request in _declared(request):  # FastAPI could not read the form
        code = Code.invalid_request
    if code is Code.method_not_allowed:
        headers["Allow"] = _methods_at(request)
    said = error.detail if isinstance(error.detail, str) else json.dumps(jsonable_encoder(error.detail))
    if code is not None:
        detail = None if said == HTTPStatus(status).phrase else said
        return ProblemError(code, detail, headers=headers).response()
    return _answer(status, headers, re.sub(r"\W+", "_", title(status).replace("'", "")).lower(), said)


def _declared(request: Request) -> Collection[str]:
    """The codes that the route declares by `responses=problems(…)`."""
    answers = getattr(request.scope.get("route"), "responses", {})
    return {code for answer in answers.values() for code in answer.get("x-codes", ())}


def _methods_at(request: Request) -> str:
    """All methods of this path, because the framework lists only those of the first matching route."""
    there = (
        route
        for route in iter_route_contexts(request.app.routes)
        if route.methods and route.path_regex.match(request.scope["path"])
    )
    return ", ".join(sorted({method for route in there for method in route.methods or ()}))
