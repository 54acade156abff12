"""The parts of an operation that FastAPI does not add: its policy, problems and headers."""

import inspect
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from fastapi import params
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext

from api.db.dry_run import DryRunCode
from api.deps.many import BulkCode
from api.lists.named_rows import NamedRowsCode
from api.lists.shown import COMMAS
from api.models.base import Entity, Update
from api.models.states import StateCode, states_of
from api.models.team import is_of_team
from api.openapi.failures import add_failures, declared
from api.openapi.headers import ETAG, IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, LOCATION, ONLY_NEW, PREFER
from api.openapi.schemas import NULL, without_null
from api.problems import Code, ProblemCode, title
from api.web.dry_runs import WRITES, why_not
from api.web.duplicates import dependencies_of
from api.web.idempotency import CODES, takes_key

JSON = "application/json"
NOTHING = (None, type(None), "None")  # annotations of a handler that returns nothing
WORDS = {
    "public": "everybody, without signing in",
    "signed in": "signed-in users",
    "own": "the owner",
    "visible": "users who may see it",
    "team": "members of its team",
    "team owner": "the owner of its team",
}


def dependencies(dependant: Dependant) -> Iterator[Any]:
    """All dependencies of a route, direct and nested."""
    yield from (inner.call for inner in dependencies_of(dependant))


def policies(route: RouteContext) -> list[str]:
    """The policies of the route's dependencies. A test fails for a route without a policy."""
    found = (getattr(call, "policy", None) for call in dependencies(route.dependant))
    return sorted({policy for policy in found if policy and isinstance(policy, str)})


def who(route: RouteContext) -> str:
    """The policies in words, without those that a stricter policy implies."""
    found = policies(route)
    for wider in ("public", "signed in"):
        found = [policy for policy in found if policy != wider] or found
    is_read = "GET" in (route.methods or ())
    return ", and ".join(" or ".join(_words(one, is_read) for one in each.split(" or ")) for each in found)


def _words(policy: str, is_read: bool) -> str:
    """A policy in words. That of a team's row (`shared`) asks for a permission only to change it."""
    whose, _, permission = policy.rpartition(" ")
    if policy in WORDS or not whose:
        return WORDS.get(policy, f"users with `{permission}`")
    members = WORDS["team"]
    return members if is_read and "to change" in whose else f"{members} whose role in it has `{permission}`"


def codes(route: RouteContext) -> set[ProblemCode]:
    """The problem codes of the route's dependencies and parameters, without those that it declares."""
    found = {code for call in dependencies(route.dependant) for code in _codes_of(call)}
    if "GET" in (route.methods or ()):
        found.discard(Code.stale)
    if _takes_input(route.dependant):
        found.add(Code.invalid_request)
    if route.body_field is not None:
        found |= {Code.too_large, Code.unsupported_media_type, *_codes_of_states(route)}
        if Code.invalid_token in found:  # a user can store something
            found.add(Code.quota_exceeded)
        if isinstance(route.body_field.field_info, params.Form) and Code.invalid_request not in own(route):
            found.add(Code.bad_request)  # FastAPI cannot parse the form
    if getattr(route.response_model, "is_bulk", False):
        found |= {BulkCode.rows_refused, Code.invalid_request}
    if getattr(route.response_model, "is_affected", False):
        found.add(NamedRowsCode.too_many_rows)
        queries = (one.field_info.annotation for one in route.dependant.query_params)
        if any(is_of_team(getattr(query, "model", None)) for query in queries):
            found.add(Code.forbidden)
    if takes_key(route):
        found |= {*CODES, Code.invalid_request}
    if WRITES & (route.methods or set()) and why_not(route):
        found.add(DryRunCode.no_dry_run)
    return found | {Code.internal_error, Code.too_many_requests, Code.unavailable}


def _codes_of_states(route: RouteContext) -> Iterator[ProblemCode]:
    """The codes of changes of a state, which a body may ask for."""
    body = route.body_field.field_info.annotation if route.body_field is not None else None
    if isinstance(body, type) and issubclass(body, Update):
        for states in states_of(body).values():
            yield StateCode.invalid_transition
            yield from [Code.forbidden] * states.needs_caller


def _codes_of(dependency: Any) -> Iterator[ProblemCode]:
    """The codes of our dependency. An author's class may have an attribute of that name too."""
    found = getattr(dependency, "codes", ())
    return (code for code in (found if isinstance(found, Iterable) else ()) if isinstance(code, ProblemCode))


def own(route: RouteContext) -> set[ProblemCode]:
    """The problem codes that the route itself declares."""
    return {code for answer in route.responses.values() for code in declared(answer)}


def _takes_input(dependant: Dependant) -> bool:
    own = dependant.path_params or dependant.query_params or dependant.header_params or dependant.body_params
    return bool(own) or any(_takes_input(inner) for inner in dependant.dependencies)


def complete(operation: dict[str, Any], method: str, route: RouteContext) -> None:
    """Add what the route's dependencies and models imply. What its author declares stays."""
    found = codes(route) | own(route)
    is_entity = isinstance(route.response_model, type) and issubclass(route.response_model, Entity)
    is_read = is_entity and method == "GET"
    is_upsert = any(getattr(call, "is_upsert", False) for call in dependencies(route.dependant))
    _describe(operation, route)
    responses = operation["responses"]
    if is_upsert and "200" in responses:
        responses.setdefault("201", deepcopy(responses["200"]))
    _complete_success(responses, route, ETAG if is_entity else {})
    if is_read:
        responses.setdefault("304", {"description": "The row has not changed."})
    add_failures(responses, found, has_own_422="422" in map(str, route.responses))
    operation["responses"] = dict(sorted(responses.items()))
    body = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema")
    if isinstance(body, dict):
        without_null(body, route.body_field.alias if route.body_field else "")
    conditions = [IF_MATCH] * (Code.stale in found) + [IF_NONE_MATCH] * is_read
    conditions += [ONLY_NEW] * is_upsert
    conditions += [IDEMPOTENCY_KEY] * takes_key(route)
    conditions += [PREFER] * (method in WRITES and why_not(route) is None)
    if parameters := list(_parameters(operation.get("parameters", ()), conditions)):
        operation["parameters"] = parameters


def _describe(operation: dict[str, Any], route: RouteContext) -> None:
    words = str(route.name).replace("_", " ")
    if not route.summary and operation["summary"] == words.title():  # FastAPI's own
        operation["summary"] = words.capitalize()
    if not (found := policies(route)):
        return
    operation["x-policy"] = " · ".join(found)
    said = [operation["description"]] if operation.get("description") else []
    operation["description"] = "\n\n".join([*said, f"Access: {who(route)}."])
    if found == ["public"]:  # the token is optional
        operation["security"] = [{}, *operation["security"]] if "security" in operation else []


def _complete_success(responses: dict[str, Any], route: RouteContext, headers: dict[str, Any]) -> None:
    for status, answer in responses.items():
        if answer.get("description") == "Successful Response" and status.isdigit():  # FastAPI's own
            answer["description"] = title(int(status))
        added = headers | LOCATION if status == "201" else headers if status == "200" else {}
        if added:
            answer["headers"] = added | answer.get("headers", {})
        match answer.get("content", {}).get("text/event-stream"):
            case {"itemSchema": {"properties": {"data": {"contentSchema": event}}}} as stream:
                # Where OpenAPI 3.1 generators find it: `itemSchema` is new in 3.2.
                stream["schema"] = event
                del stream["itemSchema"]
    media = responses.get(str(route.status_code or 200), {}).get("content", {}).get(JSON, {})
    if media.get("schema") == {} and _returns_nothing(route):
        media["schema"] = NULL


def _returns_nothing(route: RouteContext) -> bool:
    """Whether the handler is annotated so. FastAPI says as little of one without any annotation."""
    return route.endpoint is not None and inspect.signature(route.endpoint).return_annotation in NOTHING


def _parameters(
    declared: Iterable[dict[str, Any]], conditions: Iterable[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The parameters of an operation, and those conditions of its headers that it does not declare."""
    headers = set()
    for parameter in declared:
        name, schema = parameter.get("name", ""), parameter.get("schema")
        if parameter.get("in") == "header":
            headers.add(name.lower())
        if isinstance(schema, dict):
            without_null(schema, name)  # a query string cannot contain null
            if schema.pop(COMMAS, False):
                parameter |= {"style": "form", "explode": False}
            if schema.get("description") == parameter.get("description"):
                schema.pop("description", None)
        if parameter.get("in") == "path":
            parameter.setdefault("description", "The row's id." if name == "id" else f"The row's `{name}`.")
        yield parameter
    yield from (condition for condition in conditions if condition["name"].lower() not in headers)
