"""The conventions that every route follows, checked on every route that the app has."""

import json
import logging
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import RouteContext
from httpx import ASGITransport, AsyncClient, Response

from api.db.engine import Database
from api.models.base import uuid7
from api.openapi import policies
from api.problems import MEDIA_TYPE, Code, Problem, ProblemCode
from api.settings import Settings
from api.web.logs import JsonLines
from api.web.middleware import HEADERS
from tests.conftest import MakePerson
from tests.support.answers import problems_of
from tests.support.described import (
    DOCUMENT,
    LISTS,
    ROUTES,
    deref,
    is_endless,
    model_of,
    operation,
    query_names,
)
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import HOST

pytestmark = pytest.mark.anyio

OPERATIONS = [(method, route) for route in ROUTES for method in sorted(route.methods or ())]
every_operation = pytest.mark.parametrize(
    ("method", "route"), OPERATIONS, ids=[f"{m} {r.path_format}" for m, r in OPERATIONS]
)
COMMON = DOCUMENT["components"]["schemas"]["Problem"]
PUBLIC = {(method, str(route.path_format)) for method, route in OPERATIONS if policies(route) == ["public"]}


def path(route: RouteContext) -> str:
    """An address of this route that leads to nothing."""
    return re.sub(r"\{\w+\}", str(uuid7()), str(route.path_format))


def is_problem(answer: Response, status: int, code: Code) -> bool:
    problem = Problem.model_validate(answer.json())
    assert (answer.status_code, problem.status, problem.code) == (status, status, code), answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    said: dict[str, Any] = answer.json()
    return problem.model_dump(mode="json", exclude_none=True) == said


@pytest.fixture
async def root(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client without a token, for addresses outside of /api/v1."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as root:
        yield root


@every_operation
def test_every_operation_says_who_may_use_it(method: str, route: RouteContext) -> None:
    said = operation(route, method)

    assert policies(route), (
        "it depends on nothing that declares a policy: use PUBLIC, CurrentUser, require(...) or owned(...)"
    )
    assert said["x-policy"].split(" · ") == policies(route)
    assert "Access: " in said["description"]
    public = policies(route) == ["public"]
    assert (said["security"] == [] or {} in said["security"]) is public, (
        "what is public needs no token, everything else does"
    )


@every_operation
def test_every_operation_declares_its_problems_in_the_one_shape(method: str, route: RouteContext) -> None:
    said = operation(route, method)
    problems = {status: answer for status, answer in said["responses"].items() if status >= "400"}

    assert {"500", "503"} <= set(problems)
    assert ("401" in problems) or said["x-policy"] == "public"
    read = "requestBody" in said or any(
        parameter["in"] != "header" for parameter in said.get("parameters", ())
    )
    assert read <= ("422" in problems)
    assert {"413", "415"} <= set(problems) or "requestBody" not in said
    for status, answer in problems.items():
        assert list(answer["content"]) == [MEDIA_TYPE]
        assert problems_of(answer)
        for code, schema in problems_of(answer).items():
            declared = next(one for one in ProblemCode.members() if one == code)
            assert declared.status == int(status) == schema["properties"]["status"]["const"]
            assert (
                {
                    *COMMON["required"],
                    *(name for name, said in declared.numbers.items() if isinstance(said, dict)),
                }
                == set(schema["required"])
                <= set(schema["properties"])
                <= {*COMMON["properties"], *declared.numbers}
            )
            assert Problem.model_validate(schema["examples"][0]).code == code
            assert declared.detail in answer["description"]


@every_operation
def test_every_operation_declares_what_it_answers_when_all_is_well(method: str, route: RouteContext) -> None:
    said = operation(route, method)
    (status, well) = next((status, answer) for status, answer in said["responses"].items() if status < "300")
    assert route.status_code in {None, int(status)}, "it declares another status than it documents"

    assert (status == "201") is ("Location" in well.get("headers", {}))
    if method == "DELETE" and not getattr(route.response_model, "is_affected", False):
        assert status == "204"
    if method in {"GET", "PATCH"}:
        assert status == "200"
    if status in {"204", "202"}:
        assert "content" not in well


READ = [route for route in ROUTES if route.methods == {"GET"} and not is_endless(operation(route, "GET"))]


@promise_on_one_engine("route", READ, lambda route: model_of(route.response_model))
async def test_what_is_read_is_as_its_route_declares(
    admin: Person, database: Database, route: RouteContext
) -> None:
    """The client of every test compares status, type and fields with the route: see support/answers.py."""
    maker = Maker(admin, database=database)
    answer = await admin.get(f"{HOST}{await maker.url(route)}")

    assert answer.status_code in ({200, 404} if "{" in str(route.path_format) else {200}), answer.text


def test_operations_are_named_after_their_handlers_and_each_once() -> None:
    names = [operation(route, method)["operationId"] for method, route in OPERATIONS]

    assert names == [route.name for _, route in OPERATIONS]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []


def test_every_operation_is_found_under_one_described_tag() -> None:
    described = {tag["name"]: tag["description"] for tag in DOCUMENT["tags"]}

    assert {tag for method, route in OPERATIONS for tag in operation(route, method)["tags"]} == set(described)
    assert [operation(route, method)["tags"] for method, route in OPERATIONS] == [
        route.tags for _, route in OPERATIONS
    ]
    assert all(len(route.tags) == 1 for route in ROUTES)
    assert all(described.values())


def test_every_route_is_in_the_document_and_under_one_version() -> None:
    documented = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}

    assert documented == {(method, route.path_format) for method, route in OPERATIONS}
    assert {path for _, path in documented if not path.startswith("/api/v1/")} == {"/health", "/ready"}


def test_schemas_are_named_for_people() -> None:
    assert [
        name for name in DOCUMENT["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z]+", name)
    ] == []
    assert [
        name
        for name in DOCUMENT["components"]["schemas"]
        if name.startswith("Body") or "ValidationError" in name
    ] == []


async def test_the_document_that_is_served_is_the_one_under_test(root: AsyncClient) -> None:
    assert (await root.get("/api/v1/openapi.json")).json() == DOCUMENT


@every_operation
async def test_a_request_without_a_token_is_refused_unless_the_route_is_public(
    root: AsyncClient, method: str, route: RouteContext
) -> None:
    answer = await root.request(method, path(route))

    if (method, route.path_format) in PUBLIC:
        assert (
            "www-authenticate" not in answer.headers
            or answer.json()["code"] != "invalid_token"
            or "refresh" in path(route)
        )
    else:
        assert is_problem(answer, 401, Code.invalid_token)
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("route", LISTS, ids=lambda route: str(route.path_format))
async def test_lists_are_paged_sorted_and_counted_alike(
    admin: Person, person: MakePerson, route: RouteContext
) -> None:
    parameters = query_names("GET", route)
    assert parameters["limit"] | {"minimum": 1, "maximum": 200, "default": 50} == parameters["limit"]
    assert {"limit", "cursor", "skip", "sort", "order", "count"} <= set(parameters)
    assert "id" in (parameters["sort"].get("enum") or [parameters["sort"].get("const")])
    assert deref(parameters["order"])["enum"] == ["asc", "desc"]
    schema = operation(route, "GET")["responses"]["200"]["content"]["application/json"]["schema"][
        "$ref"
    ].rpartition("/")[2]
    assert set(DOCUMENT["components"]["schemas"][schema]["properties"]) == {"items", "next_cursor", "total"}

    at = f"http://test{await Maker(admin).url(route)}"
    page = await admin.get(at)
    assert page.status_code == 200, page.text
    assert page.json().keys() == {"items", "next_cursor", "total"}
    assert page.json()["total"] is None
    counted = (await admin.get(at, params={"count": "true", "limit": 200})).json()
    assert counted["total"] == len(counted["items"]) or counted["total"] > 200
    for query in (
        {"nonsense": "1"},
        {"limit": "0"},
        {"limit": "201"},
        {"sort": "nonsense"},
        {"order": "up"},
        {"cursor": "x"},
    ):
        answer = await admin.get(at, params=query)
        assert is_problem(answer, 422, Code.invalid_request), query
        assert answer.json()["errors"][0]["loc"] == ["query", *query]


def test_every_list_is_paged() -> None:
    """A collection that is not paged would grow without bound."""
    found = {operation(route, method)["operationId"] for method, route in OPERATIONS if method == "GET"}

    assert {name for name in found if name.startswith("list_")} == {route.name for route in LISTS}


async def test_an_unknown_address_is_answered_with_a_problem(root: AsyncClient) -> None:
    for unknown in ("/nothing", "/first-page", "/api/v1", "/api/v1/nothing", "/api/v2/users", "/health/more"):
        assert is_problem(await root.get(unknown), 404, Code.not_found), unknown


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.name}")
async def test_an_address_with_an_extra_slash_is_not_found(root: AsyncClient, route: RouteContext) -> None:
    answer = await root.request(sorted(route.methods or ())[0], f"{path(route)}/")

    assert is_problem(answer, 404, Code.not_found)
    assert "location" not in answer.headers


@pytest.mark.parametrize("format", sorted({str(route.path_format) for route in ROUTES}))
async def test_a_wrong_method_is_refused_with_the_right_ones(root: AsyncClient, format: str) -> None:
    known = {method for method, route in OPERATIONS if matches(route, format)}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - known:
        answer = await root.request(method, re.sub(r"\{\w+\}", str(uuid7()), format))
        assert is_problem(answer, 405, Code.method_not_allowed), method
        assert set(re.split(r",\s*", answer.headers["allow"])) == known, method


def matches(route: RouteContext, format: str) -> bool:
    """Whether the route answers at addresses of this form, in place of another or besides."""
    return bool(route.path_regex.fullmatch(re.sub(r"\{\w+\}", str(uuid7()), format)))


ANSWERS: dict[str, tuple[str, str, int, dict[str, str]]] = {
    "a good one": ("GET", "/health", 200, {}),
    "the document": ("GET", "/api/v1/openapi.json", 200, {}),
    "a page": ("GET", "/docs", 200, {}),
    "no token": ("GET", "/api/v1/users/me", 401, {}),
    "unknown": ("GET", "/nothing", 404, {}),
    "wrong method": ("DELETE", "/health", 405, {}),
    "too large": (
        "POST",
        "/api/v1/auth/login",
        413,
        {"Content-Length": "99999999", "Content-Type": "application/json"},
    ),
    "no JSON": ("POST", "/api/v1/auth/login", 415, {"Content-Length": "5"}),
    "invalid": ("POST", "/api/v1/auth/login", 422, {"Content-Type": "application/json"}),
    "allowed preflight": (
        "OPTIONS",
        "/api/v1/users",
        200,
        {"Origin": "http://localhost:5173", "Access-Control-Request-Method": "POST"},
    ),
    "refused preflight": (
        "OPTIONS",
        "/api/v1/users",
        400,
        {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"},
    ),
}


@pytest.mark.parametrize("kind_of_answer", ANSWERS)
async def test_every_kind_of_answer_has_the_security_headers(root: AsyncClient, kind_of_answer: str) -> None:
    method, at, status, headers = ANSWERS[kind_of_answer]

    answer = await root.request(method, at, headers={**headers, "X-Request-ID": "from-the-client:1.2_3"})

    assert answer.status_code == status, answer.text
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "max-age" in answer.headers["strict-transport-security"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-request-id"] == "from-the-client:1.2_3"
    assert not {"server", "x-powered-by"} & answer.headers.keys()


async def test_an_unexpected_error_has_the_security_headers_too(
    app: FastAPI, root: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    good, app.state.throttle = app.state.throttle, None  # no code expects this
    try:
        answer = await root.get("/ready", headers={"X-Request-ID": "broken-1"})
    finally:
        app.state.throttle = good

    assert is_problem(answer, 500, Code.internal_error)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["x-request-id"] == "broken-1"
    assert "NoneType" not in answer.text
    assert "NoneType" in caplog.text


@pytest.mark.parametrize("bad", [None, "", "a b", "x" * 129, "<script>", "é", 'a"b', "a,b"])
async def test_a_request_id_that_could_do_harm_is_replaced(root: AsyncClient, bad: str | None) -> None:
    headers = {} if bad is None else {b"X-Request-ID": bad.encode()}

    ids = [(await root.get("/health", headers=headers)).headers["x-request-id"] for _ in range(2)]

    assert all(re.fullmatch(r"[0-9a-f-]{36}", id) for id in ids)
    assert len(set(ids)) == 2


async def test_the_request_id_is_in_every_log_line(root: AsyncClient, running_app: FastAPI) -> None:
    lines: list[dict[str, Any]] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(JsonLines().format(record)))

    listener = Listener()
    logging.getLogger("api").addHandler(listener)
    try:
        await root.get("/api/v1/users/me", headers={"X-Request-ID": "find-me"})
        await root.get("/health", headers={"X-Request-ID": "quiet"})
    finally:
        logging.getLogger("api").removeHandler(listener)

    assert [(line["request_id"], line["path"], line["status"]) for line in lines] == [
        ("find-me", "/api/v1/users/me", 401)
    ]


@pytest.mark.parametrize("kinds", [["application/json", "text/plain"], ["text/plain", "application/json"]])
async def test_a_body_has_one_type(ada: Person, kinds: list[str]) -> None:
    answer = await ada.post("/notes", content=b"{}", headers=[("Content-Type", kind) for kind in kinds])

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["header", "content-type"]


@pytest.mark.parametrize("odd", [b"\xff", "\ud800", {"x"}, ValueError("x"), float("inf")])
def test_every_log_record_becomes_a_line(odd: object) -> None:
    record = logging.makeLogRecord({"msg": "%s", "args": (odd,), "facts": {"odd": odd}})

    assert json.loads(JsonLines().format(record))["message"] == str(odd)


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://localhost:5173"}, {"Origin": "http://evil.example"}]
)
async def test_every_answer_varies_by_origin(root: AsyncClient, headers: dict[str, str]) -> None:
    assert (await root.get("/health", headers=headers)).headers["vary"] == "Origin"


async def test_only_configured_origins_may_call(root: AsyncClient, settings: Settings) -> None:
    for origin in settings.origins:
        answer = await root.get("/health", headers={"Origin": origin})
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert {"ETag", "Location", "X-Request-ID"} <= set(
            answer.headers["access-control-expose-headers"].split(", ")
        )
    for origin in (
        "http://evil.example",
        "null",
        "http://localhost:5173.evil.example",
        "https://localhost:5173",
    ):
        answer = await root.get("/health", headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers, origin
        preflight = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        assert (
            "access-control-allow-origin"
            not in (await root.options("/api/v1/users", headers=preflight)).headers
        ), origin


async def test_other_origins_may_send_each_header_that_an_operation_takes(
    root: AsyncClient, settings: Settings
) -> None:
    for method, route in OPERATIONS:
        taken = [
            one["name"] for one in operation(route, method).get("parameters", ()) if one["in"] == "header"
        ]
        asked = ", ".join(["Authorization", "Content-Type", *taken])
        preflight = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": asked}
        answer = await root.options(path(route), headers={"Origin": settings.origins[0], **preflight})
        assert answer.status_code == 200, f"{answer.text} for {method} {route.path_format}"
