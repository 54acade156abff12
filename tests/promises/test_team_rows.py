"""What every entity promises whose rows belong to teams: a role without permissions changes none of them."""

import asyncio

import pytest
from fastapi.routing import RouteContext

from api.db.engine import Database
from api.models.team import is_of_team
from tests.promises.test_many import (
    BULK,
    OF_ALL,
    UPSERTS,
    filter_for,
    keyed,
    parameter_of,
    resource_of,
    rows_for,
)
from tests.promises.test_trash import TRASHED, Bin
from tests.support.described import Body, model_of, query_of
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
OF_MANY = [one for one in BULK if is_of_team(model_of(parameter_of(one.response_model)))]
BY_KEY = [one for one in UPSERTS if is_of_team(model_of(one.response_model))]
every_bulk = promise("route", OF_MANY, lambda route: model_of(parameter_of(route.response_model)))
every_upsert = promise("route", BY_KEY, lambda route: model_of(route.response_model))
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


@every_bulk
async def test_only_those_who_may_write_make_many_rows_of_a_team(
    route: RouteContext, database: Database, ada: Person, bob: Person, admin: Person
) -> None:
    maker = Maker(ada, admin, database)
    url, sent = f"{HOST}{await maker.url(route)}", await rows_for(maker, route, 2)
    proof = Proof(resource_of(model_of(parameter_of(route.response_model))), maker)
    before = await proof.listed()
    for role, status in ((None, 422), ("viewer", 403)):
        if role:
            await join(database, {"id": sent[0]["team_id"]}, bob, role)
        refused = await bob.post(url, json={"items": sent})
        assert refused.status_code in {409, 422}, f"await check_team(…): {refused.text}"
        some = await bob.post(url, json={"items": sent}, params={"partial": True})
        assert [item["status"] for item in some.json()["items"]] == [status, status], some.text
    assert await proof.listed() == before


@every_upsert
async def test_only_those_who_may_write_make_a_row_of_a_team_by_its_key(
    route: RouteContext, database: Database, ada: Person, bob: Person, admin: Person
) -> None:
    """Also not if there is one with this key, which they would replace."""
    maker = Maker(ada, admin, database)
    for number in range(2):
        url, sent = keyed(route, await maker.full(Body.of(route)), number)
        row = (await ada.put(url, json=sent)).json() if number else None
        team = {"id": sent["team_id"]}

        strange = await bob.put(url, json=sent)
        await join(database, team, bob, "viewer")
        viewed = await bob.put(url, json=sent)
        assert (strange.status_code, viewed.status_code) == (422, 403), (
            "await check_team(…) before the upsert"
        )
        assert (await bob.delete(f"/teams/{team['id']}/members/me")).status_code == 204
        again = await ada.put(url, json=sent)
        assert again.status_code == (200 if row else 201)
        assert row is None or again.json() == row
