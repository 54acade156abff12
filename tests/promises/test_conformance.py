"""What every entity promises, proven for each that the app has, with nothing to be kept up to date.

They are found through the routes; bodies, edges, filters and orders through their schemas; and who may do what through
the policies. What is particular to an entity has tests of its own.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import count
from typing import Any, NamedTuple

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import Table, UniqueConstraint

from api.lists.filters import NO_FILTERS, SUFFIXES
from api.models.role import SEEDED, seeded_permissions
from api.openapi import policies
from tests.conftest import on_one_engine
from tests.support.described import Body, Resource, operation, query_names, types
from tests.support.makers import Maker
from tests.support.people import Person

pytestmark = pytest.mark.anyio

RESOURCES = Resource.all()
turns = count()
WORDY = {"email", "date-time", "date", "uuid", "uri"}  # formats whose length says nothing
MOVES = {"email": {"email_verified"}}  # what changes with another field
Row = dict[str, Any]


class Proof:
    """A resource, and somebody who may do everything with it."""

    def __init__(self, resource: Resource, maker: Maker) -> None:
        self.resource, self.maker, self.person = resource, maker, maker.client
        self.creating = Body.of(resource.create)
        self.changing = Body.of(resource.change) if resource.change else Body({}, [])

    async def post(self, body: Row, by: AsyncClient | None = None) -> Response:
        return await (by or self.person).post(f"http://test{await self.maker.url(self.resource.create)}", json=body)

    async def made(self, **fields: Any) -> Row:
        answer = await self.post(await self.maker.full(self.creating) | fields)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def at(self, row: Row) -> str:
        return "http://test" + str(self.resource.get.path_format).replace("{id}", row["id"])

    async def read(self, row: Row) -> Row:
        answer = await self.person.get(self.at(row))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def listed(self, **query: Any) -> list[Row]:
        """Every row that a query finds, page after page."""
        rows, query, at = [], {"limit": 200} | query, f"http://test{await self.maker.url(self.resource.list)}"
        while True:
            answer = await self.person.get(at, params=query)
            assert answer.status_code == 200, answer.text
            rows += answer.json()["items"]
            if (cursor := answer.json()["next_cursor"]) is None:
                return rows
            assert len(answer.json()["items"]) == query["limit"]
            query["cursor"] = cursor


@pytest.fixture
def proof(resource: Resource, maker: Maker) -> Proof:
    return Proof(resource, maker)


def shown(row: Row, name: str) -> Any:
    """What a row shows of a field: nested rows stand for their ids and names."""
    if name not in row:
        inner = row[name.removesuffix("_id")]
        return inner and inner["id"]
    return row[name]["name"] if isinstance(row[name], dict) and name == "role" else row[name]


def shows(row: Row, name: str) -> bool:
    return name in row or name.removesuffix("_id") in row


def written(row: Row, body: Row) -> Row:
    return {name: shown(row, name) for name in body if shows(row, name)}


def nullable(part: Row) -> bool:
    return "null" in types(part)


# Writing and reading


@on_one_engine("resource", RESOURCES, turns)
async def test_what_is_written_is_what_is_read(proof: Proof) -> None:
    for body in (await proof.maker.full(proof.creating), await proof.maker.sample(proof.creating)):
        answer = await proof.post(body)
        assert answer.status_code == 201, answer.text
        row = answer.json()

        sent = {name: value for name, value in body.items() if shows(row, name)}
        assert written(row, sent) == sent
        assert sent, "nothing that is written is shown"
        for name in proof.creating.fields.keys() - body.keys():
            if shows(row, name) and proof.creating.fields[name].get("default") is not None:
                assert shown(row, name) == proof.creating.fields[name]["default"], name
        assert await proof.read(row) == row
        again = await proof.person.get(f"http://test{answer.headers['location']}")
        assert (again.json(), again.headers["etag"]) == (row, answer.headers["etag"])
        assert [listed for listed in await proof.listed() if listed["id"] == row["id"]] == [row]


def edges(part: Row) -> tuple[list[Any], list[Any]]:
    """The last values that a field takes, and the first that it does not."""
    good: list[Any] = [*part.get("enum", ())]
    bad: list[Any] = ["nonsense"] if "enum" in part else []
    (good if nullable(part) else bad).append(None)
    if "string" in types(part) and "pattern" not in part and part.get("format") not in WORDY and "enum" not in part:
        if "maxLength" in part:
            good.append("x" * part["maxLength"])
            bad.append("x" * (part["maxLength"] + 1))
        if part.get("minLength"):
            good.append("y" * part["minLength"])
            bad.append("y" * (part["minLength"] - 1))
    for edge, step in (("minimum", -1), ("maximum", 1)):
        if edge in part:
            good.append(part[edge])
            bad.append(part[edge] + step)
    return good, bad


def one_by_one(fields: dict[str, Row], which: int) -> Iterator[Row]:
    """Bodies with an edge of each field: the first of all, the second of all, …"""
    values = {name: edges(part)[which] for name, part in fields.items() if name not in {"role"}}
    for number in range(max(map(len, values.values()), default=0)):
        yield {name: given[number] for name, given in values.items() if number < len(given)}


@on_one_engine("resource", RESOURCES, turns)
async def test_each_field_takes_what_its_schema_says_and_nothing_beyond(proof: Proof) -> None:
    for body in one_by_one(proof.creating.fields, 1):
        answer = await proof.post(await proof.maker.full(proof.creating) | body)
        assert answer.status_code == 422, answer.text
        assert {error["loc"][1] for error in answer.json()["errors"]} == body.keys()
    for body in one_by_one(proof.creating.fields, 0):
        answer = await proof.post(await proof.maker.full(proof.creating) | body)
        if answer.status_code != 409:  # valid, and yet too many seats for what there is
            assert answer.status_code == 201, answer.text
            kept = {name: value for name, value in body.items() if value is not None and shows(answer.json(), name)}
            assert written(answer.json(), kept) == kept


def unique(proof: Proof) -> Iterator[str]:
    """The fields of which no two rows have the same value, as they are written or folded."""
    table: Table = proof.resource.model.__table__  # type: ignore[attr-defined]
    rules = [rule.columns.keys() for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    yield from (name.removesuffix("_key") for (name, *more) in rules if not more)


@on_one_engine("resource", RESOURCES, turns)
async def test_what_is_unique_is_taken_once(proof: Proof) -> None:
    for name in unique(proof):
        first, second = await proof.made(), await proof.made()
        answers = [await proof.post(await proof.maker.full(proof.creating) | {name: first[name]})]
        if name in proof.changing.fields:
            answers.append(await proof.person.patch(proof.at(second), json={name: first[name]}))
        for answer in answers:
            assert (answer.status_code, answer.json()["code"]) == (409, "already_exists")
            assert answer.json()["errors"][0]["loc"] == ["body", name]
        assert await proof.read(second) == second


# Changing


async def changed(proof: Proof, row: Row, name: str, part: Row) -> Response:
    """The answer to a change of one field: of two values, one suits the rest of the row."""
    for _ in range(2):
        value = await proof.maker.another(name, part, than=shown(row, name))
        if part.get("format") == "date-time" and _:
            value = value.replace("2100", "2099")
        answer = await proof.person.patch(proof.at(row), json={name: value})
        if answer.status_code == 200:
            assert shown(answer.json(), name) == value
            break
    return answer


@on_one_engine("resource", RESOURCES, turns)
async def test_a_change_changes_what_it_names_and_nothing_else(proof: Proof) -> None:
    row = await proof.made()
    assert set(proof.changing.fields) <= {name for name in proof.changing.fields if shows(row, name)}

    for name, part in proof.changing.fields.items():
        answer = await changed(proof, row, name, part)
        assert answer.status_code == 200, answer.text
        after = answer.json()
        assert await proof.read(row) == after
        others = proof.changing.fields.keys() - {name} | {"id", "created_at"} | {n for n in row if n.endswith("_id")}
        others -= {name} | MOVES.get(name, set())
        assert {other: shown(after, other) for other in others} == {other: shown(row, other) for other in others}
        assert after["updated_at"] > row["updated_at"]
        row = after

    same = await proof.person.patch(proof.at(row), json={})
    assert same.json() | {"updated_at": row["updated_at"]} == row


@on_one_engine("resource", RESOURCES, turns)
async def test_null_clears_what_may_be_empty_and_is_refused_elsewhere(proof: Proof) -> None:
    row = await proof.made()
    for name, part in proof.changing.fields.items():
        answer = await proof.person.patch(proof.at(row), json={name: None})

        if nullable(part):
            assert (answer.status_code, shown(answer.json(), name)) == (200, None)
            assert await proof.read(row) == answer.json()
            row = answer.json()
        else:
            assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", name])
            assert await proof.read(row) == row


@on_one_engine("resource", RESOURCES, turns)
async def test_a_change_that_fails_writes_nothing(proof: Proof) -> None:
    row = await proof.made()
    good = {name: await proof.maker.another(name, part, shown(row, name)) for name, part in proof.changing.fields.items()}

    for bad in one_by_one(proof.changing.fields, 1):
        for name in bad:
            answer = await proof.person.patch(proof.at(row), json=good | {name: bad[name]})
            assert answer.status_code == 422, f"{name}: {answer.text}"
            assert name in {part for error in answer.json()["errors"] for part in error["loc"]}
    assert (await proof.person.patch(proof.at(row), json=good | {"nonsense": 1})).status_code == 422
    assert await proof.read(row) == row


@on_one_engine("resource", RESOURCES, turns)
async def test_a_state_that_was_not_seen_is_not_changed(proof: Proof) -> None:
    row = await proof.made()
    at = proof.at(row)
    seen = (await proof.person.get(at)).headers["etag"]
    assert (await proof.person.get(at, headers={"If-None-Match": seen})).status_code == 304
    if proof.resource.change is None:
        return

    now = await proof.person.patch(at, json={}, headers={"If-Match": seen})
    assert now.status_code == 200
    for change in ("patch", "delete") if proof.resource.delete else ("patch",):
        answer = await proof.person.request(change, at, headers={"If-Match": seen}, json={})
        assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert await proof.read(row) == now.json()
    assert (await proof.person.patch(at, json={}, headers={"If-Match": now.headers["etag"]})).status_code == 200


@on_one_engine("resource", RESOURCES, turns)
async def test_what_is_deleted_is_gone(proof: Proof) -> None:
    if proof.resource.delete is None:
        return
    row, other = await proof.made(), await proof.made()

    seen = (await proof.person.get(proof.at(row))).headers["etag"]
    assert (await proof.person.delete(proof.at(row), headers={"If-Match": seen})).status_code == 204

    for method in ("get", "patch", "delete"):
        answer = await proof.person.request(method, proof.at(row), json={})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert await proof.read(other) == other
    assert row["id"] not in {listed["id"] for listed in await proof.listed()}


# Who may


class Caller(NamedTuple):
    """Somebody, and what their role permits; nobody has signed in if that is None."""

    client: AsyncClient
    permissions: set[str] | None
    name: str

    def meets(self, policy: list[str], *, own: bool, visible: bool = True) -> bool:
        """Whether they are all that a policy asks for, such as `signed in` and `own or bookings:read`."""
        known = {"public": True, "signed in": self.permissions is not None, "own": own, "visible": visible}
        return all(any(known.get(part, part in (self.permissions or ())) for part in need.split(" or ")) for need in policy)

    def expects(self, policy: list[str], success: int, *, own: bool, seen: bool | None = None) -> set[int]:
        """How they may be answered. What they do not see is not there, unless the route lets none of their kind in."""
        if self.permissions is None and "signed in" in policy:
            return {401}
        if not self.meets(policy, own=True):
            return {403} if seen is not False else {403, 404}
        if self.meets(policy, own=own, visible=seen is not None):
            return {404} if seen is False else {success}
        if seen:
            return {403}
        return {404, success} if seen is None and self.meets(policy, own=own) else {404}


@on_one_engine("resource", RESOURCES, turns)
async def test_each_kind_of_caller_gets_what_the_policy_says(
    resource: Resource, client: AsyncClient, ada: Person, bob: Person, staff: Person, admin: Person
) -> None:
    proof = Proof(resource, Maker(admin))
    rights = {name: set(map(str, seeded_permissions(name))) for name in SEEDED}
    people = [Caller(ada, set(), "ada"), Caller(bob, set(), "bob"), Caller(staff, rights["staff"], "staff")]
    callers = [*people, Caller(admin, rights["admin"], "admin"), Caller(client, None, "nobody")]
    creator = next(who for who in callers if who.meets(policies(resource.create), own=True))

    for who in callers:
        answer = await proof.post(await proof.maker.full(proof.creating), by=who.client)
        assert answer.status_code in who.expects(policies(resource.create), 201, own=True, seen=True), f"{who.name} creates"

        made = await proof.post(await proof.maker.full(proof.creating), by=creator.client)
        row, own = made.json(), who is creator
        read = await who.client.get(proof.at(row))
        seen = read.status_code == 200
        assert read.status_code in who.expects(policies(resource.get), 200, own=own), f"{who.name} reads"

        query = {"limit": 200, "count": True}
        page = await who.client.get(f"http://test{await proof.maker.url(resource.list)}", params=query)
        assert page.status_code in who.expects(policies(resource.list), 200, own=own, seen=True), f"{who.name} lists"
        if page.status_code == 200:
            found = [item["id"] for item in page.json()["items"]]
            assert (row["id"] in found) is seen, f"{who.name} sees it in one place only"
            assert page.json()["total"] == len(found)

        for route, method, success in ((resource.change, "PATCH", 200), (resource.delete, "DELETE", 204)):
            if route is not None:
                answer = await who.client.request(method, proof.at(row), json={})
                assert answer.status_code in who.expects(policies(route), success, own=own, seen=seen), f"{who.name} {method}"


# Lists


@pytest.fixture
async def rows(proof: Proof) -> list[Row]:
    """Some with everything, some with little, and what was there before."""
    for _ in range(2):
        await proof.made()
        answer = await proof.post(await proof.maker.sample(proof.creating))
        assert answer.status_code == 201, answer.text
    return await proof.listed(sort="id", order="asc")


def comparable(value: Any) -> Any:
    """As the database orders it: times and amounts are text in JSON."""
    if isinstance(value, str):
        for read in (datetime.fromisoformat, Decimal):
            try:
                return read(value)
            except (ValueError, InvalidOperation):
                pass
    return value


@on_one_engine("resource", RESOURCES, turns)
async def test_every_order_and_every_filter_of_a_list_keeps_its_word(proof: Proof, rows: list[Row]) -> None:
    parameters = query_names("GET", proof.resource.list)
    for sort in parameters["sort"].get("enum") or [parameters["sort"]["const"]]:
        for order in ("asc", "desc"):
            await sorts(proof, rows, sort, order)
    for name, part in parameters.items():
        if name not in NO_FILTERS:
            await filters(proof, rows, name, part)


async def sorts(proof: Proof, rows: list[Row], sort: str, order: str) -> None:
    keyed = sorted((row for row in rows if row[sort] is not None), key=lambda row: (comparable(row[sort]), row["id"]))
    keyless = [row for row in rows if row[sort] is None]
    wanted = (keyed + keyless) if order == "asc" else (keyed[::-1] + keyless[::-1])
    for limit in (3, 200):
        assert await proof.listed(sort=sort, order=order, limit=limit) == wanted
    query: Row = {"sort": sort, "order": order, "skip": len(rows) - 2, "count": True}
    page = await proof.person.get(f"http://test{await proof.maker.url(proof.resource.list)}", params=query)
    assert (page.json()["items"], page.json()["total"]) == (wanted[-2:], len(rows))


async def filters(proof: Proof, rows: list[Row], name: str, part: Row) -> None:
    if name == "q":
        await search(proof, rows)
    elif part.get("type") == "boolean":
        yes, no = [await ids(proof, **{name: value}) for value in (True, False)]
        assert not yes & no
        assert yes | no == {row["id"] for row in rows}
        assert not shows(rows[0], name) or yes == {row["id"] for row in rows if row[name]}
    elif suffix := next((suffix for suffix in SUFFIXES if name.endswith(suffix)), None):
        await compare(proof, rows, name, suffix)
    else:
        for value in {shown(row, name) for row in rows} - {None}:
            assert await ids(proof, **{name: value}) == {row["id"] for row in rows if shown(row, name) == value}


async def ids(proof: Proof, **query: Any) -> set[str]:
    return {row["id"] for row in await proof.listed(**query)}


async def compare(proof: Proof, rows: list[Row], name: str, suffix: str) -> None:
    meets = SUFFIXES[suffix][0]
    stem = name.removesuffix(suffix)
    values = {row["id"]: comparable(find(row, stem)) for row in rows}
    for edge in set(values.values()) - {None}:
        wanted = {id for id, value in values.items() if value is not None and meets(value, edge)}
        asked = edge.isoformat() if isinstance(edge, datetime) else str(edge)
        assert await ids(proof, **{name: asked}) == wanted, name


def find(row: Row, stem: str) -> Any:
    """`starts` is told by starts_at, of the row or of one nested in it."""
    for name in (stem, f"{stem}_at"):
        for place in (row, *(inner for inner in row.values() if isinstance(inner, dict))):
            if name in place:
                return place[name]
    raise AssertionError(f"no filter could be made of {stem}")


async def search(proof: Proof, rows: list[Row]) -> None:
    parameters = operation(proof.resource.list, "GET")["parameters"]
    words = next(parameter["description"] for parameter in parameters if parameter["name"] == "q")
    columns = words.removeprefix("Search in ").partition(";")[0].split(", ")
    for column in columns:
        text = next(row[column] for row in rows[::-1] if row[column])[:100]
        wanted = {row["id"] for row in rows if any(text.lower() in (row[other] or "").lower() for other in columns)}
        assert await ids(proof, q=text.upper()) == wanted
    assert await ids(proof, q="nowhere to be found") == set()
