"""What every entity promises about writing, changing and deleting its rows.

The entities are found through the routes, and valid bodies are made from their schemas. test_access.py tests
who may do what, test_queries.py orders, filters and searches. An entity that differs on purpose says so
beside its model: see support/promises.py.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from fastapi.routing import RouteContext
from httpx import Response

from api.db.engine import Database
from api.models.children import Positioned
from tests.support.described import ROUTES, is_form, model_of, types
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import Decorator, promise_on_one_engine
from tests.support.proofs import Proof, Row, nullable, shown, shows
from tests.support.resources import RESOURCES, Resource, is_entity
from tests.support.values import WORDY, is_file

pytestmark = pytest.mark.anyio

MOVED = {"position", "updated_at", "version"}  # of a row that moves up when another one is deleted
LATER = {"email": "pending_email"}  # what takes effect when it is confirmed, and its column until then


def every_resource(resources: Iterable[Resource]) -> Decorator:
    return promise_on_one_engine("resource", resources, lambda resource: resource.model)


every_created = every_resource([one for one in RESOURCES if one.create])
every_changed = every_resource([one for one in RESOURCES if one.change and one.create])
every_deleted = every_resource([one for one in RESOURCES if one.delete and one.create])
every_read = every_resource(RESOURCES)
CREATIONS = [route for route in ROUTES if route.status_code == 201 and is_entity(route.response_model)]
every_creation = promise_on_one_engine("route", CREATIONS, lambda route: model_of(route.response_model))


@pytest.fixture
def proof(resource: Resource, database: Database, admin: Person) -> Proof:
    return Proof(resource, Maker(admin, database=database))


def shown_of(row: Row, body: Row) -> Row:
    return {name: shown(row, name) for name in body if shows(row, name)}


def differing(proof: Proof, row: Row, body: Row) -> Row:
    """The fields of a body that a row shows otherwise."""
    pairs = {name: (body[name], shown(row, name)) for name in body if shows(row, name)}
    return {name: pair for name, pair in pairs.items() if not proof.agree(name, *pair)}


# Writing and reading


@every_created
async def test_a_row_reads_as_it_was_written(proof: Proof) -> None:
    for is_full in (True, False):
        answer = await proof.post_valid(is_full=is_full)
        assert answer.status_code == 201, answer.text
        made, body = answer.json(), proof.sent[answer.json()["id"]]

        assert not differing(proof, made, body)
        assert shown_of(made, body) or not body, "nothing that is written is shown"
        for name in proof.creating.fields.keys() - body.keys():
            default = proof.creating.fields[name].get("default")
            if shows(made, name) and default is not None:
                assert proof.agree(name, default, shown(made, name)), name
        again = await proof.person.get(f"http://test{answer.headers['location']}")
        row = await proof.read(made)
        assert again.json() == row == {name: made[name] for name in row}
        if proof.resource.create.response_model is proof.resource.public:
            assert (made, answer.headers["etag"]) == (row, again.headers["etag"])
        if proof.resource.list:
            assert [listed for listed in await proof.listed() if listed["id"] == row["id"]] == [row]


@every_creation
async def test_a_location_leads_to_what_was_made(
    route: RouteContext, database: Database, admin: Person
) -> None:
    answer = await Maker(admin, database=database).create(route)
    place = answer.headers.get("location")

    assert answer.status_code == 201, answer.text
    if place is not None:
        found = await admin.get(f"http://test{place}")
        assert found.status_code == 200, place
        assert found.json().get("id", answer.json()["id"]) == answer.json()["id"]


def edges(part: Row) -> tuple[list[Any], list[Any]]:
    """The last values that a field takes, and the first that it does not."""
    good: list[Any] = [*part.get("enum", ())]
    bad: list[Any] = ["nonsense"] if "enum" in part else []
    (good if nullable(part) else bad).append(None)
    if is_text(part):
        if "maxLength" in part:
            good.append("x" * part["maxLength"])
            bad.append("x" * (part["maxLength"] + 1))
        if part.get("minLength"):
            good.append("y" * part["minLength"])
            bad.append("y" * (part["minLength"] - 1))
    if part.get("type") == "array" and "maxItems" in part and is_text(part.get("items", {})):
        good.append([f"x{number}" for number in range(part["maxItems"])])
        bad.append([f"x{number}" for number in range(part["maxItems"] + 1)])
    for edge, step in (("minimum", -1), ("maximum", 1)):
        if edge in part:
            good.append(part[edge])
            bad.append(part[edge] + step)
    bad += [part[edge] for edge in ("exclusiveMinimum", "exclusiveMaximum") if edge in part]
    return good, bad


def is_text(part: Row) -> bool:
    """Whether it takes any text, as long as it is neither too long nor too short."""
    free = not {"pattern", "enum", "const", "contentEncoding", "contentMediaType"} & part.keys()
    return "string" in types(part) and free and part.get("format") not in WORDY


def one_by_one(fields: dict[str, Row], which: int, *, in_form: bool = False) -> Iterator[Row]:
    """Bodies with an edge of each field: the first of all, the second of all, …"""
    values = {
        name: edges(part)[which] for name, part in fields.items() if name != "role" and not is_file(part)
    }
    if in_form:  # a form cannot say null
        values = {name: [value for value in found if value is not None] for name, found in values.items()}
    for number in range(max(map(len, values.values()), default=0)):
        yield {name: given[number] for name, given in values.items() if number < len(given)}


@every_created
async def test_each_field_takes_what_its_schema_allows_and_nothing_else(proof: Proof) -> None:
    fields, in_form = proof.creating.fields, is_form(proof.resource.create)
    for body in one_by_one(fields, 1, in_form=in_form):
        answer = await proof.post(await proof.maker.full(proof.creating) | body)
        assert answer.status_code == 422, answer.text
        assert {error["loc"][1] for error in answer.json()["errors"]} == body.keys()
    for body in one_by_one(fields, 0, in_form=in_form):
        answer = await proof.post_valid(**body)
        if answer.status_code != 409:  # valid, and yet taken, or too many seats for what there is
            assert answer.status_code == 201, answer.text
            assert not differing(
                proof, answer.json(), {name: body[name] for name in body if body[name] is not None}
            )


def spellings(value: Any, *, is_folded: bool) -> list[Any]:
    """The value, and as others would write it if upper and lower case are the same."""
    return [value, value.upper()] if is_folded and isinstance(value, str) else [value]


@every_created
async def test_a_unique_value_is_taken_once(proof: Proof) -> None:
    for rule in proof.unique():
        first, second = await proof.made(), await proof.made()
        taken = {
            name: proof.sent[first["id"]][name] for name in rule.columns if name in proof.creating.fields
        }
        last = [*taken][-1]
        for spelling in spellings(taken[last], is_folded=rule.is_folded):
            same = taken | {last: spelling}
            answers = [await proof.post(await proof.maker.full(proof.creating) | same)]
            if same.keys() <= proof.changing.fields.keys():
                answers.append(await proof.person.patch(proof.at(second), json=same))
            for answer in answers:
                assert answer.status_code == 409, answer.text
                assert answer.json()["code"] in (
                    {"already_exists"} if rule.is_plain else {"already_exists", "conflict"}
                )
                assert not rule.is_named or answer.json()["errors"][0]["loc"] == ["body", last]
        assert await proof.read(second) == {name: second[name] for name in await proof.read(second)}


# Changing


async def changed(proof: Proof, row: Row, name: str, part: Row) -> Response:
    """The answer to a change of one field: of several values, one suits the rest of the row."""
    answer: Response
    for earlier in range(4):
        value = await proof.maker.another(name, part, than=shown(row, name), model=proof.changing.model)
        if earlier and part.get("format") == "date-time":
            value = value.replace("2100", "2099")
        answer = await proof.person.patch(proof.at(row), json={name: value})
        if answer.status_code == 200:
            later = LATER[name] if LATER.get(name) in row else name
            assert proof.agree(name, value, shown(answer.json(), later))
            break
        if part.get("format") != "date-time":
            proof.maker.learn(answer)
    return answer


def columns(proof: Proof, row: Row) -> set[str]:
    """The columns that a row shows, as themselves or as the row that they refer to, but for computed ones."""
    names = (column.name for column in proof.resource.model.__table__.columns if column.computed is None)
    return {name for name in names if shows(row, name)}


STAMPS = ("updated_at", "version")  # what each change changes


@every_changed
async def test_a_change_changes_only_the_fields_it_names(proof: Proof) -> None:
    row = await proof.shown()
    hidden = [name for name in proof.changing.fields if not shows(row, name)]
    assert not hidden, f"{hidden} can be changed, and cannot be read"

    for name, part in proof.changing.fields.items():
        answer = await changed(proof, row, name, part)
        assert answer.status_code == 200, answer.text
        after = answer.json()
        assert await proof.read(after) == after
        others = (columns(proof, row) | proof.changing.fields.keys()) - {name, f"{name}_id", *STAMPS}
        others -= set(LATER.values())
        assert {other: shown(after, other) for other in others} == {
            other: shown(row, other) for other in others
        }
        assert after["updated_at"] > row["updated_at"]
        row = after

    same = await proof.person.patch(proof.at(row), json={})
    assert same.json() | {stamp: row[stamp] for stamp in STAMPS} == row


@every_changed
async def test_null_clears_optional_fields_and_is_refused_for_others(proof: Proof) -> None:
    row = await proof.shown()
    for name, part in proof.changing.fields.items():
        answer = await proof.person.patch(proof.at(row), json={name: None})

        if nullable(part):
            assert answer.status_code == 200, answer.text
            assert shown(answer.json(), name) is None
            assert await proof.read(row) == answer.json()
            row = answer.json()
        else:
            assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", name])
            assert await proof.read(row) == row


@every_changed
async def test_a_failed_change_writes_nothing(proof: Proof) -> None:
    row, fields = await proof.shown(), proof.changing.fields
    good = {
        name: await proof.maker.another(name, part, shown(row, name), proof.changing.model)
        for name, part in fields.items()
    }

    for bad in one_by_one(fields, 1):
        for name in bad:
            answer = await proof.person.patch(proof.at(row), json=good | {name: bad[name]})
            assert answer.status_code == 422, f"{name}: {answer.text}"
            assert name in {part for error in answer.json()["errors"] for part in error["loc"]}
    assert (await proof.person.patch(proof.at(row), json=good | {"nonsense": 1})).status_code == 422
    assert await proof.read(row) == row


@every_read
async def test_an_unchanged_row_is_not_sent_again(proof: Proof) -> None:
    at = proof.at(await proof.made())
    seen = (await proof.person.get(at)).headers["etag"]

    assert (await proof.person.get(at, headers={"If-None-Match": seen})).status_code == 304
    assert (await proof.person.get(at, headers={"If-None-Match": '"another"'})).status_code == 200


@every_changed
async def test_a_change_of_an_outdated_row_is_refused(proof: Proof) -> None:
    row = await proof.shown()
    at = proof.at(row)
    seen = (await proof.person.get(at)).headers["etag"]

    now = await proof.person.patch(at, json={}, headers={"If-Match": seen})
    assert now.status_code == 200
    for change in ("patch", "delete") if proof.resource.delete else ("patch",):
        answer = await proof.person.request(change, at, headers={"If-Match": seen}, json={})
        assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert await proof.read(row) == now.json()
    assert (
        await proof.person.patch(at, json={}, headers={"If-Match": now.headers["etag"]})
    ).status_code == 200


@every_changed
async def test_a_change_names_the_version_that_it_changes(proof: Proof) -> None:
    row = await proof.shown()
    rows = [one for one in await proof.listed() if one["id"] == row["id"]] if proof.resource.list else [row]
    seen = {"If-Match": f'"{rows[0]["version"]}"'}

    now = await proof.person.patch(proof.at(row), json={}, headers=seen)
    assert now.status_code == 200
    assert now.json()["version"] != row["version"]
    refused = await proof.person.patch(proof.at(row), json={}, headers=seen)
    assert (refused.status_code, refused.json()["code"]) == (412, "stale")
    assert refused.json()["current"] == now.json()
    assert now.headers["etag"].startswith(f'"{now.json()["version"]}-')


@every_deleted
async def test_a_deleted_row_is_gone(proof: Proof) -> None:
    row, other = await proof.made(), await proof.shown()

    seen = (await proof.person.get(proof.at(row))).headers["etag"]
    assert (await proof.person.delete(proof.at(row), headers={"If-Match": '"another"'})).status_code == 412
    assert (await proof.person.delete(proof.at(row), headers={"If-Match": seen})).status_code == 204

    for method in ("get", "patch", "delete") if proof.resource.change else ("get", "delete"):
        answer = await proof.person.request(method, proof.at(row), json={})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    moved = MOVED if issubclass(proof.resource.model, Positioned) else set[str]()
    assert not {name for name, value in (await proof.read(other)).items() if value != other[name]} - moved
    if proof.resource.list:
        assert row["id"] not in await proof.ids()
