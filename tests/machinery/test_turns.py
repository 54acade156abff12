"""Requests that change the same row at the same time take turns."""

import asyncio
from typing import Any
from unittest.mock import patch

import pytest

from api.db.fast.turns import Turns
from api.db.session import Session
from tests.support.make import make
from tests.support.people import Person
from tests.support.watching import needs_fast_path

pytestmark = [pytest.mark.anyio, needs_fast_path]


async def begun(turns: Turns, count: int, order: list[int]) -> list[asyncio.Task[None]]:
    async def one(number: int) -> None:
        if await turns.take("row"):
            order.append(number)

    tasks = [asyncio.create_task(one(number)) for number in range(count)]
    await asyncio.sleep(0)
    return tasks


async def test_turns_come_in_order_and_are_passed_on_by_those_who_leave() -> None:
    turns, order = Turns(seconds=60), list[int]()
    _, second, third, fourth = await begun(turns, 4, order)
    assert order == [0]
    assert await turns.take("another row")

    second.cancel()
    await asyncio.wait([second])
    turns.pass_on("row")
    third.cancel()  # whose turn has just come
    await asyncio.wait([third, fourth])
    assert order == [0, 3]

    turns.pass_on("row")
    turns.pass_on("another row")
    assert turns.queues == {}


async def test_who_waits_for_too_long_goes_on_without_a_turn() -> None:
    turns, order = Turns(seconds=0.05), list[int]()
    await asyncio.wait(await begun(turns, 3, order))
    assert order == [0]

    turns.pass_on("row")
    assert turns.queues == {}


async def test_changes_of_one_row_at_the_same_time_are_each_done_once(ada: Person) -> None:
    note = await make(ada, "/notes", title="Old")
    seen = {"If-Match": f'"{note["version"]}"'}
    url, hold, times = f"/notes/{note['id']}", Session.hold, list[Any]()

    async def counted(self: Session, statement: Any, **values: Any) -> Any:
        times.append(statement)
        return await hold(self, statement, **values)

    with patch.object(Session, "hold", counted):
        answers = await asyncio.gather(*(ada.patch(url, json={"title": f"New {n}"}) for n in range(20)))
        refused = await asyncio.gather(
            *(ada.patch(url, json={"title": "Mine"}, headers=seen) for _ in range(3)),
            ada.delete(url),
            ada.patch(url, json={"title": "Late"}),
        )

    assert {one.status_code for one in answers} == {200}
    assert [one.status_code for one in refused] == [412, 412, 412, 204, 404]
    assert len(times) == 25
