"""The parts of an operation that FastAPI does not add: its policy, problems and headers."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import params
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext

from api.models.base import Entity
from api.openapi.failures import declared, failing
from api.openapi.schemas import without_null
from api.problems import Code, ProblemCode

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The `ETag` that you read. If the row has changed since, the answer is 412.",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The `ETag` that you have. If the row has not changed, the answer is 304.",
}
ETAG = {"ETag": {"schema": {"type": "string"}, "description": "The version of the row."}}
LOCATION = {"Location": {"schema": {"type": "string"}, "description": "The path of the new row."}}
WORDS = {
    "public": "everybody, without signing in",
    "signed in": "signed-in users",
    "own": "the owner",
    "visible": "users who may see it",
}


def dependencies(dependant: Dependant) -> Iterator[Any]:
    """All dependencies of a route, direct and nested."""
    for inner in dependant.dependencies:
        yield inner.call
        yield from dependencies(inner)


def policies(route: RouteContext) -> list[str]:
    """The policies of the route's dependencies. A test fails for a route without a policy."""
    found = (getattr(call, "policy", "") for call in dependencies(route.dependant))
    return sorted(set(filter(None, found)))


def who(route: RouteContext) -> str:
    """The policies in words, without those that a stricter policy implies."""
    found = policies(route)
    for wider in ("public", "signed in"):
        found = [policy for policy in found if policy != wider] or found
    return ", and ".join(
        " or ".join(WORDS.get(one, f"users with `{one}`") for one in each.split(" or ")) for each in found
    )


def codes(route: RouteContext) -> set[ProblemCode]:
    """The problem codes of the route's dependencies and parameters, without those that it declares."""
    found = {code for call in dependencies(route.dependant) for code in getattr(call, "codes", ())}
    if not (route.methods or set()) <= {"PATCH", "DELETE"}:
        found.discard(Code.stale)
    if _takes_input(route.dependant):
        found.add(Code.invalid_request)
    if route.body_field is not None:
        found |= {Code.too_large, Code.unsupported_media_type}
        if isinstance(route.body_field.field_info, params.Form) and Code.invalid_request not in own(route):
            found.add(Code.bad_request)  # FastAPI cannot parse the form
    return found | {Code.internal_error, Code.unavailable}


def own(route: RouteContext) -> set[ProblemCode]:
    """The problem codes that the route itself declares."""
    return {code for answer in route.responses.values() for code in declared(answer)}


def _takes_input(dependant: Dependant) -> bool:
    own = dependant.path_params or dependant.query_params or dependant.header_params or dependant.body_params
    return bool(own) or any(_takes_input(inner) for inner in dependant.dependencies)


def complete(operation: dict[str, Any], method: str, route: RouteContext) -> None:
    responses, found = operation["responses"], codes(route) | own(route)
    responses.pop("422", None)  # FastAPI's own
    for status, answer in responses.items():
        if status.isdigit():  # not a range or "default"
            answer["description"] = HTTPStatus(int(status)).phrase
        for media in answer.get("content", {}).values():
            if media.get("schema") == {}:  # a handler that returns None
                media["schema"] = {"type": "null"}
    responses |= failing(found)
    operation["summary"] = str(route.name).replace("_", " ").capitalize()
    operation["x-policy"] = " · ".join(policies(route))
    operation["description"] = "\n\n".join(
        filter(None, [operation.get("description"), f"Access: {who(route)}."])
    )
    if operation["x-policy"] == "public":  # the token is optional
        operation["security"] = [{}, *operation["security"]] if "security" in operation else []
    if body := operation.get("requestBody", {}).get("content", {}).get("application/json"):
        body["schema"] = without_null(body["schema"])
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        parameter["schema"] = without_null(parameter["schema"])  # a query string cannot contain null
        parameter["schema"].pop("description", None)  # the parameter has its own
        if parameter["name"] == "id":
            parameter["description"] = "The row's id."
    if Code.stale in found:
        parameters.append(IF_MATCH)
    is_entity = isinstance(route.response_model, type) and issubclass(route.response_model, Entity)
    for status in ("200", "201"):
        headers = (ETAG if is_entity else {}) | (LOCATION if status == "201" else {})
        if status in responses and headers:
            responses[status]["headers"] = headers
    if is_entity and method == "GET":
        parameters.append(IF_NONE_MATCH)
        responses["304"] = {"description": "The row has not changed."}
    if stream := responses.get("200", {}).get("content", {}).get("text/event-stream"):
        # The schema of one event, where OpenAPI 3.1 generators find it: `itemSchema` is new in 3.2.
        stream["schema"] = stream.pop("itemSchema")["properties"]["data"]["contentSchema"]
    if not parameters:
        del operation["parameters"]
    operation["responses"] = dict(sorted(responses.items()))
