"""Turns: requests of this process that change the same row do so in order, instead of overtaking each other.

A request that is overtaken starts over, with more work than at first. Requests of other processes wait for
the lock in the database.
"""

import asyncio
from collections import deque
from typing import Any

from api.db.timeouts import timeout


class Turns:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds  # after which somebody does not wait any longer, and may be overtaken
        self.queues: dict[Any, deque[asyncio.Future[None]]] = {}  # those who wait, by row

    async def take(self, row: Any) -> bool:
        """Wait for the own turn. False if it did not come: then there is nothing to pass on."""
        queue = self.queues.get(row)
        if queue is None:
            self.queues[row] = deque()
            return True
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            async with timeout(self.seconds):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self.pass_on(row)
            else:
                queue.remove(turn)
            if not isinstance(error, TimeoutError):
                raise
            return False
        return True

    def pass_on(self, row: Any) -> None:
        """End the own turn, which begins that of the next."""
        queue = self.queues[row]
        if queue:
            queue.popleft().set_result(None)
        else:
            del self.queues[row]
