"""Reads events for listeners.

One database session serves all listeners that were woken together, and one query serves all streams of a user
at the same place.
"""

import asyncio
from collections import defaultdict
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, bindparam
from sqlmodel import col, select

from api.db.engine import Database
from api.deps.claims import lasts
from api.models.event import Event
from api.models.user import User
from api.models.user_session import UserSession

PAGE = 20  # events in memory for each listener
BATCH = 100  # listeners served by one session

ACTIVE = (
    select(UserSession.id)
    .join(User, lasts(User, UserSession))
    .where(col(UserSession.id).in_(bindparam("ids", expanding=True)))
)
UNREAD = (
    select(Event.number, Event.kind, Event.data)
    .where(
        col(Event.user_id) == bindparam("user_id"),
        col(Event.number) > bindparam("last", type_=BigInteger()),
        col(Event.topic).in_(bindparam("topics", expanding=True)),
    )
    .order_by(col(Event.number))
    .limit(PAGE)
)


class Frame(NamedTuple):
    """One event, ready to send."""

    id: int
    kind: str
    data: str | None = None

    @property
    def text(self) -> str:
        data = "" if self.data is None else f',"data":{self.data}'
        return f'{{"id":{self.id},"kind":"{self.kind}"{data}}}'


class Place(NamedTuple):
    """The user, topics and last number of a listener."""

    user_id: UUID
    topics: tuple[str, ...]
    last: int


Page = list[Frame]


class EventReader:
    """Collects the reads of listeners, and answers them in batches."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.waiting: list[tuple[Place, UUID, asyncio.Future[Page | None]]] = []
        self.work: asyncio.Task[None] | None = None

    async def read(self, place: Place, session_id: UUID) -> Page | None:
        """The next page after this place, or None if the sign-in has ended.

        Each page checks the sign-in again.
        """
        answer: asyncio.Future[Page | None] = asyncio.get_running_loop().create_future()
        self.waiting.append((place, session_id, answer))
        if self.work is None or self.work.done():
            self.work = asyncio.create_task(self._serve())
        return await answer

    async def _serve(self) -> None:
        while self.waiting:
            batch, self.waiting = self.waiting[:BATCH], self.waiting[BATCH:]
            try:
                await self._answer(batch)
            except Exception as error:
                for _, _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)

    async def _answer(self, batch: list[tuple[Place, UUID, asyncio.Future[Page | None]]]) -> None:
        async with self.database.read() as session:
            alive = set(await session.rows(ACTIVE, ids=list({session_id for _, session_id, _ in batch})))
            places: defaultdict[Place, list[asyncio.Future[Page | None]]] = defaultdict(list)
            for place, session_id, answer in batch:
                if session_id in alive:
                    places[place].append(answer)
                elif not answer.done():
                    answer.set_result(None)
            for place, answers in places.items():
                page = [Frame(*row) for row in await session.rows(UNREAD, **place._asdict())]
                for answer in answers:
                    if not answer.done():  # else the listener has disconnected
                        answer.set_result(page)
