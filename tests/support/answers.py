"""Every answer in every test is one that its operation describes and its route declares."""

import json
import re
from collections.abc import Iterator
from typing import Any

from fastapi.routing import RouteContext
from httpx import Response

from api.problems import MEDIA_TYPE
from tests.support.described import ROUTES, deref, operation

SUCCESS = range(200, 300)


def plainest_first(formats: list[Any]) -> list[Any]:
    """Of several addresses that match, the plainest one is meant."""
    return sorted(formats, key=lambda pair: "{" in pair[0])


PATTERNS = plainest_first(
    [
        (str(route.path_format), re.compile(re.sub(r"\{\w+\}", "[^/]+", str(route.path_format))), route)
        for route in ROUTES
    ]
)


def route_at(method: str, path: str) -> RouteContext | None:
    """The route that a request is for."""
    there = (route for _, pattern, route in PATTERNS if pattern.fullmatch(path))
    return next((route for route in there if method in (route.methods or ())), None)


async def check_answer(answer: Response) -> None:
    request = answer.request
    route = route_at(request.method, request.url.path)
    said = operation(route, request.method) if route else None
    if route is None or not said or answer.status_code == 414:  # which every address has
        return
    asked = f"{request.method} {request.url.path}"
    described = said["responses"].get(str(answer.status_code))
    assert described is not None, (
        f"{asked} answered {answer.status_code}: say so with responses=problems(Code.…)"
    )
    if answer.status_code == 204:
        named = {"content-type", "content-length"} & answer.headers.keys()
        assert not named, f"{asked} answers nothing, and says what kind"
    elif answer.status_code == 202 and "content" not in described:
        told = (await answer.aread(), answer.headers.get("content-type"))
        assert told == (b"", None), f"{asked} answers {told}, and declares nothing"
    elif answer.status_code in SUCCESS:
        for wrong in await differences(route, described, answer):
            raise AssertionError(f"{asked} {wrong}")
    if answer.status_code >= 400:
        problem = json.loads(await answer.aread())
        declared = problems_of(described)
        assert problem["code"] in declared, (
            f"{asked}: add Code.{problem['code']} to its responses=problems(…)"
        )
        known = set(declared[problem["code"]]["properties"])
        assert set(problem) <= known, f"{asked}: list the code in WITH_FIELDS"


async def differences(route: RouteContext, described: dict[str, Any], answer: Response) -> list[str]:
    """In what an answer is not as its route declares it."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    kinds = described.get("content", {})
    wrongs = [] if not kinds or kind in kinds else [f"answers with {kind}, and declares {', '.join(kinds)}"]
    if kind == "application/json" and (said := await answer.aread()):
        body = json.loads(said)
        rows = body if isinstance(body, list) else [body]
        wrongs += [wrong for row in rows if isinstance(row, dict) for wrong in misshapen(route, row)]
    return wrongs


def misshapen(route: RouteContext, row: dict[str, Any]) -> Iterator[str]:
    """Which of the options that shape its answer a route ignores."""
    include, exclude = _names(route.response_model_include), _names(route.response_model_exclude)
    if include and (more := row.keys() - include):
        yield f"answers with {', '.join(sorted(more))}, which response_model_include leaves out"
    if shown := row.keys() & exclude:
        yield f"answers with {', '.join(sorted(shown))}, which response_model_exclude leaves out"
    if route.response_model_exclude_none and (empty := [name for name in row if row[name] is None]):
        yield f"answers null for {', '.join(empty)}, which response_model_exclude_none leaves out"
    if route.response_model_exclude_defaults:
        fields = getattr(route.response_model, "model_fields", {})
        usual = [name for name in row if name in fields and fields[name].default == row[name]]
        if usual:
            yield f"answers with {', '.join(usual)}, which response_model_exclude_defaults leaves out"


def _names(given: Any) -> set[str]:
    """The fields that are meant as a whole: `{"a": True, "b": {"c"}}` means `a`, and a part of `b`."""
    if isinstance(given, dict):
        return {name for name, part in given.items() if part in (True, ...)}
    return set(given or ())


def problems_of(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The schema of each code that an answer of an operation declares."""
    schema = answer["content"][MEDIA_TYPE]["schema"]
    schemas = (deref(one) for one in schema.get("oneOf", [schema]))
    return {one["properties"]["code"]["const"]: one for one in schemas}
