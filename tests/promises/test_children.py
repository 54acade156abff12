"""What every entity promises whose rows belong to a parent, have an order, or are linked to others."""

import asyncio
import re
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from fastapi.routing import RouteContext

from api.db.engine import Database
from api.models.children import Positioned
from tests.support.described import ROUTES
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import Decorator, promise_on_one_engine
from tests.support.proofs import HOST, PARAMETER, Proof, Row
from tests.support.resources import RESOURCES, Resource, methods, path

pytestmark = pytest.mark.anyio


class Links(NamedTuple):
    """A route that links rows of a resource to rows of another one, and the list that shows them."""

    resource: Resource
    put: RouteContext
    name: str
    other: Resource

    def __str__(self) -> str:
        return f"{self.resource}-{self.name}"


def every_resource(found: list[Resource]) -> Decorator:
    return promise_on_one_engine("resource", found, lambda resource: resource.model)


def is_nested(resource: Resource) -> bool:
    return "{" in path(resource.get).rpartition("/")[0] and resource.create is not None


def is_positioned(resource: Resource) -> bool:
    return issubclass(resource.model, Positioned) and resource.create is not None


def order_of(resource: Resource) -> RouteContext | None:
    """The route that orders all rows of a parent anew."""
    there = f"{path(resource.get).rpartition('/')[0]}/order"
    return next((one for one in ROUTES if path(one) == there and methods(one) == {"PUT"}), None)


def all_links() -> list[Links]:
    found = []
    for resource in (one for one in RESOURCES if one.model):
        for relationship in sa.inspect(resource.model).relationships:
            there = rf"{re.escape(path(resource.get))}/{relationship.key}/\{{\w+\}}"
            puts = [one for one in ROUTES if re.fullmatch(there, path(one)) and methods(one) == {"PUT"}]
            others = [one for one in RESOURCES if one.model is relationship.mapper.class_ and one.create]
            if relationship.secondary is not None and puts and others:
                found.append(Links(resource, puts[0], relationship.key, others[0]))
    return found


every_nested = every_resource([one for one in RESOURCES if is_nested(one)])
every_positioned = every_resource([one for one in RESOURCES if is_positioned(one)])
every_ordered = every_resource(
    [one for one in RESOURCES if is_positioned(one) and one.list and order_of(one)]
)
every_linked = promise_on_one_engine("links", all_links(), lambda links: links.resource.model)


@pytest.fixture
def proof(resource: Resource, database: Database, admin: Person) -> Proof:
    return Proof(resource, Maker(admin, database=database))


async def positions(proof: Proof) -> dict[str, int]:
    """The positions of the rows of one parent, by id."""
    rows = await proof.listed(sort="position", order="asc") if proof.resource.list else []
    return {row["id"]: row["position"] for row in rows}


@every_nested
async def test_a_child_is_not_found_within_another_parent(
    proof: Proof, database: Database, admin: Person
) -> None:
    row = await proof.made()
    another = Proof(proof.resource, Maker(admin, database=database, serial=proof.maker.serial))
    there = another.at(await another.made()).rpartition("/")[0] + "/" + proof.at(row).rpartition("/")[2]
    assert there != proof.at(row)

    for method, route in (("GET", True), ("PATCH", proof.resource.change), ("DELETE", proof.resource.delete)):
        if route:
            answer = await admin.request(method, there, json=None if method == "GET" else {})
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), method
    assert await proof.read(row) == {name: row[name] for name in await proof.read(row)}


@every_positioned
async def test_new_children_come_last_and_leave_no_gaps(proof: Proof) -> None:
    made = [await proof.made() for _ in range(2)]
    made += await asyncio.gather(*(proof.made() for _ in range(4)))

    assert [row["position"] for row in made[:2]] == [0, 1]
    assert sorted(row["position"] for row in made) == [*range(6)]
    if proof.resource.delete and proof.resource.list:
        for row in (made[0], made[3]):
            assert (await proof.person.delete(proof.at(row))).status_code == 204
        assert [*(await positions(proof)).values()] == [*range(4)]


@every_ordered
async def test_children_are_put_in_another_order(proof: Proof) -> None:
    ids = [(await proof.made())["id"] for _ in range(4)]
    order: Any = order_of(proof.resource)
    there, wanted = await proof.url(order), [ids[2], ids[0], ids[3], ids[1]]

    assert (await proof.person.put(there, json={"ids": wanted})).status_code == 204

    assert await positions(proof) == {id: place for place, id in enumerate(wanted)}
    for wrong in (wanted[1:], [*wanted, wanted[0]], [wanted[0]] * 4, []):
        answer = await proof.person.put(there, json={"ids": wrong})
        assert (answer.status_code, answer.json()["code"]) == (409, "order_outdated")
    assert [*await positions(proof)] == wanted


@every_linked
async def test_links_are_set_and_unset_however_often_it_is_asked(
    links: Links, database: Database, admin: Person, bob: Person
) -> None:
    maker = Maker(admin, database=database)  # of both, so that they are rows of one team
    mine, others = (Proof(one, maker) for one in (links.resource, links.other))
    row, other = await mine.made(), await others.made()
    theirs = await Proof(links.other, Maker(bob, admin, database=database)).made()

    def at(one: Row) -> str:
        return mine.at(row) + PARAMETER.sub(one["id"], path(links.put).removeprefix(path(links.resource.get)))

    for method, expected in (("PUT", True), ("DELETE", False)):
        answers = await asyncio.gather(*(admin.request(method, at(other)) for _ in range(4)))
        assert {one.status_code for one in answers} == {204}
        shown = [one["id"] for one in (await mine.read(row))[links.name]]
        assert (other["id"] in shown, len(shown)) == (expected, len({*shown}))
    if (await admin.get(f"{HOST}{theirs_at(links, theirs)}")).status_code == 404:
        assert (await admin.put(at(theirs))).status_code == 404


def theirs_at(links: Links, row: Row) -> str:
    return PARAMETER.sub(row["id"], path(links.other.get))
