"""Exception handlers: every exception becomes a problem."""

import json
import re
from collections.abc import Collection
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from fastapi.utils import is_body_allowed_for_status_code
from starlette.exceptions import HTTPException

from api.problems import BY_STATUS, EXCEPTIONS, Code, ProblemCode, ProblemError, answer, title
from api.web.field_errors import MOST_ERRORS, field_error


def install(app: FastAPI) -> None:
    """Answer every error as a problem."""

    app.add_exception_handler(HTTPException, from_http)

    @app.exception_handler(RequestValidationError)
    async def from_validation(_: Request, error: RequestValidationError) -> JSONResponse:
        errors = [field_error(one) for one in error.errors()[:MOST_ERRORS]]
        return ProblemError(Code.invalid_request, errors=errors).response()

    for kind, code in EXCEPTIONS.items():
        app.add_exception_handler(kind, partial(_from_mapped, code))


async def _from_mapped(code: ProblemCode, _: Request, __: Exception) -> Response:
    return ProblemError(code).response()


async def from_http(request: Request, error: Exception) -> Response:
    """The response to an HTTPException. One without a code is from FastAPI or a handler.

    It keeps the status, the headers and the detail. A status without a Code gets its title as the code.
    """
    if isinstance(error, ProblemError):
        return error.response()
    assert isinstance(error, HTTPException)  # noqa: S101  it is registered for no other
    status, headers = error.status_code, dict(error.headers or {})
    if not is_body_allowed_for_status_code(status):
        return Response(status_code=status, headers=headers)
    code = BY_STATUS.get(status)
    if status == 400 and Code.invalid_request in _declared(request):  # FastAPI could not read the form
        code = Code.invalid_request
    if code is Code.method_not_allowed:
        headers["Allow"] = _methods_at(request)
    said: Any = error.detail
    members: dict[str, Any] = {}
    if not isinstance(said, str):  # FastAPI allows any JSON
        members["data"] = jsonable_encoder(said)
        said = json.dumps(members["data"])
    if code is None:
        unnamed = re.sub(r"\W+", "_", title(status).replace("'", "")).lower()
        return answer(status, headers, unnamed, said or title(status), None, members)
    detail = None if said == HTTPStatus(status).phrase else said
    return ProblemError(code, detail, headers=headers, members=members).response()


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
