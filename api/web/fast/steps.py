"""The steps of a route: its dependencies, in FastAPI's order, and then the handler.

A route qualifies if everything that it declares is in the lists of this module. Otherwise `Unfit` names the
reason, and FastAPI runs the route.
"""

import dataclasses
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from inspect import isasyncgenfunction, iscoroutinefunction, signature
from typing import Any, NamedTuple

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
    stack: str
    given: list[tuple[str | None, Call]]  # the arguments that are results of other steps
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
    steps: dict[Call, Step] = {}
    _add(route.dependant, steps)
    return list(steps.values())


def reason_against(route: Any) -> str | None:
    """Why FastAPI has to run the route, or None if it runs here."""
    try:
        steps_of(route)
    except Unfit as reason:
        return str(reason)
    return None


def _add(declared: Dependant, steps: dict[Call, Step]) -> None:
    call: Any = declared.call
    name = getattr(call, "__name__", type(call).__name__)
    for one in dataclasses.fields(declared):
        if one.name not in KNOWN and getattr(declared, one.name):
            raise Unfit(f"{name} uses `{one.name}`")
    for inner in declared.dependencies:
        if not inner.use_cache:
            raise Unfit(f"{name} depends on something with use_cache=False")
        if inner.call not in steps:
            _add(inner, steps)
        elif steps[inner.call].stack != STACKS.get(inner.scope or "request"):
            raise Unfit(f"{name} depends on something in two scopes")
    is_bearer = isinstance(call, SecurityBase) and not isinstance(call, type)
    is_async = iscoroutinefunction(call) or (is_bearer and iscoroutinefunction(type(call).__call__))
    if not is_async and not isasyncgenfunction(call):
        raise Unfit(f"{name} is not an async function")
    steps[call] = Step(
        call,
        asynccontextmanager(call) if isasyncgenfunction(call) else None,
        STACKS[declared.scope or "request"],
        [(one.name, one.call) for one in declared.dependencies if one.call],
        [(fields, _place(fields, kind)) for kind in PLACES if (fields := getattr(declared, kind))],
        declared.body_params,
        [name for name in (declared.request_param_name, declared.http_connection_param_name) if name],
        declared.response_param_name,
        declared.background_tasks_param_name,
    )


def _place(fields: list[Any], kind: str) -> str:
    is_query = (
        kind == "query_params" and (door := open_door("api.web.fast.queries")) and door.is_fixed(fields)
    )
    return QUERY if is_query else PLACES[kind]


def _value(given: Any) -> Any:
    return given.value if isinstance(given, DefaultPlaceholder) else given
