"""What every entity promises whose rows belong to teams: a role without permissions changes none of them."""

import asyncio

import pytest
from fastapi.routing import RouteContext

from api.db.engine import Database
from api.models.team import is_of_team
from tests.promises.test_many import OF_ALL, filter_for, resource_of
from tests.promises.test_trash import TRASHED, Bin
from tests.support.described import query_of
from tests.support.make import join
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import promise
from tests.support.proofs import HOST, Proof
from tests.support.resources import RESOURCES, Resource, methods, path

pytestmark = pytest.mark.anyio

OF_TEAMS = [one for one in TRASHED if is_of_team(one.model)]
ALL_OF_TEAMS = [one for one in OF_ALL if is_of_team(query_of(one).model)]
CHANGED = [
    one
    for one in RESOURCES
    if is_of_team(one.model) and one.create and one.change and "{team" not in path(one.get)
]
every_changed = promise("resource", CHANGED, lambda resource: resource.model)
every_trashed = promise("resource", OF_TEAMS, lambda resource: resource.model)
every_change_of_all = promise("route", ALL_OF_TEAMS, lambda route: query_of(route).model)


@every_trashed
async def test_a_viewer_neither_restores_nor_purges(
    resource: Resource, database: Database, ada: Person, bob: Person, admin: Person
) -> None:
    trash = Bin(resource, Maker(ada, admin, database), database)
    row = await trash.deleted()
    team = {"id": row["team_id"]}
    assert (await bob.post(f"{trash.proof.at(row)}/restore")).status_code == 404
    assert await trash.purged(row, bob) == 404

    await join(database, team, bob, "viewer")
    assert [one["id"] for one in await trash.listed(bob)] == [row["id"]]
    refused = await bob.post(f"{trash.proof.at(row)}/restore")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    if trash.purge:
        assert await trash.purged(row, bob) == 403

    await trash.restored(row)


@every_change_of_all
async def test_a_viewer_changes_nothing_that_a_filter_names(
    route: RouteContext, database: Database, ada: Person, bob: Person, admin: Person
) -> None:
    [method], resource = methods(route), resource_of(query_of(route).model)
    proof, own = (Proof(resource, Maker(who, admin, database)) for who in (ada, bob))
    row, mine = await proof.made(), await own.made()
    await join(database, {"id": row["team_id"]}, bob, "viewer")
    url, query = f"{HOST}{path(route)}", filter_for(route, row)

    for params in (query, query | {"dry_run": True}):
        refused = await bob.request(method, url, params=params, json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")

    assert await proof.read(row) == row
    done = await bob.request(
        method, url, params=filter_for(route, mine) | {"team_id": mine["team_id"]}, json={}
    )
    assert (done.status_code, done.json()["count"]) == (200, 1)


@every_changed
async def test_a_team_ends_while_its_members_write(
    resource: Resource, database: Database, ada: Person, bob: Person, admin: Person
) -> None:
    for _ in range(5):
        proof = Proof(resource, Maker(ada, admin, database))
        row = await proof.made()
        team = {"id": row["team_id"]}
        await join(database, team, bob)
        changes = (who.patch(proof.at(row), json={}) for who in (bob, ada, bob))
        creations = [proof.post(await proof.maker.full(proof.creating) | {"team_id": team["id"]}, bob)]

        ended, *others = await asyncio.gather(ada.delete(f"/teams/{team['id']}"), *changes, *creations)

        assert ended.status_code == 204, ended.text
        assert {one.status_code for one in others} <= {200, 201, 404, 422, 503}
