"""What can go wrong, named once, and the only place that turns errors into HTTP: RFC 9457 problem details."""

import logging
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Self

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

log = logging.getLogger(__name__)

MOST_ERRORS = 50
TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}  # as RFC 9110 has them, and not every Python
MEDIA_TYPE = "application/problem+json"


class Code(StrEnum):
    """Every `code` a problem can have, with its status and what it says unless the raiser knows better."""

    status: int
    detail: str

    def __new__(cls, value: str, status: int, detail: str) -> Self:
        code = str.__new__(cls, value)
        code._value_, code.status, code.detail = value, status, detail
        return code

    invalid_token = "invalid_token", 401, "Sign in again: the token is missing, wrong, expired or revoked."
    token_reused = "token_reused", 401, "This refresh token was used before. Sign in again."
    invalid_credentials = "invalid_credentials", 401, "Wrong name or password."
    forbidden = "forbidden", 403, "You may not do this."
    not_found = "not_found", 404, "There is nothing here, or it is not yours."
    method_not_allowed = "method_not_allowed", 405, "This address does not know this method."
    conflict = "conflict", 409, "This conflicts with what is already stored."
    already_exists = "already_exists", 409, "Another one with this value exists."
    last_admin = "last_admin", 409, "The last active admin cannot be demoted, deactivated or deleted."
    role_in_use = "role_in_use", 409, "This role is held by users. Give them another one first."
    role_protected = "role_protected", 409, "This is a built-in role."
    slot_full = "slot_full", 409, "There are not enough seats left in this slot."
    slot_past = "slot_past", 409, "This slot has begun already."
    slot_in_use = "slot_in_use", 409, "This slot has confirmed bookings. Cancel them first."
    already_cancelled = "already_cancelled", 409, "This booking is cancelled."
    course_full = "course_full", 409, "This course is full."
    course_over = "course_over", 409, "This course is over."
    capacity_taken = "capacity_taken", 409, "More seats than that are taken already."
    out_of_stock = "out_of_stock", 409, "There is not so much in stock."
    overstocked = "overstocked", 409, "More than can be counted would be in stock."
    request_in_progress = "request_in_progress", 409, "A request with this Idempotency-Key is still running."
    stale = "stale", 412, "It was changed since you read it. Read it again, then decide."
    too_large = "too_large", 413, "The body is larger than this server accepts."
    unsupported_media_type = "unsupported_media_type", 415, "Send this body with the content type it is documented with."
    invalid_request = "invalid_request", 422, "The request does not match its schema."
    key_reused = "key_reused", 422, "This Idempotency-Key came with another request before."
    too_many_requests = "too_many_requests", 429, "Too many requests. Try again later."
    internal_error = "internal_error", 500, "Something broke on our side. The request id finds it in our log."
    unavailable = "unavailable", 503, "The database is away or too busy. Try again in a moment."


BY_STATUS = {code.status: code for code in Code} | {
    400: Code.invalid_request,
    401: Code.invalid_token,
    409: Code.conflict,
    422: Code.invalid_request,
}


class FieldError(BaseModel):
    """One reason why a request was refused."""

    loc: list[str | int] = Field(description="Where it is: `body`, `query`, `path` or `header`, then the way to the field.")
    msg: str = Field(description="What is wrong, for people.")
    type: str = Field(description="What is wrong, for programs.")


class Problem(BaseModel):
    """RFC 9457 problem details: the one shape of every error."""

    type: str = Field(default="about:blank", description="RFC 9457 wants one; `code` says more.")
    title: str = Field(description="The status in words.")
    status: int
    code: Code
    detail: str = Field(description="What happened, for people.")
    errors: list[FieldError] | SkipJsonSchema[None] = Field(
        default=None, description="The fields at fault, where the request itself was."
    )


class RowChanged(Exception):
    """Another request has changed the row that this one was about to change. It is done again, with the row locked."""


class ProblemError(HTTPException):
    """Raise it anywhere in a request: `raise ProblemError(Code.not_found)`."""

    def __init__(
        self,
        code: Code,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        if code.status == 401:
            headers = {"WWW-Authenticate": "Bearer", **(headers or {})}
        super().__init__(code.status, detail or code.detail, dict(headers or {}))
        self.code, self.errors = code, errors

    def response(self) -> JSONResponse:
        code, errors = self.code, list(self.errors) or None
        body = Problem(title=title(code.status), status=code.status, code=code, detail=self.detail, errors=errors)
        return JSONResponse(body.model_dump(exclude_none=True), code.status, self.headers, media_type=MEDIA_TYPE)


def invalid(loc: Sequence[str | int], msg: str, type: str = "value_error") -> ProblemError:
    """A 422 about one field that only the database could judge."""
    return ProblemError(Code.invalid_request, errors=[FieldError(loc=list(loc), msg=msg, type=type)])


def problems(*codes: Code) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route whose own rules can answer with these; what its dependencies can is added for it."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        by_status.setdefault(code.status, {"description": title(code.status), "x-codes": []})["x-codes"].append(code.value)
    return by_status


def title(status: int) -> str:
    return TITLES.get(status) or HTTPStatus(status).phrase


def install(app: FastAPI) -> None:
    """Answer every kind of error in the one shape."""

    @app.exception_handler(HTTPException)
    async def from_http(request: Request, error: HTTPException) -> JSONResponse:
        if not isinstance(error, ProblemError):  # raised by the framework: no such route, no such method, …
            code = BY_STATUS.get(error.status_code, Code.internal_error)
            allowed = {"Allow": _methods_at(app, request)} if code is Code.method_not_allowed else {}
            error = ProblemError(code, headers={**(error.headers or {}), **allowed})
        return error.response()

    @app.exception_handler(RequestValidationError)
    async def from_validation(_: Request, error: RequestValidationError) -> JSONResponse:
        # Neither `input` nor `ctx`: they echo what was sent, and cannot always be written as JSON.
        errors = [
            FieldError(loc=[part[:100] if isinstance(part, str) else part for part in e["loc"]], msg=e["msg"], type=e["type"])
            for e in error.errors()[:MOST_ERRORS]
        ]
        return ProblemError(Code.invalid_request, errors=errors).response()

    @app.exception_handler(DBAPIError)
    async def from_database(_: Request, error: DBAPIError) -> JSONResponse:
        if isinstance(error, IntegrityError):
            return _conflict(error).response()
        if _is_passing(error):
            log.warning("The database could not be used: %s", error.orig)
            return _unavailable().response()
        raise error

    @app.exception_handler(PoolTimeout)
    async def from_pool(_: Request, error: PoolTimeout) -> JSONResponse:
        log.warning("No database connection became free: %s", error)
        return _unavailable().response()


def _methods_at(app: FastAPI, request: Request) -> str:
    """What this address does know: the framework names only the methods of the first route that matches."""
    there = (
        route for route in iter_route_contexts(app.routes) if route.methods and route.path_regex.match(request.scope["path"])
    )
    return ", ".join(sorted({method for route in there for method in route.methods or ()}))


def _unavailable() -> ProblemError:
    return ProblemError(Code.unavailable, headers={"Retry-After": "1"})


def _conflict(error: IntegrityError) -> ProblemError:
    """Name the field that has to be unique, which both databases say in words."""
    diagnosis = getattr(error.orig, "diag", None)
    said = str(diagnosis.message_detail if diagnosis else error.orig)
    found = re.search(r"^Key \((\w+)\)=.* already exists|UNIQUE constraint failed: \w+\.(\w+)$", said, re.M | re.S)
    if found is None:  # several columns together, a foreign key, …
        return ProblemError(Code.conflict)
    name = (found[1] or found[2]).removesuffix("_key")
    taken = FieldError(loc=["body", name], msg=f"This {name} is taken.", type="already_exists")
    return ProblemError(Code.already_exists, f"Another one with this {name} exists.", errors=[taken])


def _is_passing(error: DBAPIError) -> bool:
    """The server is away, restarting or overloaded, the file is locked, or two transactions got in each other's way."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state:  # 08 connection, 40 rollback, 53 resources, 57P server going down or coming up, 55P03 and 57014 waited too long
        return state[:2] in {"08", "40", "53"} or state.startswith("57P") or state in {"55P03", "57014"}
    said = str(error.orig)
    return error.connection_invalidated or (
        type(error.orig).__name__ in {"OperationalError", "InterfaceError"}
        and ("no such" not in said and "syntax error" not in said)
    )
