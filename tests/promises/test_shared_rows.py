"""Rows of teams: what their members may do, and that nobody else learns of them.

Every entity that extends `Shared` is asked, by members of each kind and by those who are none.
"""

import asyncio
import json
from typing import Any, NamedTuple

import pytest
from httpx import Response
from sqlmodel import col, select

from api.db.engine import Database
from api.db.trash_tables import is_trashable
from api.models.event import Event
from api.models.team import BasicTeamPermission, TeamPermission, is_shared
from api.openapi import policies
from tests.conftest import MakePerson
from tests.support.described import LISTS, ROUTES, is_of_team, is_of_trash, query_names, query_of
from tests.support.make import Made, join, make_team
from tests.support.makers import Maker, collection, request_of
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import Proof, Row
from tests.support.resources import RESOURCES, Resource, methods

pytestmark = pytest.mark.anyio

OF_ALL = [one for one in ROUTES if getattr(one.response_model, "is_affected", False)]
SHARED = [one for one in RESOURCES if is_shared(one.model)]
every_shared = promise_on_one_engine("resource", SHARED, lambda resource: resource.model)
IN_TRASH = [one for one in SHARED if is_trashable(one.model) and one.delete and one.create]
every_shared_trash = promise_on_one_engine("resource", IN_TRASH, lambda resource: resource.model)
ROLES: dict[str, list[str]] = {"viewer": [], "keeper": ["rows:write"]}


class House(NamedTuple):
    """A team with members of each kind, a row of theirs, and those who are not in the team."""

    resource: Resource
    team: Made
    owner: Person
    writers: list[Person]
    viewer: Person
    outsiders: dict[str, Person]
    proof: Proof
    row: Row

    def body(self, **fields: Any) -> Row:
        return self.proof.sent[self.row["id"]] | fields


@pytest.fixture
async def house(resource: Resource, database: Database, person: MakePerson) -> House:
    owner, admin, member, keeper, viewer, former, other, stranger = [await person() for _ in range(8)]
    site_admin = await person(role="admin")
    team = await make_team(owner, roles=ROLES)
    for who, role in ((admin, "admin"), (member, "member"), (keeper, "keeper"), (viewer, "member")):
        await join(database, team, who, role)
    await join(database, team, former)
    await make_team(other)
    maker = Maker(owner, database=database)
    maker.rows["teams"] = team
    proof = Proof(resource, maker)
    row = await proof.made(is_full=False)
    assert (
        await owner.patch(f"/teams/{team['id']}/members/{viewer.id}", json={"role": "viewer"})
    ).status_code == 200
    assert (await owner.delete(f"/teams/{team['id']}/members/{former.id}")).status_code == 204
    outsiders = {"former member": former, "member of another team": other, "stranger": stranger}
    outsiders |= {"administrator of the site": site_admin}
    return House(resource, team, owner, [owner, admin, member, keeper], viewer, outsiders, proof, row)


def refused(answer: Response, field: str) -> bool:
    """Whether a reference is refused, as one to a row that does not exist."""
    errors = answer.json().get("errors", [])
    return answer.status_code == 422 and [(one["loc"], one["type"]) for one in errors] == [
        (["body", field], "unknown_reference")
    ]


async def listed(house: House, who: Person, **query: Any) -> list[str]:
    answer = await who.get(
        await house.proof.url(house.resource.list), params={"limit": 200, "count": True} | query
    )
    assert answer.status_code == 200, answer.text
    ids = [row["id"] for row in answer.json()["items"]]
    assert answer.json()["total"] == len(ids)
    return ids


@every_shared
async def test_members_share_the_rows_of_their_team(house: House) -> None:
    assert house.row["team_id"] == house.team["id"]
    assert house.row["creator_id"] == house.owner.id, (
        "write update={'creator_id': caller} where it is created"
    )
    for who in (*house.writers, house.viewer):
        assert (await who.get(house.proof.at(house.row))).json() == house.row
        assert house.row["id"] in await listed(house, who)
        assert house.row["id"] in await listed(house, who, team_id=house.team["id"])
        assert await listed(house, who, team_id=who.id) == []


@every_shared
async def test_nobody_else_learns_of_the_rows_of_a_team(house: House) -> None:
    for name, who in house.outsiders.items():
        at = house.proof.at(house.row)
        for method in (
            "GET",
            *(["PATCH"] * bool(house.resource.change)),
            *(["DELETE"] * bool(house.resource.delete)),
        ):
            answer = await who.request(method, at, json={})
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (
                f"a {name} may {method}: depend on shared({house.resource.model.__name__})"
            )
        for query in ({}, {"team_id": house.team["id"]}):
            assert await listed(house, who, **query) == [], (
                f"a {name} sees it in the list: give paginate the scope ours({house.resource.model.__name__})"
            )


@promise_on_one_engine("resource", [one for one in SHARED if one.create], lambda resource: resource.model)
async def test_a_former_member_keeps_no_rows(house: House) -> None:
    """Also not those that they have created."""
    member, model = house.writers[2], house.resource.model.__name__
    answer = await house.proof.post(await house.proof.maker.sample(house.proof.creating), by=member)
    assert answer.status_code == 201, answer.text
    at = house.proof.at(answer.json())
    assert (await member.get(at)).status_code == 200
    assert (await member.delete(f"/teams/{house.team['id']}/members/me")).status_code == 204

    routes = {"GET": True, "PATCH": house.resource.change, "DELETE": house.resource.delete}
    for method in (one for one, route in routes.items() if route):
        refused = await member.request(method, at, json={})
        assert refused.status_code == 404, f"depend on shared({model}), not on owned(…, 'creator_id')"
    assert await listed(house, member) == [], f"give paginate the scope ours({model})"


@every_shared
async def test_every_filter_stays_within_the_teams_of_the_caller(house: House) -> None:
    names = query_names("GET", house.resource.list)
    assert "team_id" in names, "write `team_id: UUID | None = None` in the query class"
    for name in names:
        value = house.row.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            for who in house.outsiders.values():
                assert await listed(house, who, **{name: value}) == []


@promise_on_one_engine("resource", [one for one in SHARED if one.create], lambda resource: resource.model)
async def test_only_members_with_the_permission_create_rows_of_a_team(house: House) -> None:
    url = await house.proof.url(house.resource.create)
    for name, who in house.outsiders.items():
        answer = await who.post(url, **request_of(house.resource.create, house.body()))
        assert refused(answer, "team_id"), (
            f"a {name} creates: await check_team(session, body.team_id, caller)"
        )
    nowhere = house.body(team_id=house.row["id"])
    assert refused(await house.owner.post(url, **request_of(house.resource.create, nowhere)), "team_id")
    denied = await house.viewer.post(url, **request_of(house.resource.create, house.body()))
    assert (denied.status_code, denied.json()["code"]) == (403, "forbidden")
    for who in house.writers:
        answer = await house.proof.post(await house.proof.maker.sample(house.proof.creating), by=who)
        assert answer.status_code == 201, answer.text
        assert answer.json()["creator_id"] == who.id


@every_shared
async def test_only_members_with_the_permission_change_rows_of_a_team(house: House) -> None:
    routes = {"PATCH": (house.resource.change, 200), "DELETE": (house.resource.delete, 204)}
    for method, (route, success) in routes.items():
        if route is None:
            continue
        for who in (house.viewer, *house.writers):
            row = await house.proof.made(is_full=False)
            needed = needs(route)
            answer = await who.request(method, house.proof.at(row), json={})
            may = who is not house.viewer and (
                needed == BasicTeamPermission.write_rows or who in house.writers[:2]
            )
            assert answer.status_code == (success if may else 403), f"{method}: {answer.text}"


@every_shared_trash
async def test_only_members_with_the_permission_restore_rows_of_a_team(house: House) -> None:
    assert (await house.owner.delete(house.proof.at(house.row))).status_code == 204
    there = f"{house.proof.at(house.row)}/restore"

    for who, outsider in house.outsiders.items():
        assert (await outsider.post(there)).status_code == 404, who
    assert (await house.viewer.post(there)).status_code == 403
    assert (await house.writers[2].post(there)).status_code == 200


def needs(route: Any) -> TeamPermission | None:
    """The permission in the team that a route asks for."""
    return next(
        (TeamPermission.of(one.rpartition(" ")[2]) for one in policies(route) if is_of_team(one)), None
    )


@every_shared
async def test_rows_refer_to_rows_of_their_own_team(house: House, database: Database) -> None:
    """Not to those of strangers, and not to those of another team of the caller."""
    elsewhere = Maker(house.owner, database=database)
    elsewhere.rows["teams"] = await make_team(house.owner)
    for body, route, method in (
        (house.proof.creating, house.resource.create, "POST"),
        (house.proof.changing, house.resource.change, "PATCH"),
    ):
        for name in body.fields if route else ():
            there = collection(name, house.resource.model)
            if any(one.collection == there for one in SHARED):
                other = {name: await elsewhere.id_of(there)}
                url = await house.proof.url(route) if method == "POST" else house.proof.at(house.row)
                sent = house.body(**other) if method == "POST" else other
                answer = await house.owner.request(method, url, json=sent)
                assert refused(answer, name), (
                    f"check_reference(…, in_team(…, team_id)) for {name}: {answer.text}"
                )


@every_shared
async def test_all_members_and_nobody_else_are_told(house: House, database: Database) -> None:
    live = getattr(house.resource.model, "__live__", ())
    told = await inboxes(house, database)
    members = {who.id for who in (*house.writers, house.viewer)}
    assert set(told) == (members if "created" in live else set())
    assert all(kinds == {"created"} for kinds in told.values())


async def inboxes(house: House, database: Database) -> dict[str, set[str]]:
    """The kinds of changes of the row that each user is told of."""
    told: dict[str, set[str]] = {}
    async with database.read() as session:
        topic = str(house.resource.model.__tablename__)
        for event in (await session.exec(select(Event).where(col(Event.topic) == topic))).all():
            if json.loads(event.data)["id"] == house.row["id"]:
                told.setdefault(str(event.user_id), set()).add(event.kind.rpartition(".")[2])
    return told


def of_model(routes: Any, house: House, method: str) -> Any:
    """The route with this method that concerns all rows of a filter."""
    return next(
        one for one in routes if method in methods(one) and query_of(one).model is house.resource.model
    )


BY_FILTER = [
    one
    for one in SHARED
    if {"PATCH", "DELETE"}
    <= {method for route in OF_ALL if query_of(route).model is one.model for method in methods(route)}
]


TRASHED = [one for one in SHARED if is_trashable(one.model) and one.delete]


@promise_on_one_engine("resource", TRASHED, lambda resource: resource.model)
async def test_the_trash_of_a_team_is_its_members_own(house: House) -> None:
    """Members see it. Those who may change rows also restore and purge them."""
    trash = next(one for one in LISTS if is_of_trash(one) and query_of(one).model is house.resource.model)
    url, at, name = await house.proof.url(trash), house.proof.at(house.row), house.resource.model.__name__
    for who in house.writers:
        assert (await who.delete(at)).status_code == 204
        for other in (*house.writers, house.viewer):
            assert [row["id"] for row in (await other.get(url)).json()["items"]] == [house.row["id"]]
        for other in house.outsiders.values():
            assert (await other.get(url, params={"count": True})).json()["total"] == 0
        for other in (house.viewer, *house.outsiders.values()):
            wanted = f"in_trash({name}, ours({name}, may=…))"
            assert (await other.post(f"{at}/restore")).status_code in {403, 404}, wanted
            assert (await other.delete(f"{url}/{house.row['id']}")).status_code in {403, 404}, wanted
        assert (await who.post(f"{at}/restore")).status_code == 200


LIVE = [one for one in SHARED if "updated" in one.model.__live__ and one.change]


@promise_on_one_engine("resource", LIVE, lambda resource: resource.model)
async def test_a_former_member_keeps_no_events(house: House, database: Database) -> None:
    """Also not those of changes that are committed while the member is removed."""
    at, body = house.proof.at(house.row), house.proof.changing
    for who in (house.viewer, *house.writers[2:]):
        changes = [await house.proof.maker.full(body) for _ in range(6)]
        changed = [house.owner.patch(at, json=change) for change in changes]
        answers = await asyncio.gather(
            *changed[:3], house.owner.delete(f"/teams/{house.team['id']}/members/{who.id}"), *changed[3:]
        )
        assert {answer.status_code for answer in answers} == {200, 204}
        assert who.id not in await inboxes(house, database)
    assert {who.id for who in house.writers[:2]} <= (await inboxes(house, database)).keys()


@every_shared
async def test_the_rows_of_a_member_stay_with_the_team(house: House) -> None:
    member = house.writers[2]
    answer = await house.proof.post(await house.proof.maker.sample(house.proof.creating), by=member)
    row = answer.json()
    assert (await member.delete("/users/me")).status_code == 204

    kept = (await house.owner.get(house.proof.at(row))).json()

    assert kept | {"creator_id": member.id} == row
    assert kept["creator_id"] is None
    exported = (await house.owner.get(f"/teams/{house.team['id']}/export")).json()
    assert row["id"] in {one["id"] for one in exported[str(house.resource.model.__tablename__)]}
    assert (
        await house.owner.delete(f"/teams/{house.team['id']}/members/{house.viewer.id}")
    ).status_code == 204
    assert (await house.viewer.get(house.proof.at(row))).status_code == 404
