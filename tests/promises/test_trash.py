"""What every entity promises whose deleted rows are moved to the trash."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi.routing import RouteContext
from httpx import AsyncClient
from sqlmodel import SQLModel, col, select

from api.db.engine import Database
from api.db.quotas import creator_of, stored_by
from api.db.trash_tables import TRASH, Trash, is_trashable
from api.flows.pruning import prune
from api.lists.filters import NO_FILTERS
from api.models.base import tables, utcnow
from api.models.event import Event
from api.models.user import User
from api.openapi import policies
from api.settings import Settings
from tests.support.described import LISTS, ROUTES, Body, is_of_trash, query_names, query_of
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import Proof, Row, shows
from tests.support.resources import RESOURCES, Resource, methods, path

pytestmark = pytest.mark.anyio

# Those of the application: other tests have tables of their own
OURS = {table: one for table, one in TRASH.items() if table.metadata is SQLModel.metadata}
TRASHED = [one for one in RESOURCES if is_trashable(one.model) and one.delete and one.create]
CHANGED = {"version", "updated_at"}  # by a restoration
every_trashed = promise_on_one_engine("resource", TRASHED, lambda resource: resource.model)


class Bin:
    """A resource, its trash, and a person who uses both."""

    def __init__(self, resource: Resource, maker: Maker, database: Database) -> None:
        self.resource, self.proof, self.person = resource, Proof(resource, maker), maker.client
        self.database, self.model = database, resource.model
        self.of: Trash = TRASH[self.model.__table__]
        name = self.model.__name__
        of_trash = [one for one in LISTS if is_of_trash(one) and query_of(one).model is self.model]
        assert of_trash, f"nobody sees the trash of {name}: add a list with a TrashQuery[{name}]"
        self.list = of_trash[0]
        self.restore = route_at("POST", f"{path(resource.get)}/restore")
        assert self.restore, f"no row of {name} can be restored: add POST {path(resource.get)}/restore"
        self.purge = route_at("DELETE", f"{path(self.list)}/{{id}}")

    async def listed(self, by: AsyncClient | None = None) -> list[Row]:
        url = await self.proof.url(self.list)
        answer = await (by or self.person).get(url, params={"limit": 200, "count": True})
        if by is not None and answer.status_code != 200:
            return []
        page = answer.json()
        assert page["total"] == len(page["items"])
        return list(page["items"])

    async def deleted(self, **fields: Any) -> Row:
        """A row that is in the trash, as it was before."""
        row = await self.proof.shown(**fields)
        assert (await self.person.delete(self.proof.at(row))).status_code == 204
        return row

    async def restored(self, row: Row) -> Row:
        answer = await self.person.post(f"{self.proof.at(row)}/restore")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def purged(self, row: Row, by: AsyncClient | None = None) -> int:
        url = await self.proof.url(self.list)
        return (await (by or self.person).delete(f"{url}/{row['id']}")).status_code

    async def stored(self) -> dict[str, set[str]]:
        """All rows of the tables of the trash."""
        async with self.database.engine.connect() as connection:
            tables = [one.trash for one in OURS.values()]
            return {t.name: {str(row) for row in await connection.execute(sa.select(t))} for t in tables}


def route_at(method: str, at: str) -> RouteContext | None:
    return next((one for one in ROUTES if method in methods(one) and path(one) == at), None)


@pytest.fixture
def trash(resource: Resource, database: Database, admin: Person) -> Bin:
    return Bin(resource, Maker(admin, database=database), database)


@pytest.fixture
def own_trash(resource: Resource, database: Database, ada: Person, admin: Person) -> Bin:
    return Bin(resource, Maker(ada, admin, database), database)


async def told(database: Database, id: str) -> list[str]:
    """The kinds of events about a row, in order."""
    events = await database.rows(select(Event).order_by(col(Event.number)))
    return [event.kind.rpartition(".")[2] for event in events if json.loads(event.data).get("id") == id]


@every_trashed
async def test_a_deleted_row_is_in_the_trash_and_nowhere_else(trash: Bin) -> None:
    proof, other = trash.proof, await trash.proof.shown()
    row = await trash.deleted()

    assert (await trash.person.get(proof.at(row))).status_code == 404
    [there] = await trash.listed()
    assert there["deleted_at"] is not None
    same = columns(trash, row) - {"deleted_at"}
    assert {name: there[name] for name in same} == {name: row[name] for name in same}
    if proof.resource.list is not None:
        assert row["id"] not in await proof.ids()
        for name in query_names("GET", proof.resource.list):
            if name not in NO_FILTERS and shows(row, name) and row.get(name) is not None:
                assert row["id"] not in await proof.ids(**{name: row[name]}), name
        url = await proof.url(proof.resource.list)
        page = (await trash.person.get(url, params={"count": True, "limit": 200})).json()
        assert page["total"] == len(page["items"])
    assert await proof.read(other) == other
    refused = await trash.person.post(f"{proof.at(other)}/restore")
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


def columns(trash: Bin, row: Row) -> set[str]:
    """What a row shows of its own."""
    return set(trash.of.columns) & row.keys()


@every_trashed
async def test_a_restored_row_is_as_it_was_with_another_version(trash: Bin) -> None:
    proof, row = trash.proof, await trash.proof.shown()
    seen = (await trash.person.get(proof.at(row))).headers["etag"]
    assert (await trash.person.delete(proof.at(row), headers={"If-Match": seen})).status_code == 204
    at = f"{proof.at(row)}/restore"
    stale = await trash.person.post(at, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (await trash.person.post(at, headers={"If-Match": seen})).status_code == 200

    now = await proof.read(row)
    assert {name for name in row if now[name] != row[name]} == CHANGED
    assert (await trash.person.get(proof.at(row), headers={"If-None-Match": seen})).status_code == 200
    assert (await trash.person.delete(proof.at(row), headers={"If-Match": seen})).status_code == 412
    assert await trash.listed() == []
    assert (await trash.person.post(at)).status_code == 404
    if proof.resource.list is not None:
        assert row["id"] in await proof.ids()
    assert not any((await trash.stored()).values())


@every_trashed
async def test_the_trash_is_told_of_as_deleting_and_creating(own_trash: Bin, database: Database) -> None:
    live = own_trash.model.__live__
    row = await own_trash.deleted()
    await own_trash.restored(row)

    wanted = [action for action in ("created", "deleted", "created") if action in live]
    assert await told(database, row["id"]) == wanted


@every_trashed
async def test_unique_values_of_a_row_in_the_trash_are_free(trash: Bin) -> None:
    proof = trash.proof
    for rule in proof.unique():
        first = await proof.made()
        names = [name for name in rule.columns if name in proof.creating.fields]
        same = {name: proof.sent[first["id"]][name] for name in names}
        assert (await trash.person.delete(proof.at(first))).status_code == 204
        answer = await proof.post(await proof.maker.full(proof.creating) | same)
        assert answer.status_code == 201, answer.text

        refused = await trash.person.post(f"{proof.at(first)}/restore")
        assert refused.status_code == 409, refused.text
        assert refused.json()["code"] in {"already_exists", "conflict"}
        assert not rule.is_plain or refused.json()["errors"][0]["loc"][-1] == names[-1]
        assert first["id"] in {row["id"] for row in await trash.listed()}
        assert (await trash.person.delete(proof.at(answer.json()))).status_code == 204
        await trash.restored(first)


def referring(model: Any) -> Iterator[tuple[Resource, str]]:
    """What can be made, and refers to rows of this model in its body."""
    for resource in RESOURCES:
        fields = Body.of(resource.create).fields if resource.create else {}
        for name in fields:
            column = getattr(resource.model, "__table__", sa.table("none")).columns.get(name)
            keys = [] if column is None else column.foreign_keys
            if any(key.column.table is model.__table__ for key in keys):
                yield resource, name


@every_trashed
async def test_a_row_in_the_trash_cannot_be_referred_to(trash: Bin) -> None:
    row = await trash.deleted()
    for resource, name in referring(trash.model):
        proof = Proof(resource, trash.proof.maker)
        answer = await proof.post(await proof.maker.full(proof.creating) | {name: row["id"]})
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["loc"] == ["body", name]
        assert answer.json()["errors"][0]["type"] == "unknown_reference"


@every_trashed
async def test_who_may_not_see_a_row_does_not_see_it_in_the_trash(
    own_trash: Bin, bob: Person, client: AsyncClient, staff: Person
) -> None:
    proof, row = own_trash.proof, await own_trash.proof.shown()
    blind = [who for who in (bob, staff, client) if (await who.get(proof.at(row))).status_code != 200]
    assert blind or "own" not in policies(proof.resource.get)
    assert (await own_trash.person.delete(proof.at(row))).status_code == 204

    for who in blind:
        assert row["id"] not in {one["id"] for one in await own_trash.listed(who)}
        assert (await who.post(f"{proof.at(row)}/restore")).status_code in {401, 403, 404}
        assert own_trash.purge is None or await own_trash.purged(row, who) in {401, 403, 404}
    assert [one["id"] for one in await own_trash.listed()] == [row["id"]]
    exported = (await own_trash.person.get("/users/me/export")).json()
    if (name := own_trash.of.trash.name) in exported:
        assert [one["id"] for one in exported[name]] == [row["id"]]
        assert row["id"] not in {one["id"] for one in exported[own_trash.of.table.name]}
    await own_trash.restored(row)


@every_trashed
async def test_what_is_in_the_trash_is_stored_until_it_is_purged(
    own_trash: Bin, database: Database, settings: Settings
) -> None:
    async def usage() -> Any:
        counting = stored_by(database.engine.dialect)
        return [*(await database.rows(counting, creator=UUID(own_trash.person.id)))[0]]

    row = await own_trash.proof.shown()
    before = await usage()
    assert (await own_trash.person.delete(own_trash.proof.at(row))).status_code == 204
    if creator_of(own_trash.model):
        assert [int(one) for one in await usage()] >= [int(one) for one in before]
    old = utcnow() - timedelta(days=settings.trash_days)
    for age, left in ((timedelta(hours=1), 1), (-timedelta(hours=1), 0)):
        async with database.engine.begin() as connection:
            await connection.execute(sa.update(own_trash.of.trash).values(deleted_at=old + age))
        await prune(database, settings)
        assert len(await own_trash.listed()) == left
    assert (await own_trash.person.post(f"{own_trash.proof.at(row)}/restore")).status_code == 404
    assert not any((await own_trash.stored()).values())
    if own_trash.purge is not None:
        row = await own_trash.deleted()
        assert await own_trash.purged(row) == 204
        assert await own_trash.purged(row) == 404
        assert not any((await own_trash.stored()).values())


@every_trashed
async def test_the_trash_is_deleted_with_the_account(own_trash: Bin, database: Database) -> None:
    row = await own_trash.deleted()
    async with database.write() as session, session.begin():
        user = await session.get_one(User, UUID(own_trash.person.id))
        await session.delete(user)
    cascades = any(
        key.column.table is User.__table__ and key.ondelete == "CASCADE"  # type: ignore[attr-defined]
        for key in own_trash.of.table.foreign_keys
    )
    ids = (await own_trash.stored())[own_trash.of.trash.name]
    assert not cascades or not any(row["id"].replace("-", "") in one.replace("-", "") for one in ids)


async def grown(trash: Bin, of: Trash, id: UUID, depth: int = 0) -> None:
    """Add rows that are deleted with this one, and with those."""
    models = {model.__table__: model for model in tables()}
    for child in of.children:
        if child.table in models and depth < 2:
            fields: Row = {child.column: id}
            if len(child.table.primary_key) == 1:
                fields |= {n: None for n, c in child.table.columns.items() if c.nullable and c.foreign_keys}
            made = await trash.proof.maker.insert(models[child.table], **fields | {child.column: id})
            if len(child.table.primary_key) == 1:
                await grown(trash, TRASH[child.table], UUID(made["id"]), depth + 1)


@every_trashed
async def test_what_is_deleted_with_a_row_comes_back_with_it(trash: Bin) -> None:
    row = await trash.proof.shown()
    await grown(trash, trash.of, UUID(row["id"]))
    read = await trash.proof.read(row)
    children = {child.table for one in OURS.values() for child in one.children} - {trash.of.table}

    async def stored() -> dict[str, Any]:
        async with trash.database.engine.connect() as connection:
            return {t.name: {str(one) for one in await connection.execute(sa.select(t))} for t in children}

    before = await stored()
    assert (await trash.person.delete(trash.proof.at(row))).status_code == 204
    for child in trash.of.children:
        assert not any(row["id"] in one for one in (await stored())[child.table.name])
    assert [one["id"] for one in await trash.listed()] == [row["id"]]
    after = await trash.restored(row)
    assert {name for name in read if after[name] != read[name]} == CHANGED
    assert await stored() == before


def test_every_entity_with_a_trash_has_routes_for_it() -> None:
    shown = {query_of(one).model for one in LISTS if is_of_trash(one)}
    assert {one.model for one in TRASHED} == shown
