"""Who sees and who may change the rows of every entity, by what the policies of its routes say."""

import json
from itertools import count
from typing import Any, NamedTuple

import pytest
from fastapi.routing import RouteContext
from httpx import AsyncClient
from sqlmodel import select

from api.db.engine import Database
from api.lists.conditions import ALL_SUFFIXES
from api.lists.filters import NO_FILTERS
from api.models.event import Event
from api.models.role import SEEDED, seeded_permissions
from api.openapi import policies
from tests.support.described import (
    ROUTES,
    Body,
    deref,
    is_endless,
    is_of_team,
    model_of,
    operation,
    query_names,
)
from tests.support.makers import Maker, request_of
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import HOST, Proof, Row, everything, read_csv, shown, shows
from tests.support.resources import RESOURCES, Resource, methods
from tests.support.values import nth

pytestmark = pytest.mark.anyio

every_resource = promise_on_one_engine("resource", RESOURCES, lambda resource: resource.model)
SCOPED = [
    one
    for one in RESOURCES
    if {"own", "visible"} & {who.partition(" or ")[0] for who in policies(one.get)}
    or any(map(is_of_team, policies(one.get)))
]


class Caller(NamedTuple):
    """A client, and what its role permits; the permissions of a client without a token are None."""

    client: Any  # Person or AsyncClient
    permissions: set[str] | None
    name: str

    def meets(self, policy: list[str], *, own: bool, visible: bool = True) -> bool:
        """Whether they are all that a policy asks for, such as `signed in` and `own or users:read`."""
        known = {"public": True, "signed in": self.permissions is not None, "own": own, "visible": visible}
        permitted = self.permissions or set()
        known |= {one: own for one in policy if is_of_team(one)}  # each makes a team, and owns it
        return all(any(known.get(one, one in permitted) for one in need.split(" or ")) for need in policy)

    def expects(self, policy: list[str], success: int, *, own: bool, seen: bool | None = None) -> set[int]:
        """The statuses they may get: 404 for a row that they do not see, unless they may not ask at all."""
        if self.permissions is None and "signed in" in policy:
            return {401}
        if not self.meets(policy, own=True):
            return {403} if seen is not False else {403, 404}
        if self.meets(policy, own=own, visible=seen is not None):
            return {404} if seen is False else {success}
        if seen:  # they may read it; to change it, `owned` finds only their own
            return {403, 404}
        return {404, success} if seen is None and self.meets(policy, own=own) else {404}


class Callers:
    """One caller of each kind. Their rows refer to rows of their own, if they may make any."""

    def __init__(self, resource: Resource, people: list[Caller], admin: Person, database: Database) -> None:
        self.resource, self.all, self.admin, self.database = resource, people, admin, database
        self.serial = count(1)  # no two of them write the same
        self.proofs = {who.name: self.proof(who) for who in people}

    def proof(self, who: Caller, *, is_full: bool = False) -> Proof:
        client, helper = (self.admin, None) if who.permissions is None else (who.client, self.admin)
        return Proof(self.resource, Maker(client, helper, self.database, is_full, serial=self.serial))

    def may_create(self, who: Caller) -> bool:
        if self.resource.create is None:
            return who.permissions is not None
        return who.meets(policies(self.resource.create), own=True)

    @property
    def creators(self) -> list[Caller]:
        return [who for who in self.all if self.may_create(who)]


@pytest.fixture
def callers(
    resource: Resource,
    database: Database,
    client: AsyncClient,
    ada: Person,
    bob: Person,
    staff: Person,
    admin: Person,
) -> Callers:
    rights = {name: set(map(str, seeded_permissions(name))) for name in SEEDED}
    people = [Caller(ada, set(), "ada"), Caller(bob, set(), "bob"), Caller(staff, rights["staff"], "staff")]
    people += [Caller(admin, rights["admin"], "admin"), Caller(client, None, "nobody")]
    return Callers(resource, people, admin, database)


@every_resource
async def test_every_caller_gets_what_the_policy_says(callers: Callers, resource: Resource) -> None:
    creator = callers.creators[0]
    proof = callers.proofs[creator.name]
    for who in callers.all:
        if resource.create is not None:
            own = callers.proofs[who.name]
            answer = await own.post(await own.maker.full(own.creating), by=who.client)
            expected = who.expects(policies(resource.create), 201, own=True, seen=True)
            assert answer.status_code in expected, f"{who.name} creates: {answer.text}"

        row, is_own = await proof.made(), who is creator
        read = await who.client.get(proof.at(row))
        seen = read.status_code == 200
        assert read.status_code in who.expects(policies(resource.get), 200, own=is_own), f"{who.name} reads"
        if resource.list is not None:
            await check_list(proof, who, row, is_own=is_own, is_seen=seen)
        for route, method, success in ((resource.change, "PATCH", 200), (resource.delete, "DELETE", 204)):
            if route is not None:
                answer = await who.client.request(method, proof.at(row), json={})
                expected = who.expects(policies(route), success, own=is_own, seen=seen)
                assert answer.status_code in expected, f"{who.name} {method}: {answer.text}"


async def check_list(proof: Proof, who: Caller, row: Row, *, is_own: bool, is_seen: bool) -> None:
    """A row is in the list of those who may read it. A list within a row may be hidden with that row."""
    route = proof.resource.list
    page = await who.client.get(await proof.url(route), params={"limit": 200, "count": True})
    is_nested = "{" in str(route.path_format)
    expected = who.expects(policies(route), 200, own=is_own, seen=None if is_nested else True)
    assert page.status_code in expected, f"{who.name} lists: {page.text}"
    if page.status_code == 200:
        found = [item["id"] for item in page.json()["items"]]
        assert (row["id"] in found) is is_seen, f"{who.name} sees it in one place only"
        assert page.json()["total"] == len(found)
    else:
        assert not is_seen or is_nested


@every_resource
async def test_lists_counts_and_exports_show_what_the_caller_may_read(
    callers: Callers, resource: Resource
) -> None:
    known: dict[str, tuple[Proof, Row]] = {}
    for who in callers.creators:
        proof = callers.proofs[who.name]
        for is_full in (True, False):
            row = await proof.made(is_full=is_full)
            known[row["id"]] = (proof, row)
    for who in callers.all:
        readable = {
            id
            for id, (proof, row) in known.items()
            if (await who.client.get(proof.at(row))).status_code == 200
        }
        places = {await proof.url(resource.list) for proof, _ in known.values()} if resource.list else set()
        for url in places:
            there = {id for id, (proof, _) in known.items() if await proof.url(resource.list) == url}
            await check_page(who, url, resource, readable & there, known)
        for export in resource.exports:
            answer = await who.client.get(f"{HOST}{await callers.proofs['admin'].maker.url(export)}")
            if answer.status_code == 200:
                exported = {row["id"] for row in read_csv(answer.text)}
                assert exported & known.keys() == readable, (
                    f"the export shows {who.name} what they may not read"
                )
        await check_events(who, resource, readable, known.keys(), callers.database)
        if who.permissions is not None:
            account = (await who.client.get("/users/me/export")).json()
            mine = {row["id"] for row in account.get(resource.model.__tablename__, ())}
            assert mine & known.keys() <= readable, (
                f"the export of {who.name} has rows that they may not read"
            )


async def check_page(
    who: Caller, url: str, resource: Resource, readable: set[str], known: dict[str, Any]
) -> None:
    if (await who.client.get(url)).status_code != 200:
        assert not readable or "{" in str(resource.list.path_format), (
            f"{who.name} reads rows, and no list of them"
        )
        return
    listed = {row["id"] for row in await everything(who.client, url)}
    assert listed & known.keys() == readable, f"{who.name} is shown other rows than they may read"
    counted = await who.client.get(url, params={"count": True, "limit": 1})
    assert counted.json()["total"] == len(listed), f"{who.name} is told how many rows others have"
    for name, part in query_names("GET", resource.list).items():
        if name not in NO_FILTERS:
            for value in asked(name, deref(part.get("items", part)), [row for _, row in known.values()]):
                answer = await who.client.get(url, params={name: value, "limit": 200, "count": True})
                assert answer.status_code == 200, f"{name}={value}: {answer.text}"
                found = {row["id"] for row in answer.json()["items"]}
                assert found <= listed, f"{name} shows {who.name} rows that the list does not show"
                assert answer.json()["total"] == len(found), f"{name} counts other rows than it finds"


def asked(name: str, part: Row, rows: list[Row]) -> list[Any]:
    """Values of rows that a filter would find if it forgot whose they are."""
    if part.get("type") == "boolean":
        return [True, False]
    if name == "q":
        return ["sample"]
    stem = next((name.removesuffix(one) for one in ALL_SUFFIXES if name.endswith(one)), name)
    names = [one for one in (name, stem, f"{stem}_at") if any(shows(row, one) for row in rows)]
    values = {str(shown(row, one)): shown(row, one) for one in names[:1] for row in rows if shows(row, one)}
    found = [value for value in values.values() if value is not None and not isinstance(value, dict)]
    if not found and part.get("format") != "uuid":  # it may be of what a row refers to
        found = [nth(part, 1, 0)]
    return found


async def check_events(
    who: Caller, resource: Resource, readable: set[str], known: Any, database: Database
) -> None:
    """What is told of a row is told to those who may read it."""
    async with database.read() as session:
        events = (await session.exec(select(Event).where(Event.topic == resource.model.__tablename__))).all()
    ids = {
        json.loads(event.data)["id"]
        for event in events
        if str(event.user_id) == getattr(who.client, "id", "")
    }
    assert ids & set(known) <= readable, f"{who.name} is told of rows that they may not read"


@promise_on_one_engine("resource", SCOPED, lambda resource: resource.model)
async def test_rows_of_some_are_hidden_from_others(callers: Callers, resource: Resource) -> None:
    """At least one row is hidden from one user: else a policy such as `own` or `visible` means nothing."""
    hidden = set()
    for is_full in (True, False):
        creator = callers.creators[0]
        proof = callers.proof(creator, is_full=is_full)
        for body_is_full in (True, False):
            row = await proof.made(is_full=body_is_full)
            for who in callers.all:
                if who is not creator and who.permissions == set():
                    hidden.add((await who.client.get(proof.at(row))).status_code in {403, 404})
    assert True in hidden


# Every operation


class Operation(NamedTuple):
    method: str
    route: RouteContext

    def __str__(self) -> str:
        return f"{self.method} {self.route.path_format}"


def needs_permission(route: RouteContext) -> bool:
    """Whether those without a permission are kept out, at least where the row is not theirs."""
    return any(":" in need and "visible" not in need and not is_of_team(need) for need in policies(route))


OPERATIONS = [Operation(method, route) for route in ROUTES for method in sorted(methods(route))]
PERMITTED = [
    one
    for one in OPERATIONS
    if needs_permission(one.route) and not is_endless(operation(one.route, one.method))
]


@promise_on_one_engine("permitted", PERMITTED, lambda one: model_of(one.route.response_model))
async def test_a_caller_without_the_permission_is_refused(
    permitted: Operation, admin: Person, ada: Person, database: Database
) -> None:
    """On every route, not only on those that read, change and delete a row."""
    method, route = permitted
    maker = Maker(admin, database=database)
    request = {} if route.body_field is None else request_of(route, await maker.sample(Body.of(route)))
    answer = await ada.request(method, f"{HOST}{await maker.url(route)}", **request)
    assert answer.status_code in {403, 404}, f"{method} {route.path_format}: {answer.text}"
    if all("own" not in need and "visible" not in need for need in policies(route)):
        assert answer.status_code == 403
