"""The places of a pool: those who wait get them in order, and not for ever."""

import asyncio
import time
from uuid import uuid4

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.db.fast.places import Places, Use
from api.db.request_state import RequestState, current

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def steps(number: int) -> None:
    """Let other tasks run so many times."""
    for _ in range(number):
        await asyncio.sleep(0)


async def test_a_process_that_stood_still_refuses_nobody_who_waits() -> None:
    places = Places(1, 0.1)
    assert places.take(Use.read)
    waiters = [asyncio.create_task(places.wait(Use.read)) for _ in range(3)]
    await steps(1)

    time.sleep(0.3)  # noqa: ASYNC251  the whole process stands still, with every timer of the loop

    await steps(3)  # as long as an answer of the database takes to be read
    for waiter in waiters:
        places.give_back(Use.read)
        await waiter


async def test_a_wait_has_an_end() -> None:
    places = Places(1, 0.01)
    assert places.take(Use.read)

    for _ in range(2):  # the first one, and one after nobody has waited
        with pytest.raises(PoolTimeout, match=r"within 0\.01 seconds"):
            await places.wait(Use.read)

    places.give_back(Use.read)
    assert places.take(Use.read)


async def test_one_who_goes_away_leaves_the_place_to_the_next() -> None:
    places = Places(1, 60)
    assert places.take(Use.read)
    early, late, next_one = [asyncio.create_task(places.wait(Use.read)) for _ in range(3)]
    await steps(1)

    early.cancel()
    await steps(1)
    places.give_back(Use.read)
    late.cancel()  # it has got its place, and does not know it yet

    await next_one
    assert late.cancelled()
    assert (places.free, len(places.waiting)) == (0, 0)


async def test_writers_leave_a_place_to_readers() -> None:
    places = Places(2, 60)
    assert places.take(Use.write)
    writer = asyncio.create_task(places.wait(Use.write))
    await steps(1)

    assert places.take(Use.read)
    places.give_back(Use.read)
    await steps(1)
    assert not writer.done()
    places.give_back(Use.write)

    await writer
    assert (places.free, places.for_slow) == (1, 0)


async def test_users_who_wait_take_turns() -> None:
    places = Places(1, 60)
    got: list[str] = []
    names = {name: uuid4() for name in ("ada", "bob", "cyd")}

    async def ask(name: str) -> None:
        current.set(state := RequestState())
        state.user_id = names[name]
        await places.wait(Use.read)
        got.append(name)
        places.give_back(Use.read)

    assert places.take(Use.read)
    asked = [asyncio.create_task(ask(name)) for name in ["ada"] * 5 + ["bob"] * 2 + ["cyd"]]
    await steps(1)
    places.give_back(Use.read)
    await asyncio.gather(*asked)

    assert got == ["ada", "bob", "cyd", "ada", "bob", "ada", "ada", "ada"]
    assert places.free == 1
