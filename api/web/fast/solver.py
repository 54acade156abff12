"""Carries out what routes declare to FastAPI, with less work for each request.

FastAPI goes through the tree of a route's dependencies anew every time. Here each dependency becomes a step, once and
in FastAPI's order, when the route is built; what they mean stays FastAPI's business. Routes that need more of it
(forms, streams, dependencies that are not async, or overridden) are left to it.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import lru_cache
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any, NamedTuple

from fastapi import BackgroundTasks, Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_body_to_args, request_params_to_args
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from starlette.datastructures import QueryParams

from api.web.fast.page_writer import writer

Call = Callable[..., Any]

PLACES = {"path_params": "path_params", "query_params": "query_params", "header_params": "headers", "cookie_params": "cookies"}
STACKS = {"function": "fastapi_function_astack"}  # what ends before the answer is sent; all else ends after it


class Step(NamedTuple):
    """One dependency, or in the end the handler, and what it is called with."""

    call: Call
    is_async: bool  # else it is a class, and calling it makes an object
    enter: Callable[..., AbstractAsyncContextManager[Any]] | None
    stack: str
    given: list[tuple[str | None, Call]]  # what other steps came to
    read: list[tuple[Any, str]]  # parameters, and where in the request they are
    body: list[Any]
    request: str | None
    response: str | None
    tasks: str | None


def steps_of(route: Any) -> list[Step] | None:
    """What has to be done for a route, each step after those that it needs; None if FastAPI has to carry it out."""
    steps: dict[Call, Step] = {}
    is_form = route.body_field is not None and isinstance(route.body_field.field_info, params.Form)
    if is_form or isasyncgenfunction(route.dependant.call) or not _add(route.dependant, steps):
        return None
    return list(steps.values())


def _add(declared: Dependant, steps: dict[Call, Step]) -> bool:
    call: Any = declared.call
    if not all(one.call in steps or _add(one, steps) for one in declared.dependencies):
        return False
    is_async = iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__)
    steps[call] = Step(
        call,
        is_async,
        asynccontextmanager(call) if isasyncgenfunction(call) else None,
        STACKS.get(declared.scope or "", "fastapi_inner_astack"),
        [(one.name, one.call) for one in declared.dependencies if one.call],
        [(fields, _place(fields, kind)) for kind in PLACES if (fields := getattr(declared, kind))],
        declared.body_params,
        declared.request_param_name or declared.http_connection_param_name,
        declared.response_param_name,
        declared.background_tasks_param_name,
    )
    return is_async or isasyncgenfunction(call) or isinstance(call, type)


def _place(fields: list[Any], kind: str) -> str:
    """Where these are read from; a query that is one frozen model is parsed as a whole, and remembered."""
    model = fields[0].field_info.annotation
    is_whole = kind == "query_params" and len(fields) == 1 and isinstance(model, type) and issubclass(model, BaseModel)
    return "query" if is_whole and model.model_config.get("frozen") else PLACES[kind]


@lru_cache(maxsize=2048)
def _parse(field: Any, query: bytes) -> tuple[dict[str, Any], list[Any]]:
    return request_params_to_args([field], QueryParams(query))


class Work:
    """One request on its way through the steps."""

    def __init__(self, request: Request, route: Any) -> None:
        self.request, self.route = request, route
        self.sent: Any = PydanticUndefined
        self.done: dict[Call, Any] = {}
        self.errors: list[Any] = []
        self.response: Response | None = None
        self.tasks: BackgroundTasks | None = None

    async def do(self, steps: list[Step]) -> Response:
        if self.route.body_field is not None and await self.request.body():
            self.sent = await self.request.json()
        for step in steps:
            arguments = await self._arguments(step)
            if self.errors and step is steps[-1]:
                raise RequestValidationError(self.errors)
            if arguments is None:
                continue  # what is wrong is told in the end, with all that is wrong elsewhere
            if step.is_async:
                self.done[step.call] = await step.call(**arguments)
            elif step.enter is None:
                self.done[step.call] = step.call(**arguments)
            else:
                stack = self.request.scope[step.stack]
                self.done[step.call] = await stack.enter_async_context(step.enter(**arguments))
        response: Response = self._answer(self.done[steps[-1].call])
        return response

    async def _arguments(self, step: Step) -> dict[str, Any] | None:
        """What it is called with; None if something is wrong or missing."""
        arguments = {name: self.done[call] for name, call in step.given if name is not None and call in self.done}
        wrong: list[Any] = []
        for fields, place in step.read:
            if place == "query":
                values, errors = _parse(fields[0], self.request.scope["query_string"])
            else:
                values, errors = request_params_to_args(fields, getattr(self.request, place))
            arguments |= values
            wrong += errors
        if step.body:
            values, errors = await request_body_to_args(step.body, self.sent, self.route._embed_body_fields)
            arguments |= values
            wrong += errors
        if step.request is not None:
            arguments[step.request] = self.request
        if step.response is not None:
            arguments[step.response] = self.response = self.response or Response()
        if step.tasks is not None:
            arguments[step.tasks] = self.tasks = self.tasks or BackgroundTasks()
        self.errors += wrong
        is_lacking = self.errors and (wrong or any(call not in self.done for _, call in step.given))
        return None if is_lacking else arguments

    def _answer(self, result: Any) -> Any:
        if not isinstance(result, Response):
            result = self._written(result)
            if self.response is not None:
                result.headers.raw.extend(header for header in self.response.headers.raw if header[0] != b"content-length")
        if result.background is None:
            result.background = self.tasks
        return result

    def _written(self, result: Any) -> Response:
        route, status = self.route, self.route.status_code or 200
        if status == 204:
            return Response(status_code=status)
        if write := writer(route.response_model):
            return Response(write(result), status, media_type="application/json")
        if route.response_field is None:
            return JSONResponse(jsonable_encoder(result), status)
        valid, errors = route.response_field.validate(result, loc=("response",))
        if errors:
            raise RuntimeError(f"{route.name} does not answer as declared: {errors}")
        return Response(route.response_field.serialize_json(valid), status, media_type="application/json")
