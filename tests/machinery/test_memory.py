"""Memory that is free goes back to the operating system."""

import asyncio
import ctypes
import gc
import weakref

import pytest

from api.web import memory

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc needs it"),
]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_memory_of_many_large_bodies_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "PERIOD", 0.01)
    before = memory.resident()
    task = asyncio.create_task(memory.give_back_for_ever())
    await asyncio.sleep(0)

    bodies = [b"x" * 50_000 + bytes([one % 256]) for one in range(6000)]
    most = memory.resident()
    await asyncio.sleep(0.1)  # it looks while all of it is in use
    kept = bodies[::20]  # what is in use between them
    del bodies

    async with asyncio.timeout(10):
        while memory.resident() - before > (most - before) // 3:  # noqa: ASYNC110  no event tells
            await asyncio.sleep(0.01)
    task.cancel()
    assert len(kept) == 300


async def test_memory_that_cycles_keep_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the exception of a cancelled answer keeps its frames, which keep the rows and the exception."""

    class Kept:
        def __init__(self) -> None:
            self.body, self.itself = b"x" * 200_000_000, self

    monkeypatch.setattr(memory, "PERIOD", 0.01)
    gc.disable()
    try:
        task = asyncio.create_task(memory.give_back_for_ever())
        await asyncio.sleep(0)
        kept = weakref.ref(Kept())
        async with asyncio.timeout(10):
            while kept() is not None:  # noqa: ASYNC110  no event tells
                await asyncio.sleep(0.01)
        task.cancel()
    finally:
        gc.enable()
