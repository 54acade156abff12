"""What every entity promises that has a history."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from httpx import AsyncClient

from api.db.engine import Database
from api.db.history import STORED
from api.db.trash_tables import is_trashable
from api.flows.pruning import prune
from api.models.row_change import has_history
from api.models.user import User
from api.settings import Settings
from tests.support.described import LISTS, query_of
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import Proof, Row, shown
from tests.support.resources import RESOURCES, Resource, path

pytestmark = pytest.mark.anyio

KEPT = [one for one in RESOURCES if has_history(one.model) and one.create and one.change]
every_kept = promise_on_one_engine("resource", KEPT, lambda resource: resource.model)


@pytest.fixture
def proof(resource: Resource, database: Database, ada: Person, admin: Person) -> Proof:
    at = f"{path(resource.get)}/history"
    assert at in map(path, LISTS), f"nobody sees the history of {resource.model.__name__}: add GET {at}"
    return Proof(resource, Maker(ada, admin, database))


async def told(proof: Proof, row: Row, **query: Any) -> list[Row]:
    answer = await proof.person.get(f"{proof.at(row)}/history", params={"order": "asc"} | query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def stored(database: Database, row: Row) -> int:
    counting = sa.select(sa.func.count()).select_from(STORED).where(STORED.c.row_id == UUID(row["id"]))
    async with database.engine.connect() as connection:
        return int((await connection.execute(counting)).scalar_one())


async def changed(proof: Proof, row: Row, name: str) -> Row:
    part = proof.changing.fields[name]
    value = await proof.maker.another(name, part, shown(row, name), proof.changing.model)
    answer = await proof.person.patch(proof.at(row), json={name: value})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@every_kept
async def test_every_change_is_in_the_history_in_order(proof: Proof) -> None:
    row = await proof.shown()
    wanted: list[tuple[str, list[str], Row]] = [("created", [], row)]
    for name in proof.changing.fields:
        row = await changed(proof, row, name)
        wanted.append(("updated", [name], row))
    assert (await proof.person.patch(proof.at(row), json={"nonsense": 1})).status_code == 422
    if is_trashable(proof.resource.model):
        assert (await proof.person.delete(proof.at(row))).status_code == 204
        assert (await proof.person.get(f"{proof.at(row)}/history")).status_code == 404
        wanted.append(("deleted", [], row))
        answer = await proof.person.post(f"{proof.at(row)}/restore")
        assert answer.status_code == 200, answer.text
        wanted.append(("restored", [], answer.json()))

    found = await told(proof, row)
    assert [(one["action"], one["changed"], one["row"]) for one in found] == wanted
    assert {one["by"]["id"] for one in found} == {proof.person.id}
    times = [datetime.fromisoformat(one["created_at"]).astimezone(UTC) for one in found]
    assert times == sorted(times)
    assert await told(proof, row, limit=2, order="desc") == found[:-3:-1]
    assert (await told(proof, await proof.shown()))[0]["row"]["id"] != row["id"]


@every_kept
async def test_many_changes_at_once_are_all_in_the_history(proof: Proof) -> None:
    row = await proof.shown()
    name = next(iter(proof.changing.fields))
    values = [
        await proof.maker.another(name, proof.changing.fields[name], shown(row, name), proof.changing.model)
        for _ in range(6)
    ]
    answers = await asyncio.gather(
        *(proof.person.patch(proof.at(row), json={name: value}) for value in values)
    )
    versions = {answer.json()["version"] for answer in answers if answer.status_code == 200}
    assert versions

    found = [one["row"]["version"] for one in await told(proof, row) if one["action"] == "updated"]
    assert set(found) == versions
    assert len(found) == len(versions)


@every_kept
async def test_a_history_is_hidden_with_its_row(proof: Proof, bob: Person, client: AsyncClient) -> None:
    row = await proof.shown()
    for who in (bob, client):
        if (seen := await who.get(proof.at(row))).status_code != 200:
            answer = await who.get(f"{proof.at(row)}/history", params={"count": True})
            assert answer.status_code == seen.status_code
            assert answer.json().keys() == seen.json().keys()


@every_kept
async def test_a_history_is_deleted_with_its_row(
    proof: Proof, database: Database, settings: Settings
) -> None:
    rows = [await proof.shown() for _ in range(3)]
    first, second, third = rows
    assert [await stored(database, row) for row in rows] == [1, 1, 1]
    if proof.resource.delete is not None:
        assert (await proof.person.delete(proof.at(first))).status_code == 204
        if is_trashable(proof.resource.model):
            assert await stored(database, first) == 2
            collection = proof.at(first).rpartition("/")[0]
            assert (await proof.person.delete(f"{collection}/trash/{first['id']}")).status_code == 204
        assert await stored(database, first) == 0
    table = proof.resource.model.__table__
    async with database.engine.begin() as connection:  # as when a parent goes
        await connection.execute(sa.delete(table).where(table.c.id == UUID(second["id"])))
    await prune(database, settings)
    assert [await stored(database, row) for row in (second, third)] == [0, 1]
    async with database.write() as session, session.begin():
        await session.delete(await session.get_one(User, UUID(proof.person.id)))
    await prune(database, settings)
    if not await database.rows(sa.select(table.c.id).where(table.c.id == UUID(third["id"]))):
        assert await stored(database, third) == 0


def test_every_history_belongs_to_an_entity_that_has_one() -> None:
    histories = [one for one in LISTS if query_of(one).model.__name__ == "RowChange"]
    assert len(histories) >= len(KEPT)
