"""The trash: what is deleted is gone everywhere, and comes back with all that was deleted with it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import col, select

from api.db.engine import Database
from api.settings import Settings
from tests.machinery.crates import Item, ItemLink, Remark, Seal, Sticker, Stored, crates, items
from tests.support.apart import with_routes
from tests.support.make import make
from tests.support.people import Person

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module", params=["true", "false"], ids=["fast", "plain"])
async def running_crates(settings: Settings, request: Any) -> AsyncIterator[FastAPI]:
    app = with_routes(settings, crates, items, fast_path=request.param)
    database: Database = app.state.database
    async with database.engine.begin() as connection:
        await connection.run_sync(Stored.metadata.create_all)
    yield app
    async with database.engine.begin() as connection:
        await connection.run_sync(Stored.metadata.drop_all)
    await database.close()


@pytest.fixture
async def storage(app: FastAPI, running_crates: FastAPI) -> AsyncIterator[Database]:
    database: Database = running_crates.state.database
    yield database
    async with database.engine.begin() as connection:
        for table in reversed(Stored.metadata.sorted_tables):
            await connection.execute(table.delete())


@pytest.fixture
def keeper(storage: Database, running_crates: FastAPI, ada: Person) -> Person:
    return ada.through(running_crates)


@pytest.fixture
def stranger(storage: Database, running_crates: FastAPI, bob: Person) -> Person:
    return bob.through(running_crates)


async def write(database: Database, *rows: Any) -> None:
    async with database.write() as session, session.begin():
        for row in rows:
            session.add(row)
            await session.flush()


async def stored(database: Database) -> dict[str, set[tuple[Any, ...]]]:
    """The rows of all tables."""
    async with database.engine.connect() as connection:
        return {
            table.name.removeprefix("apart_"): {
                tuple(map(str, row)) for row in (await connection.execute(sa.select(table))).all()
            }
            for table in Stored.metadata.sorted_tables
        }


async def ids(person: Person, path: str, **query: Any) -> list[str]:
    answer = await person.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["items"]]


async def delete(person: Person, path: str) -> None:
    answer = await person.delete(path)
    assert answer.status_code == 204, answer.text


async def back(person: Person, path: str) -> Any:
    answer = await person.post(f"{path}/restore")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_row_in_the_trash_is_gone_and_comes_back_with_another_version(keeper: Person) -> None:
    crate = await make(keeper, "/crates", code="one", name="First")
    at = f"/crates/{crate['id']}"
    seen = (await keeper.get(at)).headers["etag"]

    assert (await keeper.delete(at, headers={"If-Match": '"1"'})).status_code == 412
    assert (await keeper.delete(at, headers={"If-Match": seen})).status_code == 204
    for method in ("get", "delete"):
        assert (await keeper.request(method, at)).status_code == 404
    counted = (await keeper.get("/crates", params={"count": True})).json()
    assert (counted["items"], counted["total"]) == ([], 0)
    lost = (await keeper.get("/crates/trash", params={"count": True})).json()
    assert (lost["total"], [row["id"] for row in lost["items"]]) == (1, [crate["id"]])
    [there] = lost["items"]
    assert there["deleted_at"] is not None
    assert there | {"deleted_at": None} == crate

    again = await back(keeper, at)
    assert again["version"] != crate["version"]
    changed = ("version", "updated_at")
    assert again | {name: crate[name] for name in changed} == crate
    assert (await keeper.get(at)).json() == again
    assert (await keeper.get(at)).headers["etag"] != seen
    assert await ids(keeper, "/crates") == [crate["id"]]
    assert await ids(keeper, "/crates/trash") == []
    assert (await keeper.post(f"{at}/restore")).status_code == 404


async def test_the_trash_is_filtered_sorted_and_paged(keeper: Person) -> None:
    made = [(await make(keeper, "/crates", code=f"{n}", name=f"{n}"))["id"] for n in range(5)]
    for id in (made[2], made[0], made[4]):
        await delete(keeper, f"/crates/{id}")

    assert await ids(keeper, "/crates/trash") == [made[4], made[0], made[2]]
    assert await ids(keeper, "/crates/trash", order="asc") == [made[2], made[0], made[4]]
    assert await ids(keeper, "/crates/trash", sort="id", order="asc") == [made[0], made[2], made[4]]
    assert await ids(keeper, "/crates/trash", name="2") == [made[2]]
    first = (await keeper.get("/crates/trash", params={"limit": 2})).json()
    assert await ids(keeper, "/crates/trash", limit=2, cursor=first["next_cursor"]) == [made[2]]
    assert await ids(keeper, "/crates", order="asc") == [made[1], made[3]]


async def test_what_a_deletion_takes_with_it_comes_back_with_it(keeper: Person, storage: Database) -> None:
    crate = await make(keeper, "/crates", code="one", name="First")
    one = await make(keeper, "/items", label="one", crate_id=crate["id"])
    two = await make(keeper, "/items", label="two", crate_id=crate["id"], next_to_id=one["id"])
    other = await make(keeper, "/crates", code="two", name="Second")
    three = await make(keeper, "/items", label="one", crate_id=other["id"])
    first, last = UUID(one["id"]), UUID(two["id"])
    under = Sticker(word="on the crate", crate_id=UUID(crate["id"]))
    above = Sticker(word="on a sticker", under_id=under.id)
    top = Sticker(word="on that one", under_id=above.id)
    both = Sticker(word="on both", crate_id=UUID(crate["id"]), item_id=first)
    apart = Sticker(word="elsewhere", item_id=UUID(three["id"]))
    await write(storage, under, above, top, both, apart, ItemLink(item_id=first, other_id=last))
    before = await stored(storage)

    await delete(keeper, f"/crates/{crate['id']}")

    assert await ids(keeper, "/crates") == [other["id"]]
    assert await ids(keeper, "/items") == [three["id"]]
    assert await ids(keeper, "/items/trash") == []  # they belong to the crate
    assert (await keeper.post(f"/items/{one['id']}/restore")).status_code == 404
    now = await stored(storage)
    assert (len(now["stickers"]), len(now["stickers_trash"]), len(now["item_links"])) == (1, 4, 0)
    refused = await keeper.post("/items", json={"label": "x", "crate_id": crate["id"]})
    assert (refused.status_code, refused.json()["errors"][0]["type"]) == (422, "unknown_reference")
    await make(keeper, "/items", label="two", crate_id=other["id"])

    await back(keeper, f"/crates/{crate['id']}")
    after = await stored(storage)
    for table in ("stickers", "item_links"):
        assert after[table] == before[table]
    assert before["items"] <= after["items"]
    assert not any(rows for name, rows in after.items() if name.endswith("_trash"))


async def test_a_part_that_was_deleted_before_stays_in_the_trash(keeper: Person, storage: Database) -> None:
    crate = await make(keeper, "/crates", code="one", name="First")
    item = await make(keeper, "/items", label="one", crate_id=crate["id"])
    await delete(keeper, f"/items/{item['id']}")
    assert (await keeper.get(f"/crates/{crate['id']}")).json()["item_count"] == 0
    await delete(keeper, f"/crates/{crate['id']}")

    assert await ids(keeper, "/items/trash") == [item["id"]]
    refused = await keeper.post(f"/items/{item['id']}/restore")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert await ids(keeper, "/items/trash") == [item["id"]]
    assert (await back(keeper, f"/crates/{crate['id']}"))["item_count"] == 0
    await back(keeper, f"/items/{item['id']}")
    assert (await keeper.get(f"/crates/{crate['id']}")).json()["item_count"] == 1


async def test_what_belongs_to_two_comes_back_with_the_second(keeper: Person, storage: Database) -> None:
    crate = await make(keeper, "/crates", code="one", name="First")
    one = await make(keeper, "/items", label="one", crate_id=crate["id"])
    two = await make(keeper, "/items", label="two", crate_id=crate["id"])
    await write(storage, ItemLink(item_id=UUID(one["id"]), other_id=UUID(two["id"])))
    for first, second in ((one, two), (two, one)):
        for item in (one, two):
            await delete(keeper, f"/items/{item['id']}")
        await back(keeper, f"/items/{first['id']}")
        assert len((await stored(storage))["item_links"]) == 0
        await back(keeper, f"/items/{second['id']}")
        assert len((await stored(storage))["item_links"]) == 1
    for item in (one, two):
        await delete(keeper, f"/items/{item['id']}")
    await back(keeper, f"/items/{one['id']}")
    await delete(keeper, f"/crates/{crate['id']}")
    await back(keeper, f"/crates/{crate['id']}")
    await back(keeper, f"/items/{two['id']}")
    assert len((await stored(storage))["item_links"]) == 1


async def test_what_referred_to_a_row_refers_to_it_again(keeper: Person, storage: Database) -> None:
    crate, other = [await make(keeper, "/crates", code=f"{n}", name=f"{n}") for n in range(2)]
    remarks = [Remark(crate_id=UUID(crate["id"])) for _ in range(3)]
    await write(storage, *remarks)
    versions = {row[0]: row[2] for row in (await stored(storage))["remarks"]}

    async def referring() -> list[Any]:
        rows = await storage.rows(select(Remark).order_by(col(Remark.id)))
        assert {str(row.id): str(row.updated_at) for row in rows}.keys() == versions.keys()
        return [row.crate_id and str(row.crate_id) for row in rows]

    await delete(keeper, f"/crates/{crate['id']}")
    assert await referring() == [None] * 3
    async with storage.write() as session, session.begin():
        moved = await session.get_one(Remark, remarks[1].id)
        moved.crate_id = UUID(other["id"])
    await back(keeper, f"/crates/{crate['id']}")
    assert await referring() == [crate["id"], other["id"], crate["id"]]
    await delete(keeper, f"/crates/{other['id']}")
    await delete(keeper, f"/crates/trash/{other['id']}")
    assert await referring() == [crate["id"], None, crate["id"]]
    assert not (await stored(storage))["remarks_crate_id_in_trash"]


async def test_unique_values_are_free_while_their_row_is_in_the_trash(keeper: Person) -> None:
    crate = await make(keeper, "/crates", code="one", name="First")
    await delete(keeper, f"/crates/{crate['id']}")
    taker = await make(keeper, "/crates", code="one", name="Other")

    refused = await keeper.post(f"/crates/{crate['id']}/restore")
    assert (refused.status_code, refused.json()["code"]) == (409, "already_exists")
    assert refused.json()["errors"][0]["loc"][-1] == "code"
    await delete(keeper, f"/crates/{taker['id']}")
    await make(keeper, "/crates", code="two", name="First")
    refused = await keeper.post(f"/crates/{crate['id']}/restore")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert sorted(await ids(keeper, "/crates/trash")) == sorted([crate["id"], taker["id"]])


async def test_a_row_that_others_need_is_not_deleted(keeper: Person, storage: Database) -> None:
    crate = await make(keeper, "/crates", code="one", name="First")
    await write(storage, Seal(crate_id=UUID(crate["id"])))

    refused = await keeper.delete(f"/crates/{crate['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert await ids(keeper, "/crates") == [crate["id"]]
    assert await ids(keeper, "/crates/trash") == []


async def test_a_purged_row_is_gone_with_what_belonged_to_it(keeper: Person, storage: Database) -> None:
    crate = await make(keeper, "/crates", code="one", name="First")
    item = await make(keeper, "/items", label="one", crate_id=crate["id"])
    await write(storage, Sticker(word="on it", item_id=UUID(item["id"])))
    assert (await keeper.delete(f"/crates/trash/{crate['id']}")).status_code == 404
    await delete(keeper, f"/crates/{crate['id']}")
    assert (await keeper.get(f"/crates/trash/{crate['id']}")).json()["id"] == crate["id"]
    await delete(keeper, f"/crates/trash/{crate['id']}")

    assert (await keeper.post(f"/crates/{crate['id']}/restore")).status_code == 404
    assert not any((await stored(storage)).values())


async def test_a_strangers_trash_does_not_exist(keeper: Person, stranger: Person) -> None:
    crate = await make(keeper, "/crates", code="one", name="First")
    await delete(keeper, f"/crates/{crate['id']}")

    found = (await stranger.get("/crates/trash", params={"count": True})).json()
    assert (found["items"], found["total"]) == ([], 0)
    for method, path in (
        ("post", f"/crates/{crate['id']}/restore"),
        ("get", f"/crates/trash/{crate['id']}"),
        ("delete", f"/crates/trash/{crate['id']}"),
    ):
        assert (await stranger.request(method, path)).status_code == 404
    await make(stranger, "/crates", code="one", name="First")
    assert await ids(keeper, "/crates/trash") == [crate["id"]]


async def test_of_many_who_restore_or_delete_one_does(keeper: Person, storage: Database) -> None:
    crate = await make(keeper, "/crates", code="one", name="First")
    item = await make(keeper, "/items", label="one", crate_id=crate["id"])
    at = f"/items/{item['id']}"

    for _ in range(3):
        deleted = await asyncio.gather(*(keeper.delete(at) for _ in range(8)))
        assert sorted(one.status_code for one in deleted) == [204, *[404] * 7]
        assert await ids(keeper, "/items/trash") == [item["id"]]
        restored = await asyncio.gather(*(keeper.post(f"{at}/restore") for _ in range(8)))
        assert sorted(one.status_code for one in restored) == [200, *[404] * 7]
        assert await ids(keeper, "/items") == [item["id"]]
    assert (await stored(storage))["items_trash"] == set()


async def test_what_is_added_while_its_parent_is_deleted_is_not_lost(
    keeper: Person, storage: Database
) -> None:
    for round in range(4):
        crate = await make(keeper, "/crates", code=f"{round}", name=f"{round}")
        added = [
            keeper.post("/items", json={"label": f"{number}", "crate_id": crate["id"]})
            for number in range(10)
        ]
        answers = await asyncio.gather(*added[:5], keeper.delete(f"/crates/{crate['id']}"), *added[5:])
        made = {one.json()["id"] for one in answers if one.status_code == 201}
        assert answers[5].status_code == 204
        assert {one.status_code for one in answers} <= {201, 204, 409, 422}

        await back(keeper, f"/crates/{crate['id']}")
        rows = await storage.rows(select(Item.id).where(Item.crate_id == UUID(crate["id"])))
        assert set(map(str, rows)) == made
