"""Gives free memory back to the operating system.

What many large bodies or answers have taken is free afterwards, but glibc keeps it for the process, as long
as anything above it is in use. So a process would stay as large as it has ever been.
"""

import asyncio
import ctypes
from pathlib import Path

STATM = Path("/proc/self/statm")
PERIOD = 10.0  # seconds between two looks
GROWN = 1.1  # times the least memory so far, from which on it is worth the work: some milliseconds


async def give_back_for_ever() -> None:
    """Give memory back every few seconds while there is more than at the start. glibc on Linux only."""
    try:
        trim, least = ctypes.CDLL(None).malloc_trim, resident()
    except (OSError, AttributeError, TypeError):
        return
    while True:
        await asyncio.sleep(PERIOD)
        if resident() > least * GROWN:
            await asyncio.to_thread(trim, 0)
            least = min(least, resident())


def resident() -> int:
    """The pages of memory that the process has."""
    return int(STATM.read_text().split()[1])
