"""What every entity promises whose rows belong to teams: a role without permissions changes none of them."""

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
from tests.support.resources import Resource, methods, path

pytestmark = pytest.mark.anyio

OF_TEAMS = [one for one in TRASHED if is_of_team(one.model)]
ALL_OF_TEAMS = [one for one in OF_ALL if is_of_team(query_of(one).model)]
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
