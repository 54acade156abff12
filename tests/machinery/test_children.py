"""Children of rows: read with their parents, made with them, changed under the parent's lock."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlmodel import select

from api.db.engine import Database
from api.settings import Settings
from tests.machinery import orders
from tests.machinery.books import Apart
from tests.support.apart import with_routes
from tests.support.people import Person
from tests.support.watching import Sent, needs_fast_path, watching

pytestmark = pytest.mark.anyio

SLOW = Settings.model_validate({"fast_path": False}).fast_path
MODELS: list[Any] = [
    orders.Buyer, orders.Tag, orders.Order, orders.OrderLine, orders.Part, orders.OrderTag,
]  # fmt: skip
TABLES = [model.__table__ for model in MODELS]


def with_orders(settings: Settings, **changes: Any) -> FastAPI:
    return with_routes(settings, orders.router, **changes)


@pytest.fixture(scope="module")
async def apps(settings: Settings) -> AsyncIterator[list[FastAPI]]:
    """The app with orders, with the fast path and without it."""
    apps = [with_orders(settings), with_orders(settings, fast_path=SLOW)]
    database: Database = apps[0].state.database
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.create_all, tables=TABLES)
    yield apps
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.drop_all, tables=TABLES)
    for app in apps:
        await app.state.database.close()


@pytest.fixture
async def fast(app: FastAPI, apps: list[FastAPI], ada: Person) -> AsyncIterator[Person]:
    """Ada, who asks the app with the fast path."""
    yield ada.through(apps[0])
    database: Database = apps[0].state.database
    async with database.engine.begin() as connection:
        for table in reversed(TABLES):
            await connection.execute(table.delete())


@pytest.fixture
def slow(apps: list[FastAPI], fast: Person) -> Person:
    return fast.through(apps[1])


async def made(person: Person, path: str, **body: Any) -> dict[str, Any]:
    answer = await person.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def order_with(person: Person, *amounts: int, **fields: Any) -> dict[str, Any]:
    lines = [{"amount": amount} for amount in amounts]
    return await made(person, "/orders", number="A 1", lines=lines, **fields)


async def fill(person: Person, apps: list[FastAPI], count: int) -> None:
    """Orders with lines, parts, tags and a buyer; some have none of them."""
    tags = [(await made(person, "/order-tags", name=name))["id"] for name in ("red", "blue")]
    database: Database = apps[0].state.database
    async with database.write() as session, session.begin():
        buyer = orders.Buyer(name="Bea", owner_id=uuid4())
        session.add(buyer)
    for number in range(count):
        order = await order_with(
            person,
            *range(number % 3),
            tag_ids=tags[: number % 3],
            buyer_id=str(buyer.id) if number % 2 else None,
        )
        async with database.write() as session, session.begin():
            for line in order["lines"][1:]:
                session.add(orders.Part(name=f"Part of {number}", line_id=UUID(line["id"])))


@needs_fast_path
async def test_a_list_with_children_takes_one_statement_more_for_each_level(
    fast: Person, slow: Person, apps: list[FastAPI]
) -> None:
    await fill(fast, apps, 6)
    answers = []
    for person in (fast, slow):
        for path in ("/orders?limit=2", "/orders?limit=50", "/orders?limit=50&sort=number&order=asc"):
            sent: list[Sent] = []
            with watching(sent.append):
                answers.append(await person.get(path))
            if person is fast:
                assert [one.by_driver for one in sent] == [True] * 4, sent
            # the orders, and one each for lines, their parts, and tags
            assert (
                len([one for one in sent if "FROM user_sessions" not in one.sql[:200] and one.sql != "BEGIN"])
                == 4
            )
        answers.append(await person.get(f"/orders/{answers[-1].json()['items'][1]['id']}"))

    assert [one.content for one in answers[:4]] == [one.content for one in answers[4:]]
    [first, second, *_] = answers[2].json()["items"]
    assert (first["lines"], first["tags"], first["buyer"]) == ([], [], None)
    assert [one["name"] for one in answers[2].json()["items"][2]["tags"]] == ["blue", "red"]
    assert [len(one["parts"]) for one in answers[2].json()["items"][2]["lines"]] == [0, 1]
    assert (second["tags"][0]["name"], second["buyer"]["name"]) == ("red", "Bea")


async def test_children_are_made_with_their_parent(fast: Person, slow: Person) -> None:
    for person in (fast, slow):
        order = await order_with(person, 5, 7, 9)

        assert [(one["amount"], one["position"], one["order_id"]) for one in order["lines"]] == [
            (5, 0, order["id"]), (7, 1, order["id"]), (9, 2, order["id"]),
        ]  # fmt: skip
        assert (await person.get(f"/orders/{order['id']}")).json() == order


async def test_a_child_that_is_invalid_is_named(fast: Person) -> None:
    lines = [{"amount": 1}, {"amount": 2}, {"amount": 3}, {"amount": -1}]
    answer = await fast.post("/orders", json={"number": "A 1", "lines": lines})

    assert answer.status_code == 422
    assert [one["loc"] for one in answer.json()["errors"]] == [["body", "lines", 3, "amount"]]
    assert (await fast.get("/orders")).json()["items"] == []


async def test_a_child_is_found_within_its_parent_only(
    fast: Person, apps: list[FastAPI], bob: Person
) -> None:
    one, two = await order_with(fast, 1), await order_with(fast, 2)
    [line], stranger = one["lines"], bob.through(apps[0])
    there = f"/orders/{one['id']}/lines/{line['id']}"
    lost = [f"/orders/{two['id']}/lines/{line['id']}", f"/orders/{uuid4()}/lines/{line['id']}"]

    assert (await fast.get(there)).json() == line
    for person, path in ((fast, lost[0]), (fast, lost[1]), (stranger, there)):
        for method, body in (("GET", None), ("PATCH", {"amount": 9}), ("DELETE", None)):
            assert (await person.request(method, path, json=body)).status_code == 404
    here = f"/orders/{one['id']}/lines"
    for answer in (
        await stranger.get(here),
        await stranger.post(here, json={"amount": 1}),
        await stranger.put(f"{here}/order", json={"ids": [line["id"]]}),
    ):
        assert answer.status_code == 404
    assert (await fast.get(f"/orders/{one['id']}")).json() == one


async def test_if_match_is_that_of_the_child(fast: Person) -> None:
    order = await order_with(fast, 1, 2)
    [line, other] = order["lines"]
    path = f"/orders/{order['id']}/lines/{line['id']}"
    match = {"If-Match": f'"{line["version"]}"'}

    assert (await fast.patch(path, json={"amount": 4}, headers=match)).status_code == 200
    assert (await fast.patch(path, json={"amount": 5}, headers=match)).status_code == 412
    for version in (order["version"], other["version"]):
        answer = await fast.delete(path, headers={"If-Match": f'"{version}"'})
        assert answer.status_code == 412
    assert (await fast.get(path)).json()["amount"] == 4


async def test_a_child_gives_its_parent_a_new_version_if_a_column_of_it_changes(fast: Person) -> None:
    order = await order_with(fast, 1, 2)
    here = f"/orders/{order['id']}"
    path = f"{here}/lines/{order['lines'][0]['id']}"

    await fast.patch(path, json={"text": "Silk"})
    assert (await fast.get(here)).json()["version"] == order["version"]

    await fast.patch(path, json={"amount": 3})
    changed = (await fast.get(here)).json()
    assert (changed["total"], changed["version"] > order["version"]) == (5, True)


async def test_a_sum_holds_when_children_change_at_once(fast: Person, slow: Person) -> None:
    order = await order_with(fast, *[10] * 20)
    here, ids = f"/orders/{order['id']}/lines", [one["id"] for one in order["lines"]]
    changes = [
        (fast, slow)[at % 2].patch(f"{here}/{id}", json={"amount": at}) for at, id in enumerate(ids[:16])
    ]
    more = [fast.post(here, json={"amount": at}) for at in range(16)]
    fewer = [person.delete(f"{here}/{id}") for id in ids[16:] for person in (fast, slow)]

    answers = await asyncio.gather(*changes, *more, *fewer)

    assert {one.status_code for one in answers[:32]} == {200, 201}
    assert sorted(one.status_code for one in answers[32:]) == [204] * 4 + [404] * 4
    now = (await fast.get(f"/orders/{order['id']}")).json()
    assert now["total"] == sum(one["amount"] for one in now["lines"]) == 2 * sum(range(16))
    assert [one["position"] for one in now["lines"]] == [*range(32)]


async def test_a_limit_holds_when_children_are_added_at_once(fast: Person, slow: Person) -> None:
    order = await order_with(fast, 10)
    here, limit = f"/orders/{order['id']}/lines", orders.MOST // 100
    adding = [(fast, slow)[number % 2].post(here, json={"amount": 100}) for number in range(40)]

    answers = [one.status_code for one in await asyncio.gather(*adding)]

    assert sorted(answers) == [201] * (limit - 1) + [409] * (41 - limit)
    now = (await fast.get(f"/orders/{order['id']}")).json()
    assert (now["total"], len(now["lines"])) == (10 + 100 * (limit - 1), limit)


async def test_links_are_set_and_unset_however_often_it_is_asked(fast: Person) -> None:
    order = await order_with(fast)
    tags = [(await made(fast, "/order-tags", name=name))["id"] for name in ("red", "blue")]
    paths = [f"/orders/{order['id']}/tags/{tag}" for tag in tags]

    for method, expected in (("PUT", ["blue", "red"]), ("DELETE", [])):
        answers = await asyncio.gather(*(fast.request(method, path) for path in paths * 10))
        assert {one.status_code for one in answers} == {204}
        now = (await fast.get(f"/orders/{order['id']}")).json()
        assert [one["name"] for one in now["tags"]] == expected
        assert now["version"] == order["version"]


async def test_a_tag_of_somebody_else_is_not_linked(fast: Person, apps: list[FastAPI], bob: Person) -> None:
    mine, his = (
        await made(fast, "/order-tags", name="mine"),
        await made(bob.through(apps[0]), "/order-tags", name="his"),
    )
    order = await order_with(fast, tag_ids=[mine["id"]])
    path = f"/orders/{order['id']}"

    for method in ("PUT", "DELETE"):
        assert (await fast.request(method, f"{path}/tags/{his['id']}")).status_code == 404
    answer = await fast.patch(path, json={"tag_ids": [mine["id"], his["id"]]})
    assert [one["loc"] for one in answer.json()["errors"]] == [["body", "tag_ids", 1]]
    assert (await fast.get(path)).json() == order


async def test_all_links_are_set_at_once(fast: Person) -> None:
    tags = [(await made(fast, "/order-tags", name=name))["id"] for name in ("a", "b", "c")]
    order = await order_with(fast, tag_ids=tags[:2])
    path = f"/orders/{order['id']}"

    for ids in (tags[1:], [], tags, [tags[0], tags[0]]):
        changed = (await fast.patch(path, json={"tag_ids": ids})).json()
        assert [one["id"] for one in changed["tags"]] == sorted({*ids})
    assert [one["id"] for one in (await fast.patch(path, json={"number": "B"})).json()["tags"]] == tags[:1]


async def test_children_are_ordered_anew_in_one_request(fast: Person) -> None:
    order, other = await order_with(fast, 1, 2, 3), await order_with(fast, 4)
    here, ids = f"/orders/{order['id']}/lines", [one["id"] for one in order["lines"]]

    assert (await fast.put(f"{here}/order", json={"ids": [ids[2], ids[0], ids[1]]})).status_code == 204

    lines = (await fast.get(here)).json()["items"]
    assert [(one["id"], one["position"]) for one in lines] == [(ids[2], 0), (ids[0], 1), (ids[1], 2)]
    assert all(one["version"] > order["lines"][0]["version"] for one in lines)
    for wrong in (ids[:2], [*ids, ids[0]], [*ids, other["lines"][0]["id"]], [ids[0]] * 3, []):
        answer = await fast.put(f"{here}/order", json={"ids": wrong})
        assert (answer.status_code, answer.json()["code"]) == (409, "order_outdated")
    assert (await fast.get(here)).json()["items"] == lines


async def test_children_keep_an_order_without_gaps_when_they_move_at_once(fast: Person) -> None:
    order = await order_with(fast, *range(6))
    here, ids = f"/orders/{order['id']}/lines", [one["id"] for one in order["lines"]]
    moves = [fast.put(f"{here}/order", json={"ids": ids[at:] + ids[:at]}) for at in range(6)]
    more = [fast.post(here, json={"amount": 1}) for _ in range(10)]
    fewer = [fast.delete(f"{here}/{id}") for id in ids[:3]]

    answers = await asyncio.gather(*moves, *more, *fewer)

    assert {one.status_code for one in answers} <= {201, 204, 409}
    lines = (await fast.get(here)).json()["items"]
    assert [one["position"] for one in lines] == [*range(13)]


async def test_children_and_links_go_with_their_parent(fast: Person, apps: list[FastAPI]) -> None:
    tag = await made(fast, "/order-tags", name="red")
    order = await order_with(fast, 1, 2, tag_ids=[tag["id"]])

    assert (await fast.delete(f"/orders/{order['id']}")).status_code == 204

    database: Database = apps[0].state.database
    async with database.read() as session:
        for model, left in ((orders.OrderLine, 0), (orders.OrderTag, 0), (orders.Tag, 1)):
            assert len((await session.exec(select(model))).all()) == left
