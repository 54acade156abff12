"""The threads that hash passwords."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from api.problems import Code, ProblemError

T = TypeVar("T")

SOON = {"Retry-After": "5"}


def come_last() -> None:
    """Lower the priority of this thread on Linux, so that threads that serve requests come first."""
    if sys.platform == "linux":
        me = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, me, min(19, os.getpriority(os.PRIO_PROCESS, me) + 10))


# A hash keeps a core busy for a quarter of a second, so only a few threads of low priority do it. One more is
# reserved for known devices, so that they do not wait for the passwords of strangers. Its priority is not
# lowered: on a busy machine, what comes last takes seconds. It is one thread, so it takes at most one core.
THREADS = min(4, os.cpu_count() or 1)
_hashers = ThreadPoolExecutor(THREADS, thread_name_prefix="hash", initializer=come_last)
_reserved = ThreadPoolExecutor(1, thread_name_prefix="hash-reserved")
_waiting = {_hashers: 0, _reserved: 0}  # the calls that have not ended
LONGEST_QUEUE = 100  # more would wait longer than clients do


async def hash_in_pool(work: Callable[[], T], *, is_known: bool = False) -> T:
    """The result of hashing in a thread.

    For known devices, it is the reserved thread if that is free, or else the pool with the shorter queue.
    """
    is_reserved = is_known and _waiting[_reserved] * THREADS <= _waiting[_hashers]
    pool = _reserved if is_reserved else _hashers
    if _waiting[pool] >= LONGEST_QUEUE:
        raise ProblemError(
            Code.unavailable, "Too many sign-ins at once. Try again in a moment.", headers=SOON
        )
    _waiting[pool] += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, work)
    finally:
        _waiting[pool] -= 1
