"""Watches who asks for a database connection while the same request still has another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool

from api.db.fast.postgresql import Postgres


@dataclass
class Connections:
    """What is in use. One request runs at a time, so whatever is in use belongs to it."""

    used: list[Any] = field(default_factory=list)
    asked: int = 0
    taken: int = 0
    wrongs: list[str] = field(default_factory=list)
    asking: str = "nobody"  # the operation that runs

    def ask(self, pool: str) -> None:
        self.asked += 1
        if self.used:
            self.wrongs.append(f"{self.asking} has a connection, and asks {pool} for another one")

    def take(self, connection: Any, *_: Any) -> None:
        self.used.append(connection)
        self.taken += 1

    def give_back(self, connection: Any, *_: Any) -> None:
        self.used = [one for one in self.used if one is not connection]


@contextmanager
def counted_connections() -> Iterator[Connections]:
    """The connections of every app, by SQLAlchemy's pools and by the driver's."""
    found = Connections()
    connect, run, take, back = (
        AsyncAdaptedQueuePool.connect,
        Postgres.run,
        Postgres._take,
        Postgres._give_back,
    )

    def ask_pool(self: Any) -> Any:
        found.ask("a pool of SQLAlchemy's")
        return connect(self)

    async def ask_driver(self: Any, *arguments: Any, **options: Any) -> Any:
        found.ask("the driver")
        return await run(self, *arguments, **options)

    async def take_one(self: Any) -> Any:
        connection = await take(self)
        found.take(connection)
        return connection

    def give_one(self: Any, connection: Any) -> Any:
        found.give_back(connection)
        return back(self, connection)

    event.listen(Pool, "checkout", found.take)
    event.listen(Pool, "checkin", found.give_back)
    with (
        patch.object(AsyncAdaptedQueuePool, "connect", ask_pool),
        patch.object(Postgres, "run", ask_driver),
        patch.object(Postgres, "_take", take_one),
        patch.object(Postgres, "_give_back", give_one),
    ):
        yield found
    event.remove(Pool, "checkout", found.take)
    event.remove(Pool, "checkin", found.give_back)
