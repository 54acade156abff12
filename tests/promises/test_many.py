"""What every entity promises that is written many at once, by a key, or by a filter."""

import asyncio
import re
from collections import Counter
from typing import Any

import pytest
from fastapi.routing import RouteContext
from pydantic import TypeAdapter

from api.db.engine import Database
from api.openapi.operations import dependencies
from tests.support.described import ROUTES, Body, model_of, query_of
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import HOST, Proof, Row
from tests.support.resources import RESOURCES, Resource, methods, path
from tests.support.stored import changed, stored

pytestmark = pytest.mark.anyio


def parameter_of(model: Any) -> Any:
    """What stands in the brackets of a generic model."""
    return model.__pydantic_generic_metadata__["args"][0]


def resource_of(model: Any) -> Resource:
    return next(one for one in RESOURCES if one.model is model and one.create)


BULK = [route for route in ROUTES if getattr(route.response_model, "is_bulk", False)]
UPSERTS = [
    route
    for route in ROUTES
    if any(getattr(call, "is_upsert", False) for call in dependencies(route.dependant))
]
OF_ALL = [route for route in ROUTES if getattr(route.response_model, "is_affected", False)]
every_bulk = promise_on_one_engine("route", BULK, lambda route: model_of(parameter_of(route.response_model)))
every_upsert = promise_on_one_engine("route", UPSERTS, lambda route: model_of(route.response_model))
every_change_of_all = promise_on_one_engine("route", OF_ALL, lambda route: query_of(route).model)


async def rows_for(maker: Maker, route: RouteContext, number: int) -> list[Row]:
    """Valid bodies for single rows of this bulk."""
    public = parameter_of(route.response_model)
    single = parameter_of(route.body_field.field_info.annotation)
    body = Body.of_schema(TypeAdapter(single).json_schema(), model_of(public))
    return [await maker.full(body) for _ in range(number)]


@every_bulk
async def test_many_rows_are_written_as_single_ones_are(
    route: RouteContext, database: Database, admin: Person
) -> None:
    maker = Maker(admin, database=database)
    proof = Proof(resource_of(model_of(parameter_of(route.response_model))), maker)
    url, sent = f"{HOST}{await maker.url(route)}", await rows_for(maker, route, 3)

    answer = await admin.post(url, json={"items": sent})

    assert answer.status_code in {200, 201}, answer.text
    said = answer.json()
    assert (said["written"], said["refused"]) == (3, 0)
    for number, item in enumerate(said["items"]):
        assert (item["index"], item["status"], item["problem"]) == (number, 201, None)
        assert await proof.read(item["row"]) == item["row"]
        told = sent[number].keys() & item["row"].keys()  # the ids of links are told as rows
        assert told
        assert all(proof.agree(name, sent[number][name], item["row"][name]) for name in told)


@every_bulk
async def test_many_rows_are_written_together_or_not_at_all(
    route: RouteContext, database: Database, admin: Person
) -> None:
    maker = Maker(admin, database=database)
    url = f"{HOST}{await maker.url(route)}"
    sent = await rows_for(maker, route, 3)
    sent[1] = {"nonsense": 1}
    before = await stored(database)

    answer = await admin.post(url, json={"items": sent})
    assert answer.status_code == 422, answer.text
    assert {tuple(error["loc"][:3]) for error in answer.json()["errors"]} == {("body", "items", 1)}
    assert changed(before, await stored(database)) == []

    some = await admin.post(f"{url}?partial=true", json={"items": sent})
    assert [item["status"] for item in some.json()["items"]] == [201, 422, 201], some.text
    assert changed(before, await stored(database)) != []


def keyed(route: RouteContext, body: Row, number: int) -> tuple[str, Row]:
    """The address of the upsert, and the body with the same key."""
    [name] = re.findall(r"{(\w+)}", path(route))
    key = str(body.get(name) or f"key-{number}")
    return HOST + path(route).replace(f"{{{name}}}", key), body


@every_upsert
async def test_a_row_is_made_once_and_then_replaced(
    route: RouteContext, database: Database, admin: Person
) -> None:
    maker = Maker(admin, database=database)
    url, sent = keyed(route, await maker.full(Body.of(route)), 1)

    made = await admin.put(url, json=sent, headers={"If-None-Match": "*"})
    assert made.status_code == 201, made.text
    assert (await admin.get(f"{HOST}{made.headers['location']}")).json() == made.json()
    again = await admin.put(url, json=sent)
    assert (again.status_code, again.json(), again.headers["etag"]) == (
        200,
        made.json(),
        made.headers["etag"],
    )
    refused = await admin.put(url, json=sent, headers={"If-None-Match": "*"})
    assert (refused.status_code, refused.json()["code"]) == (412, "exists")
    stale = await admin.put(url, json=sent, headers={"If-Match": '"another"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


@every_upsert
async def test_upserts_at_once_make_one_row(route: RouteContext, database: Database, admin: Person) -> None:
    maker = Maker(admin, database=database)
    url, sent = keyed(route, await maker.full(Body.of(route)), 2)

    answers = await asyncio.gather(*(admin.put(url, json=sent) for _ in range(6)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 5}
    assert len({answer.json()["id"] for answer in answers}) == 1


def filter_for(route: RouteContext, row: Row) -> dict[str, Any]:
    """A filter of this route that finds the row."""
    names = query_of(route).model_fields.keys() & {name for name in row if row[name] is not None}
    return {name: row[name] for name in sorted(names)[:1]}


@every_change_of_all
async def test_a_filter_changes_only_rows_that_the_caller_may_change(
    route: RouteContext, database: Database, ada: Person, bob: Person, admin: Person
) -> None:
    [method] = methods(route)
    resource = resource_of(query_of(route).model)
    proofs = [Proof(resource, Maker(who, admin, database)) for who in (ada, bob)]
    mine = await proofs[0].made()
    theirs = await proofs[1].made()
    url, query = f"{HOST}{path(route)}", filter_for(route, theirs)
    assert query, "no filter of its query is a field of its rows"

    refused = await ada.request(method, url, json={})
    assert (refused.status_code, refused.json()["errors"][0]["type"]) == (422, "missing_filter")
    tried = await ada.request(method, url, params=query | {"dry_run": True}, json={})
    listed = [row for row in await proofs[0].listed() if row | query == row]
    own = [
        row for row in listed if row.get("owner_id", ada.id) == ada.id
    ]  # a public list has those of others
    assert (tried.status_code, tried.json()["count"]) == (200, len(own)), tried.text
    dry = await ada.request(method, url, params=query, json={}, headers={"Prefer": "dry-run"})
    assert (dry.json(), dry.headers["preference-applied"]) == (tried.json(), "dry-run")
    assert await proofs[0].read(mine) == mine
    done = await ada.request(method, url, params=query, json={})
    assert (done.status_code, done.json()) == (200, tried.json()), done.text
    assert await proofs[1].read(theirs) == theirs
    left = {row["id"] for row in await proofs[0].listed()}
    assert (mine["id"] in left) is (method == "PATCH" or mine not in own)
