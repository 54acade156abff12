"""The fast path changes no answer: with and without it, operations answer the same, byte for byte."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import RouteContext
from httpx import Response

from api.app import create_app
from api.settings import Mechanism, Settings
from tests.support.described import LISTS, ROUTES, Body, deref, is_endless, model_of, operation, query_names
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import Proof
from tests.support.resources import RESOURCES, Resource
from tests.support.watching import needs_fast_path

pytestmark = [pytest.mark.anyio, needs_fast_path]

READ = [route for route in ROUTES if route.methods == {"GET"} and not is_endless(operation(route, "GET"))]
MADE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"  # ids
    r"|2\d{3}-[\d-]+T[\d:.]+Z"  # times
    r"|c2FtcGxl[\w+/=]*|\d+"  # what is different in each sample: bytes, numbers, numbered names
)
COUNTED = {"x-request-id", "ratelimit"}
CHANGING = COUNTED | {"etag", "content-length"}


@pytest.fixture(scope="session")
async def slow_app(settings: Settings) -> AsyncIterator[FastAPI]:
    """An application on the same database without the fast path."""
    app = create_app(settings.model_copy(update={"fast_path": frozenset[Mechanism]()}))
    assert app.state.database.fast is None
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
def slow(slow_app: FastAPI, admin: Person) -> Person:
    return admin.through(slow_app)


@pytest.fixture
def fast(app: FastAPI, admin: Person) -> Person:
    assert app.state.database.fast is not None
    return admin


def exactly(answer: Response) -> tuple[int, bytes, dict[str, str]]:
    return (
        answer.status_code,
        answer.content,
        {k: v for k, v in answer.headers.items() if k not in COUNTED},
    )


def but_for_what_is_made(answer: Response) -> tuple[int, str, dict[str, str]]:
    """Ids, times and counted names are made anew for each row."""
    headers = {name: MADE.sub("…", value) for name, value in answer.headers.items() if name not in CHANGING}
    return answer.status_code, MADE.sub("…", answer.text), headers


@promise_on_one_engine("route", READ, lambda route: model_of(route.response_model))
async def test_the_fast_path_reads_the_same(
    fast: Person, slow: Person, maker: Maker, route: RouteContext
) -> None:
    asked = [f"http://test{await maker.url(route)}", f"http://test{await maker.url(route)}?colour=red"]
    if route in LISTS:
        sorts = deref(query_names("GET", route)["sort"]).get("enum", ["id"])
        asked += [
            f"{asked[0]}?sort={sort}&order={order}&count=true&limit=1"
            for sort in sorts
            for order in ("asc", "desc")
        ]
    for url in asked:
        for headers in ({}, {"If-None-Match": "*"}, {"Authorization": "Bearer nonsense"}):
            first, second = [await person.get(url, headers=headers) for person in (fast, slow)]
            if "exported_at" in first.text:
                assert but_for_what_is_made(first) == but_for_what_is_made(second)
            else:
                assert exactly(first) == exactly(second)


@promise_on_one_engine("resource", [one for one in RESOURCES if one.create], lambda resource: resource.model)
async def test_the_fast_path_writes_the_same(
    fast: Person, slow: Person, maker: Maker, resource: Resource
) -> None:
    proof = Proof(resource, maker)
    wrong = await maker.full(proof.creating) | {"colour": "red"}
    told: list[list[Any]] = []
    for person in (fast, slow):
        maker.client = proof.person = person
        answers = [
            await proof.post(await maker.full(proof.creating)),
            await proof.post(wrong),
            await proof.post({}),
        ]
        row = answers[0].json()
        answers.append(await person.get(proof.at(row)))
        for method, route in (("PATCH", resource.change), ("DELETE", resource.delete)):
            if route is None:
                continue
            body = await maker.full(Body.of(route)) if method == "PATCH" else None
            for headers in ({"If-Match": '"other"'}, {"If-Match": answers[-1].headers.get("etag", "*")}):
                answers.append(await person.request(method, proof.at(row), json=body, headers=headers))
            answers.append(await person.get(proof.at(row)))
        told.append([but_for_what_is_made(answer) for answer in answers])

    assert told[0] == told[1]
