"""The counters in memory count by window, and never grow beyond their bound."""

import pytest
from limits import parse
from limits.aio.strategies import FixedWindowRateLimiter

from api.deps.counters import Counters

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_window_counts_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("api.deps.counters.time.time", lambda: now)
    limiter, item = FixedWindowRateLimiter(Counters()), parse("2/minute")

    assert [await limiter.hit(item, "a") for _ in range(3)] == [True, True, False]
    assert await limiter.hit(item, "b")
    assert (await limiter.get_window_stats(item, "a")).reset_time == 1060.0
    now = 1060.0
    assert await limiter.test(item, "a")
    assert [await limiter.hit(item, "a") for _ in range(3)] == [True, True, False]
    await limiter.clear(item, "a")
    assert await limiter.hit(item, "a")


async def test_the_counters_that_end_first_make_room() -> None:
    storage = Counters(most=8)
    lasting, short = [f"lasting {n}" for n in range(4)], [f"short {n}" for n in range(100)]

    for key in lasting:
        await storage.incr(key, 86_400)
    for key in short:
        await storage.incr(key, 60)
        assert len(storage.windows) <= 8

    assert {*lasting, short[-1]} <= storage.windows.keys()


async def test_a_count_looks_at_its_own_counter_only() -> None:
    class Watched(dict[str, tuple[int, float]]):
        looks = 0

        def __iter__(self) -> object:  # type: ignore[override]
            self.looks += 1
            return super().__iter__()

        def items(self) -> object:  # type: ignore[override]
            self.looks += 1
            return super().items()

    storage = Counters()
    watched = storage.windows = Watched()
    for n in range(1000):
        await storage.incr(str(n), 60)

    assert watched.looks == 0
