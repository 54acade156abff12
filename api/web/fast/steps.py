"""The steps of a route: its dependencies, in FastAPI's order, and then the handler.

FastAPI calls a dependency that is declared several times once, but reads its parameters each time. So it is
a step each time, unless nothing is read for it or for its own dependencies.

A route qualifies if everything that it declares is in the lists of this module. Otherwise `Unfit` names the
reason, and FastAPI runs the route.
"""

import dataclasses
from collections.abc import Callable, Hashable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from inspect import isasyncgenfunction, iscoroutinefunction, signature, unwrap
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import params
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security.base import SecurityBase

from api.doors import open_door

LEANS_ON = (
    "fastapi.datastructures:DefaultPlaceholder",
    "fastapi.dependencies.models:Dependant",
    "fastapi.security.base:SecurityBase",
)

Call = Callable[..., Any]

PLACES = {
    "path_params": "path_params",
    "query_params": "query_params",
    "header_params": "headers",
    "cookie_params": "cookies",
}
QUERY = "query"  # instead of a place: one model, whose values are cached
PATH = "path"  # instead of a place: parameters with one value each
SCALARS = (UUID, str, int)
STACKS = {  # FastAPI's keys of the exit stacks that end before and after the response is sent
    "function": "fastapi_function_astack",
    "request": "fastapi_inner_astack",
}
KNOWN = {  # the attributes of a dependency that are handled here
    *PLACES, "body_params", "dependencies", "name", "call", "request_param_name",
    "http_connection_param_name",
    "response_param_name", "background_tasks_param_name", "path", "scope", "use_cache",
}  # fmt: skip
# Options of a route that are handled here or do not matter. All others must have their default.
HANDLED = {
    "self", "path", "endpoint", "response_model", "status_code", "tags", "dependencies", "summary",
    "description",
    "response_description", "responses", "deprecated", "name", "methods", "operation_id", "include_in_schema",
    "dependency_overrides_provider", "callbacks", "openapi_extra", "generate_unique_id_function",
    "max_body_size",
    "response_class", "form_limits",
}  # fmt: skip
OPTIONS = {
    name: one.default for name, one in signature(APIRoute.__init__).parameters.items() if name not in HANDLED
}


class Unfit(Exception):
    """The reason why FastAPI has to run the route."""


class Step(NamedTuple):
    """A dependency or the handler, and the sources of its arguments."""

    call: Call
    enter: Callable[..., AbstractAsyncContextManager[Any]] | None
    scope: str | None
    is_shielded: bool  # whether its clean-up goes on by itself when the request is cancelled
    is_again: bool  # whether an earlier step has the same call
    given: list[tuple[str, Call]]  # the arguments that are results of other steps
    after: list[int]  # the numbers of these steps, and of those whose results are not arguments
    read: list[tuple[Any, str]]  # parameters, and their place in the request
    body: list[Any]
    requests: list[str]  # the names of the arguments that are the request
    response: str | None
    tasks: str | None


def steps_of(route: Any) -> list[Step]:
    """The steps of a route. Raises Unfit."""
    for option, default in OPTIONS.items():
        if _value(getattr(route, option, default)) != _value(default):
            raise Unfit(f"it declares `{option}`")
    if (
        not isinstance(route.response_class, DefaultPlaceholder)
        or _value(route.response_class) is not JSONResponse
    ):
        raise Unfit("it declares `response_class`")
    if route.is_sse_stream or route.is_json_stream:
        raise Unfit("its answer is a stream")
    if route.body_field is not None and type(route.body_field.field_info) is not params.Body:
        raise Unfit("its body is a form")
    if route.body_field is not None and route.body_field.field_info.media_type != "application/json":
        raise Unfit("its body is not JSON")
    steps: list[Step] = []
    _add(route.dependant, steps, {})
    return steps


def reason_against(route: Any) -> str | None:
    """Why FastAPI has to run the route, or None if it runs here."""
    try:
        steps_of(route)
    except Unfit as reason:
        return str(reason)
    return None


def _add(declared: Dependant, steps: list[Step], first: dict[Call, int]) -> int:
    """Add the steps of a dependency, or of the handler. Returns the number of its own step."""
    call: Any = declared.call
    name = getattr(call, "__name__", type(call).__name__)
    for one in dataclasses.fields(declared):
        if one.name not in KNOWN and getattr(declared, one.name):
            raise Unfit(f"{name} uses `{one.name}`")
    if not declared.use_cache:
        raise Unfit(f"{name} is declared with use_cache=False")
    is_hashable = isinstance(call, Hashable)
    if not is_hashable:
        raise Unfit(f"{name} is not hashable")
    after = [_add(inner, steps, first) for inner in declared.dependencies]
    is_generator = _is_generator(call, name)
    step = Step(
        call,
        asynccontextmanager(call) if is_generator else None,
        declared.scope or ("request" if is_generator else None),
        getattr(call, "shields_itself", False),
        call in first,
        [(one.name, one.call) for one in declared.dependencies if one.name and one.call],
        after,
        [(fields, _place(fields, kind)) for kind in PLACES if (fields := getattr(declared, kind))],
        declared.body_params,
        [name for name in (declared.request_param_name, declared.http_connection_param_name) if name],
        declared.response_param_name,
        declared.background_tasks_param_name,
    )
    if step.is_again:
        earlier = steps[first[call]]
        if step.scope != earlier.scope:
            raise Unfit(f"{name} is declared in two scopes")
        if not step.read and not step.body and after == earlier.after:
            return first[call]
    first.setdefault(call, len(steps))
    steps.append(step)
    return len(steps) - 1


def _is_generator(call: Any, name: str) -> bool:
    """Whether it is an async generator function, and not an async function. Raises Unfit for all else."""
    is_bearer = isinstance(call, SecurityBase) and not isinstance(call, type)
    function = type(call).__call__ if is_bearer else call
    while isinstance(function, partial):
        function = function.func
    wrapped = unwrap(function)  # FastAPI looks at it too
    if iscoroutinefunction(function) and iscoroutinefunction(wrapped):
        return False
    if isasyncgenfunction(function) and isasyncgenfunction(wrapped) and not is_bearer:
        return True
    raise Unfit(f"{name} is not an async function")


def _place(fields: list[Any], kind: str) -> str:
    if kind == "path_params" and all(map(_is_scalar, fields)):
        return PATH
    is_query = (
        kind == "query_params" and (door := open_door("api.web.fast.queries")) and door.is_fixed(fields)
    )
    return QUERY if is_query else PLACES[kind]


def _is_scalar(field: Any) -> bool:
    declared = field.field_info
    return declared.annotation in SCALARS and declared.validation_alias in (None, field.alias)


def _value(given: Any) -> Any:
    return given.value if isinstance(given, DefaultPlaceholder) else given
