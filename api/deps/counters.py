"""The counters of rate limits in memory, of a bounded number.

The storage that the `limits` library brings looks at all its counters at every count, and has no bound.
"""

import time

from limits.aio.storage import Storage

MOST = 50_000  # counters


class Counters(Storage):
    """Counts by key, each until the end of its window. When there are too many, those that end first go."""

    STORAGE_SCHEME = None
    base_exceptions = ValueError

    def __init__(self, most: int = MOST) -> None:
        super().__init__()
        self.most = most
        self.windows: dict[str, tuple[int, float]] = {}  # by key: the count, and when its window ends

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        count, end = self._window(key)
        if not count:
            self._make_room()
            end = time.time() + expiry
        self.windows[key] = count + amount, end
        return count + amount

    async def get(self, key: str) -> int:
        return self._window(key)[0]

    async def get_expiry(self, key: str) -> float:
        return self._window(key)[1]

    async def check(self) -> bool:
        return True

    async def reset(self) -> int | None:
        self.windows.clear()
        return None

    async def clear(self, key: str) -> None:
        self.windows.pop(key, None)

    def _window(self, key: str) -> tuple[int, float]:
        now = time.time()
        count, end = self.windows.get(key, (0, now))
        return (count, end) if end > now else (0, now)

    def _make_room(self) -> None:
        """Drop a part of the counters at once, so that most new ones find room without a search."""
        if len(self.windows) >= self.most:
            last = sorted(self.windows.items(), key=lambda window: window[1][1])
            self.windows = dict(last[max(1, self.most // 4) :])
