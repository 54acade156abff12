"""Problems: the format of every error (RFC 9457), and the framework's codes.

An entity declares its codes in the file that raises them: `class KiteCode(ProblemCode)`.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Self

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from starlette.exceptions import HTTPException

from api.open_enums import OpenEnum

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
    numbers: Mapping[str, Any]  # members that a problem of this code has: numbers, described, or schemas

    def __new__(cls, value: str, status: int, detail: str, numbers: Mapping[str, Any] | None = None) -> Self:
        code = str.__new__(cls, value)
        code._value_, code.status, code.detail, code.numbers = value, status, detail, numbers or {}
        return code

    def __init_subclass__(cls, **options: Any) -> None:
        for code in cls:
            if code.status < 400 or code.status not in set(HTTPStatus):
                said = f"{cls.__name__}.{code.name} has the status {code.status}"
                raise ValueError(f"{said}, which is not one of an error.")
        super().__init_subclass__(**options)


# What problems tell as numbers.
WAIT = {"retry_after": "The seconds to wait before trying again."}
STREAMS = {"max_streams": "The most open streams of a user."}
QUOTA = {"max_rows": "The most rows of a user.", "max_bytes": "The most bytes of a user."}
SIZE = {"max_bytes": "The most bytes of a body or file.", "max_pixels": "The most pixels of a picture."}
ADDRESS = {"max_characters": "The most characters of a path with its query."}
HEAD = {"max_headers": "The most headers.", "max_bytes": "The most bytes of the headers and the address."}


class Code(ProblemCode):
    """The codes of the framework: each with its status, its default detail, and what it tells as numbers."""

    bad_request = "bad_request", 400, "The request cannot be read."
    invalid_token = "invalid_token", 401, "Sign in again: the token is missing, wrong, expired or revoked."
    forbidden = "forbidden", 403, "You may not do this."
    not_found = "not_found", 404, "This does not exist, or you may not see it."
    method_not_allowed = "method_not_allowed", 405, "This method is not allowed here; see the Allow header."
    conflict = "conflict", 409, "This conflicts with stored data."
    already_exists = "already_exists", 409, "This value is already taken."
    request_in_progress = "request_in_progress", 409, "A request with this Idempotency-Key is still running."
    answer_withheld = "answer_withheld", 409, "This was done. Its answer is withheld: you have left a team."
    quota_exceeded = (
        "quota_exceeded",
        409,
        "You have stored as much as you may. Delete something first.",
        QUOTA,
    )
    stale = "stale", 412, "This was changed since you read it. Read it again, then repeat the change."
    too_large = "too_large", 413, "The request body is too large.", SIZE
    uri_too_long = "uri_too_long", 414, "The address is too long. Send less in its query.", ADDRESS
    unsupported_media_type = "unsupported_media_type", 415, "This content type is not accepted here."
    invalid_request = "invalid_request", 422, "The request does not match its schema."
    key_reused = "key_reused", 422, "This Idempotency-Key was used for a different request. Use a new key."
    too_many_requests = "too_many_requests", 429, "Too many requests. Try again later.", WAIT | STREAMS
    headers_too_large = "headers_too_large", 431, "The request's headers are too large or too many.", HEAD
    internal_error = "internal_error", 500, "An internal error occurred. Report it with the request id."
    unavailable = "unavailable", 503, "The database is unavailable or too busy. Try again in a moment.", WAIT


# The codes of exceptions that have only a status.
BY_STATUS = {code.status: code for code in Code} | {409: Code.conflict, 422: Code.invalid_request}

# Other exceptions that are problems: `{LookupError: Code.not_found}`. An entity adds its own in its file, by
# `EXCEPTIONS[KiteError] = KiteCode.no_wind`. The answer has the code's detail. The exception's text stays in
# the server, because it may contain what clients must not see.
EXCEPTIONS: dict[type[Exception], ProblemCode] = {}


def counted(number: int, unit: str) -> str:
    """The number with its unit, which is given in the plural."""
    return f"{number:,} {unit.removesuffix('s') if number == 1 else unit}"


KINDS = ["boolean", "number", "object"]  # in JSON Schema, of a detail that is no text
ITEMS = {"type": [*KINDS, "null", "string"]}
AnyJson = Annotated[Any, WithJsonSchema({"type": ["array", *KINDS], "items": ITEMS})]
Number = Annotated[int | float, WithJsonSchema({"type": "number"})] | SkipJsonSchema[None]
Count = int | SkipJsonSchema[None]


class FieldError(BaseModel):
    """One invalid field of a request, and the limits of the field that its value exceeds."""

    loc: list[str | int] = Field(description="`body`, `query`, `path`, `header`, `cookie`, then its path.")
    msg: str = Field(description="The error as text for people.")
    type: str = Field(description="The error as a constant for programs.")
    min_length: Count = Field(default=None, description="The least characters or items.")
    max_length: Count = Field(default=None, description="The most characters or items.")
    ge: Number = Field(default=None, description="The smallest number.")
    gt: Number = Field(default=None, description="The number must be more than this.")
    le: Number = Field(default=None, description="The largest number.")
    lt: Number = Field(default=None, description="The number must be less than this.")
    multiple_of: Number = Field(default=None, description="The number must be a multiple of this.")
    max_digits: Count = Field(default=None, description="The most digits.")
    decimal_places: Count = Field(default=None, description="The most decimal places.")
    pattern: str | SkipJsonSchema[None] = Field(default=None, description="What the text must match.")
    allowed: list[str | int] | SkipJsonSchema[None] = Field(default=None, description="The allowed values.")


class Problem(BaseModel, extra="allow"):
    """RFC 9457 problem details: the format of every error. Some codes add numbers."""

    type: str = Field(default="about:blank", description="Required by RFC 9457. Use `code` instead.")
    title: str = Field(description="The name of the HTTP status.")
    status: int
    code: ProblemCode
    detail: str = Field(description="The error as text for people.")
    errors: list[FieldError] | SkipJsonSchema[None] = Field(
        default=None, description="The invalid fields, if the request is invalid."
    )
    current: dict[str, Any] | SkipJsonSchema[None] = Field(
        default=None, description="The row as it is now, if a change of it is stale."
    )
    data: AnyJson = Field(default=None, description="The detail of an exception that is no text, as JSON.")


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
        members: Mapping[str, Any] | None = None,
    ) -> None:
        if code.status == 401:
            named = {name.lower() for name in headers or ()}
            headers = {**(headers or {}), **({} if "www-authenticate" in named else CHALLENGE)}
        super().__init__(code.status, detail or code.detail, dict(headers or {}))
        self.code, self.errors, self.members = code, errors, dict(members or {})
        wait = next((value for name, value in (headers or {}).items() if name.lower() == "retry-after"), "")
        if "retry_after" in code.numbers and wait.isdigit():
            self.members["retry_after"] = int(wait)

    def response(self) -> JSONResponse:
        errors = list(self.errors) or None
        return answer(self.status_code, self.headers, self.code, self.detail, errors, self.members)


def answer(
    status: int,
    headers: Mapping[str, str] | None,
    code: str,
    detail: str,
    errors: list[FieldError] | None,
    members: dict[str, Any],
) -> JSONResponse:
    # `code` may also be one that ProblemCode does not declare
    fields: dict[str, Any] = {"status": status, "code": code, "detail": detail, "errors": errors}
    problem = Problem.model_construct(title=title(status), **fields).model_dump(exclude_none=True)
    return JSONResponse(problem | members, status, headers, media_type=MEDIA_TYPE)


def invalid(loc: Sequence[str | int], msg: str, type: str = "value_error", **limits: int) -> ProblemError:
    """A 422 for one field, for checks that need the database."""
    error = FieldError(loc=list(loc), msg=msg, type=type, **limits)
    return ProblemError(Code.invalid_request, errors=[error])


def too_many_requests(wait: int) -> ProblemError:
    """A 429 for a client that has to wait so many seconds."""
    said = f"Too many requests. Try again in {counted(wait, 'seconds')}."
    return ProblemError(Code.too_many_requests, said, headers={"Retry-After": str(wait)})


def too_large(most: int) -> ProblemError:
    """A 413 for a body or a file of more than so many bytes."""
    said = f"The request body is too large. Send at most {counted(most, 'bytes')}."
    return ProblemError(Code.too_large, said, members={"max_bytes": most})


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
