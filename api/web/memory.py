"""Gives free memory back to the operating system.

What many large bodies or answers have taken is free afterwards, but glibc keeps it for the process, as long
as anything above it is in use. So a process would stay as large as it has ever been. And what a cancelled
answer was made of is kept by the cycle of its exception, traceback and frames. Python counts objects before
it looks for cycles, and a few of them may have hundreds of megabytes.
"""

import asyncio
import ctypes
import gc
from pathlib import Path

STATM = Path("/proc/self/statm")
PERIOD = 10.0  # seconds between two looks
CHANGED = 0.01  # of the memory between two looks, from which on cycles are searched, which stops all else
SEARCHES = 4  # looks with that: what is in use may become a cycle without a change, when a client leaves
GROWN = 1.1  # times the least memory so far, from which on it is worth the work: some milliseconds


async def give_back_for_ever() -> None:
    """Give memory back every few seconds while there is more than at the start. glibc on Linux only."""
    try:
        trim, least = ctypes.CDLL(None).malloc_trim, resident()
    except (OSError, AttributeError, TypeError):
        return
    collected, searches = least, 0  # the memory after the last look, and how often cycles are still searched
    while True:
        await asyncio.sleep(PERIOD)
        if resident() <= least * GROWN:
            continue
        searches = SEARCHES if abs(resident() - collected) > collected * CHANGED else searches - 1
        if searches > 0:
            gc.collect()
        await asyncio.to_thread(trim, 0)
        collected = resident()
        least = min(least, collected)


def resident() -> int:
    """The pages of memory that the process has."""
    return int(STATM.read_text().split()[1])
