"""The outbox: events about a transaction's changes, stored in the same transaction and sent after its commit.

A session collects the changed rows of live tables. Just before the commit it numbers the events of each
recipient and inserts them. After the commit it wakes the listeners. So a request that is rolled back sends no
events, and the numbers of a recipient follow the order of the commits.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from copy import copy
from functools import cache
from importlib import import_module  # for the dialect in use
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, event
from sqlalchemy.orm import SessionTransaction, UOWTransaction
from sqlmodel import Session, insert
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.activity import NOTED, note_flushed_rows, write_activity
from api.db.dry_run import rehearse
from api.db.history import WITH_HISTORY, note_flushed, write_history
from api.db.live_events import LIVE, TEAM
from api.db.quotas import Growth, creator_of, growth_in
from api.db.request_state import refuse_abandoned
from api.db.team_events import to_members
from api.doors import open_door
from api.models.base import Entity, as_json
from api.models.event import Event, Inbox
from api.models.trashable import Trashable
from api.models.user import User

Wake = Callable[[Mapping[UUID, int]], None]  # called with the new last number of each changed inbox
GONE = -1  # instead of a number: the account was deleted
INBOXES: Any = Inbox.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


class OutboxSession(Session):
    """A session that stores events about its changes. After the commit it calls `info["wake"]`."""

    is_connected = False  # whether a transaction has begun in the database
    owner: Callable[[], Any] = staticmethod(lambda: None)  # the AsyncSession that uses this session

    def begin(self, nested: bool = False) -> SessionTransaction:
        self._come_last()
        return super().begin(nested)

    def commit(self) -> None:
        self._come_last()
        if self.info.get("dry"):
            rehearse(self)
        else:
            super().commit()

    def _come_last(self) -> None:
        """Register `_write_down` late, so that it runs after the other `before_commit` listeners."""
        if not event.contains(self, "before_commit", _write_down):
            event.listen(self, "before_commit", _write_down)


LISTENERS: set[Any] = set()  # our listeners to the events of all sessions


def listens(name: str) -> Callable[[Any], Any]:
    def decorate(listener: Any) -> Any:
        LISTENERS.add(listener)
        event.listen(OutboxSession, name, listener)
        return listener

    return decorate


def notify_listeners(session: AsyncSession, user_id: UUID) -> None:
    """Wake all streams of this user after the commit. Each checks again whether its sign-in is valid."""
    session.info.setdefault("woken", Counter())[user_id] += 1


@listens("after_begin")
def _connect(session: OutboxSession, _: Any, connection: Connection) -> None:
    session.is_connected = True
    refuse_abandoned()
    owner = session.owner()
    if owner is not None and owner.fast is not None:
        owner.fast.on_begin(owner, connection)


@listens("after_transaction_end")
def _disconnect(session: OutboxSession, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.is_connected = False
        session.info.pop("savepoints", None)
        session.info.pop(ROLES, None)


@listens("after_flush")
def _collect(session: OutboxSession, _: UOWTransaction) -> None:
    """Keep one change for each row: created then updated is `created`, created then deleted is none."""
    changes: dict[tuple[type, UUID], tuple[Any, str]] = session.info.setdefault("changes", {})
    _measure(session)
    if WITH_HISTORY:
        note_flushed(session)
    note_flushed_rows(session)
    for row in session.new:
        if type(row) in LIVE:
            changes[type(row), row.id] = row, "created"
    for row in session.dirty:
        if type(row) in LIVE and session.is_modified(row):
            changes.setdefault((type(row), row.id), (row, "updated"))
    for row in session.deleted:
        if type(row) in LIVE and changes.pop((type(row), row.id), (row, ""))[1] != "created":
            changes[type(row), row.id] = row, "deleted"
        if isinstance(row, User):
            session.info.setdefault("gone", set()).add(row.id)


def note_change(session: Session, row: Entity, action: str) -> None:
    """Tell of a change that a statement has made, as if the ORM had flushed it."""
    if type(row) in LIVE:
        session.info.setdefault("changes", {})[type(row), row.id] = row, action


def _measure(session: OutboxSession) -> None:
    """Note how much more each user has stored."""
    grown: dict[UUID, Growth] = session.info.setdefault("grown", {})
    flushed = ((session.new, "created"), (session.dirty, "updated"), (session.deleted, "deleted"))
    for row, action in ((row, action) for rows, action in flushed for row in rows):
        model: Any = type(row)
        creator = creator_of(model)
        user_id = getattr(row, creator) if creator else None
        if user_id is not None and not (action == "deleted" and issubclass(model, Trashable)):
            grown[user_id] = grown.get(user_id, Growth()).plus(growth_in(row, action))


def _write_down(session: OutboxSession) -> None:
    """Number the events and insert them.

    This runs last, so that inboxes are locked only briefly. It locks them in the order of their ids, so that
    two transactions do not wait for each other.
    """
    if session.in_nested_transaction():
        return  # a savepoint is released; what it has written may still be rolled back
    session.flush()
    write_history(session)
    write_activity(session)
    if quotas := session.info.get("quotas"):
        quotas.check_in(session, session.info.pop("grown", {}))
    gone: set[UUID] = session.info.get("gone", set())
    events = [
        one for row, action in session.info.pop("changes", {}).values() for one in events_of(row, action)
    ]
    events = [one for one in to_members(session, events) if one["user_id"] not in gone]
    taken = Counter(one["user_id"] for one in events) + Counter(session.info.pop("woken", ()))
    numbers = dict.fromkeys(gone, GONE)
    if wanted := [
        {"user_id": id, "number": taken[id], "pruned": 0} for id in sorted(taken) if id not in gone
    ]:
        add = counting_up(session.get_bind().dialect.name).returning(INBOXES.c.user_id, INBOXES.c.number)
        numbers |= {id: number for id, number in session.execute(add, wanted)}
    last = Counter(numbers)
    for one in reversed(events):
        one["number"] = last[one["user_id"]]
        last[one["user_id"]] -= 1
    if events:
        session.execute(insert(Event), events)
    session.info.setdefault("numbers", {}).update(numbers)


@cache
def counting_up(dialect: str) -> Any:
    """An upsert that adds a number to the number of each inbox, and inserts missing inboxes."""
    add = import_module(f"sqlalchemy.dialects.{dialect}").insert(INBOXES)
    return add.on_conflict_do_update(
        index_elements=["user_id"], set_={"number": INBOXES.c.number + add.excluded.number}
    )


def events_of(row: Any, action: str) -> list[dict[str, Any]]:
    """The event about this change in a list, or an empty list if such changes are not live."""
    live = LIVE.get(type(row))
    kind = f"{live.name}.{action}" if live else ""
    if live is None or kind not in live.kinds:
        return []
    data, to = _shown(row, live.public).decode(), TEAM if live.is_of_team else "user_id"
    return [{to: getattr(row, live.recipient), "topic": live.topic, "kind": kind, "data": data}]


def _shown(row: Any, public: type[Entity]) -> bytes:
    door = open_door("api.db.fast.representation")
    written: bytes | None = door.written(row, public) if door else None
    return as_json(row, public) if written is None else written


@listens("after_commit")
def _wake(session: OutboxSession) -> None:
    wake: Wake | None = session.info.get("wake")
    if session.in_nested_transaction():
        return
    if wake is not None and (numbers := session.info.pop("numbers", None)):
        wake(numbers)


ROLES = "roles"  # of members, which stay until the transaction or the savepoint ends
NOTES = ("changes", "history", NOTED, "woken", "gone", "grown", "numbers", ROLES)  # known of the transaction


@listens("after_transaction_create")
def _remember(session: OutboxSession, transaction: SessionTransaction) -> None:
    if transaction.nested:
        notes = {name: copy(session.info[name]) for name in NOTES if name in session.info}
        session.info.setdefault("savepoints", {})[transaction] = notes


@listens("after_soft_rollback")
def _forget(session: OutboxSession, transaction: SessionTransaction) -> None:
    """Forget what is rolled back: all, or what came after a savepoint."""
    if transaction.parent is None or transaction.nested:
        for what in NOTES:
            session.info.pop(what, None)
        session.info.update(session.info.get("savepoints", {}).pop(transaction, {}))
