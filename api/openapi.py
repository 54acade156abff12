"""The OpenAPI document: what FastAPI writes, plus the problems that each route's dependencies can answer with,
made pleasant for the clients that front ends generate from it."""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts

from api.models.base import Entity
from api.problems import Code, Problem, problems

TAGS = {
    "auth": "Accounts: registering, signing in and out, sessions, password reset, e-mail verification.",
    "me": "My own account.",
    "users": "User administration.",
    "roles": "Roles, and what they permit.",
    "groups": "Groups and their members: open ones for all, closed ones for their members.",
    "courses": "Courses, and who is enrolled.",
    "tasks": "What I have to do.",
    "notes": "What I want to remember.",
    "products": "What is sold, and how much of it is left.",
    "posts": "Posts: published ones for all, drafts for their author.",
    "comments": "Comments on posts.",
    "booking slots": "What can be booked, when, and for how many.",
    "bookings": "Seats in a slot.",
    "records": "What was noted about somebody.",
    "notifications": "What I should know of, as a list and live.",
    "operations": "For load balancers and monitors.",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The `ETag` of what you have read: the change is refused with 412 when it is no longer that.",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The `ETag` of what you have: answered with 304 while it is still that.",
}
ETAG = {"ETag": {"schema": {"type": "string"}, "description": "Names this state of the entity."}}
LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where the new entity is."}}


def install(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            tags = [{"name": name, "description": words} for name, words in TAGS.items()]
            schema = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes, tags=tags
            )
            app.openapi_schema = tidy(schema, list(iter_route_contexts(app.routes)))
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def dependencies(dependant: Dependant) -> Iterator[Any]:
    """Every function that a route depends on, however deep."""
    for inner in dependant.dependencies:
        yield inner.call
        yield from dependencies(inner)


def policies(route: RouteContext) -> list[str]:
    """What the route's dependencies say about who may use it; a route without any is a mistake, and a test finds it."""
    found = (getattr(call, "policy", "") for call in dependencies(route.dependant))
    return sorted(set(filter(None, found)))


def codes(route: RouteContext) -> set[Code]:
    """What the route can answer with because of what it depends on, apart from what its own rules declare."""
    found = {code for call in dependencies(route.dependant) for code in getattr(call, "codes", ())}
    if not (route.methods or set()) <= {"PATCH", "DELETE"}:
        found.discard(Code.stale)
    if _takes_input(route.dependant):
        found.add(Code.invalid_request)
    if route.body_field is not None:
        found |= {Code.too_large, Code.unsupported_media_type}
    return found | {Code.internal_error, Code.unavailable}


def _takes_input(dependant: Dependant) -> bool:
    own = dependant.path_params or dependant.query_params or dependant.header_params or dependant.body_params
    return bool(own) or any(_takes_input(inner) for inner in dependant.dependencies)


def tidy(schema: dict[str, Any], routes: list[RouteContext]) -> dict[str, Any]:
    models: dict[str, Any] = schema["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # every error is a Problem
        models.pop(name, None)
    problem = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    models |= {**problem.pop("$defs"), "Problem": problem}
    for model in models.values():
        _simplify(model)
        for name in model.get("required", ()):  # a value that is always there has no default
            model["properties"][name].pop("default", None)
    for route in routes:
        for method in getattr(route, "methods", None) or ():
            if operation := schema["paths"].get(route.path_format, {}).get(method.lower()):
                _complete(operation, method, route)
    text = json.dumps(schema)
    for name, model in models.items():  # Page[NotePublic] is NotePage, not Page_NotePublic_
        text = text.replace(f'/{name}"', f'/{model["title"]}"').replace(f'"{name}": {{', f'"{model["title"]}": {{')
    return dict(json.loads(text))


def _complete(operation: dict[str, Any], method: str, route: RouteContext) -> None:
    responses, found = operation["responses"], codes(route)
    responses.pop("422", None)
    own = {code for code in Code for declared in responses.values() if code in _examples(declared)}
    responses |= {str(status): answer for status, answer in problems(*(found | own)).items()}
    who = " · ".join(policy for policy in policies(route))
    operation["x-policy"] = who
    if who == "public" and "security" in operation:  # a token may be sent, and need not
        operation["security"] = [{}, *operation["security"]]
    operation["description"] = "\n\n".join(filter(None, [operation.get("description"), f"Who may: {who}."]))
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:  # a query string cannot say null
        parameter["schema"] = _without_null(parameter["schema"])
    if Code.stale in found:
        parameters.append(IF_MATCH)
    is_entity = isinstance(route.response_model, type) and issubclass(route.response_model, Entity)
    for status in ("200", "201"):
        headers = (ETAG if is_entity else {}) | (LOCATION if status == "201" else {})
        if status in responses and headers:
            responses[status]["headers"] = headers
    if is_entity and method == "GET":
        parameters.append(IF_NONE_MATCH)
        responses["304"] = {"description": "It is still what you have."}
    if stream := responses.get("200", {}).get("content", {}).get("text/event-stream"):
        stream["schema"] = stream["itemSchema"]["properties"]["data"]["contentSchema"]  # where generators look for it
    if not parameters:
        del operation["parameters"]
    operation["responses"] = dict(sorted(responses.items()))


def _examples(response: dict[str, Any]) -> list[str]:
    return list(response.get("content", {}).get("application/problem+json", {}).get("examples", {}))


def _simplify(schema: dict[str, Any]) -> None:
    for part in schema.get("properties", {}).values():
        _simplify(part)
        part.pop("title", None)  # "Due At" says no more than due_at
        if part.pop("contentMediaType", None):  # an uploaded file: most generators know only this spelling
            part["format"] = "binary"
        choices: list[dict[str, Any]] = part.get("anyOf", [])
        if len(choices) == 2 and choices[1] == {"type": "null"} and isinstance(choices[0].get("type"), str):
            del part["anyOf"]  # one nullable type, not a union of two
            part |= choices[0] | {"type": [choices[0]["type"], "null"]}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    schema.pop("title", None)
    if schema.get("anyOf", [])[1:] == [{"type": "null"}]:
        schema |= schema.pop("anyOf")[0]
    return schema
