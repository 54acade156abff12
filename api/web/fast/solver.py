"""Runs the dependencies and the handler of a route, with less work for each request than FastAPI.

FastAPI walks through the tree of dependencies for each request. Here `steps.py` makes a list of it once, when
the route is created. FastAPI's own functions read the parameters and the body.
"""

from contextlib import AbstractAsyncContextManager
from typing import Any

from anyio import CancelScope
from fastapi import BackgroundTasks, Request, Response
from fastapi.dependencies.utils import request_body_to_args, request_params_to_args
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import EndpointContext, RequestValidationError, ResponseValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import _effective_route_context_var, _extract_endpoint_context
from pydantic_core import PydanticUndefined

from api.doors import open_door
from api.settings import Mechanism
from api.web.fast.queries import read
from api.web.fast.shielding import Shielded
from api.web.fast.steps import PATH, QUERY, STACKS, Call, Step, Unfit, steps_of

LEANS_ON = (
    "fastapi.dependencies.utils:request_body_to_args",
    "fastapi.dependencies.utils:request_params_to_args",
    "fastapi.routing:_effective_route_context_var",
    "fastapi.routing:_extract_endpoint_context",
)


def effective_of(route: Any) -> Any:
    """The route with the prefix and dependencies of its routers, while FastAPI builds its handler."""
    effective = _effective_route_context_var.get()
    return effective if effective is not None and effective.original_route is route else route


def solver_of(route: Any) -> "Solver | None":
    try:
        return Solver(effective_of(route))
    except Unfit:
        return None


class Solver:
    """A route and its steps."""

    def __init__(self, route: Any) -> None:
        self.steps, self.route = steps_of(route), route
        read = {place for step in self.steps for _, place in step.read}
        self.places = ("headers", *(place for place in ("query_params", "cookies") if place in read))
        door = open_door("api.web.fast.row_writer")
        self.write = door.writer_of(route.response_model) if door else None

    async def answer(self, request: Request, mechanisms: frozenset[Mechanism]) -> Response:
        return await Work(self, request, Mechanism.row_writer in mechanisms).do()


class Work:
    """The work for one request: the results and the errors of the steps."""

    def __init__(self, solver: Solver, request: Request, is_writing: bool) -> None:
        self.solver, self.request, self.route = solver, request, solver.route
        self.is_writing = is_writing  # whether the row writer is on
        self.query: bytes = request.scope["query_string"]
        for place in solver.places:
            getattr(request, place)  # Starlette keeps it, although a dependency may change the scope later
        self.sent: Any = PydanticUndefined
        self.done: dict[Call, Any] = {}
        self.errors: list[Any] = []
        self.failed: set[int] = set()  # the numbers of the steps with errors, and of those that need them
        self.cleanup: CancelScope | None = None
        self.response: Response | None = None
        self.tasks: BackgroundTasks | None = None

    async def do(self) -> Response:
        steps = self.solver.steps
        if self.route.body_field is not None and await self.request.body():
            self.sent = await self.request.json()
        for number, step in enumerate(steps):
            arguments, errors = await self._arguments(step)
            if errors or (self.failed and not self.failed.isdisjoint(step.after)):
                self.failed.add(number)
                self.errors += errors
            elif step.is_again and step.call in self.done:
                continue
            elif step.enter is None:
                self.done[step.call] = await step.call(**arguments)
            elif step.is_shielded:
                stack = self.request.scope[STACKS[step.scope or "request"]]
                self.done[step.call] = await stack.enter_async_context(step.enter(**arguments))
            else:
                self.done[step.call] = await self._enter(step.enter(**arguments), step.scope or "request")
        if self.errors:
            sent = None if self.sent is PydanticUndefined else self.sent
            raise RequestValidationError(self.errors, body=sent, endpoint_ctx=self._context())
        return self._answer(self.done[steps[-1].call])

    async def _enter(self, dependency: AbstractAsyncContextManager[Any], scope: str) -> Any:
        stacks = self.request.scope
        if self.cleanup is None:
            self.cleanup = stacks[STACKS["request"]].enter_context(CancelScope())
        return await stacks[STACKS[scope]].enter_async_context(Shielded(dependency, self.cleanup))

    async def _arguments(self, step: Step) -> tuple[dict[str, Any], list[Any]]:
        """The arguments of a step, and what is wrong with them."""
        arguments = {name: self.done[call] for name, call in step.given if call in self.done}
        wrong: list[Any] = []
        for parameters, place in step.read:
            if place is QUERY:
                values, errors = read(parameters[0], self.query)
            elif place is PATH:
                values, errors = _read_path(parameters, self.request.path_params)
            else:
                values, errors = request_params_to_args(parameters, getattr(self.request, place))
            arguments |= values
            wrong += errors
        if step.body:
            values, errors = await request_body_to_args(step.body, self.sent, self.route._embed_body_fields)
            arguments |= values
            wrong += errors
        for name in step.requests:
            arguments[name] = self.request
        if step.response is not None:
            arguments[step.response] = self.response = self.response or _empty()
        if step.tasks is not None:
            arguments[step.tasks] = self.tasks = self.tasks or BackgroundTasks()
        return arguments, wrong

    def _context(self) -> EndpointContext:
        """Where the handler is, for errors that are shown to the developer."""
        dependant, scope = self.route.dependant, self.request.scope
        path = f"{scope['method']} {scope.get('root_path', '').rstrip('/')}{dependant.path}"
        return {**_extract_endpoint_context(dependant.call), "path": path}

    def _answer(self, result: Any) -> Response:
        if isinstance(result, Response):
            result.background = result.background or self.tasks
            return result
        set_status = self.response.status_code if self.response is not None else None
        status = set_status or self.route.status_code or 200
        response = Response(
            self._written(result), status, media_type="application/json", background=self.tasks
        )
        if status < 200 or status in {204, 205, 304}:
            response.body = b""
        if self.response is not None:
            response.headers.raw.extend(self.response.headers.raw)
        return response

    def _written(self, result: Any) -> bytes:
        field = self.route.response_field
        if field is None:
            return bytes(JSONResponse(jsonable_encoder(result)).body)
        write = self.solver.write if self.is_writing else None
        if write is not None and (written := write(result)) is not None:
            return bytes(written)
        value, errors = field.validate(result, {}, loc=("response",))
        if errors:
            raise ResponseValidationError(errors, body=result, endpoint_ctx=self._context())
        return bytes(field.serialize_json(value))


def _read_path(parameters: list[Any], given: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    values: dict[str, Any] = {}
    wrong: list[Any] = []
    for parameter in parameters:
        if parameter.alias not in given:  # a mounted application may lack it
            return request_params_to_args(parameters, given)
        value, errors = parameter.validate(given[parameter.alias], values, loc=("path", parameter.alias))
        if errors:
            wrong += errors
        else:
            values[parameter.name] = value
    return values, wrong


def _empty() -> Response:
    """The response that FastAPI passes to functions that set headers, cookies or the status."""
    response: Any = Response()
    del response.headers["content-length"]
    response.status_code = None
    return response  # type: ignore[no-any-return]
