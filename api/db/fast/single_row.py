"""Commits a change of a single row in one round trip.

On PostgreSQL, one statement writes the row, its event and the event's number. On SQLite this takes several
statements, which run in one call of the driver. `changes.py` decides whether a transaction qualifies.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Dialect, Select, and_, delete, literal, true, update
from sqlmodel import col, insert, select

from api.db.fast.changes import Change, bound, model_of
from api.db.fast.driver import Script
from api.db.fast.plans import Plan
from api.db.fast.statements import compiled
from api.db.guard import Guard
from api.db.outbox import counting_up, events_of
from api.models.base import utcnow
from api.models.event import Event, Inbox

LEANS_ON = ("sqlalchemy.sql.dml:Insert.from_select",)


@lru_cache
def unchanged(model: Any) -> Select[Any]:
    """A select that finds the row, and locks it, if it is still as it was read."""
    return select(model.id).where(_as_it_was(model)).with_for_update(key_share=True)


def _as_it_was(model: Any) -> Any:
    """The condition that the row has the same values as when it was read.

    It omits JSON columns, which not every database can compare. A change of them also changes `updated_at`.
    """
    id, *columns = model.__table__.columns
    was = bound(model, "was_")
    comparable = [
        column for column in columns if not isinstance(getattr(column.type, "impl", column.type), JSON)
    ]
    return and_(id == was["id"], *(column.is_not_distinct_from(was[column.key]) for column in comparable))


def script(change: Change, dialect: Dialect, guard: Guard | None) -> tuple[Script, list[UUID]]:
    """The statements with their values, and the recipients of the event.

    If there is an event, the last statement finds its number. If the guard's condition is false or the row
    has changed, the first statement finds nothing, and no statement writes anything.
    """
    events = events_of(change.row, change.action)
    values = {**change.was, **change.new, **(guard.values if guard else {}), "event_created_at": utcnow()}
    values |= {f"event_{name}": value for event in events for name, value in event.items()}
    condition = guard.condition if guard else None
    names = tuple(sorted(change.new)) if change.action == "updated" else ()
    statements = _statements(model_of(change.row), change.action, names, bool(events), condition, dialect)
    return [one.bind(values) for one in statements], [event["user_id"] for event in events]


@lru_cache(maxsize=256)
def _statements(
    model: Any, action: str, names: tuple[str, ...], is_told: bool, condition: Any, dialect: Dialect
) -> list[Plan]:
    row = _row(model, action, names, true() if condition is None else condition)
    row = row.returning(*model.__table__.primary_key)
    if not is_told:
        return [compiled(row, dialect)]
    event = bound(Event, "event_")
    first = {"user_id": event["user_id"], "number": literal(1), "pruned": literal(0)}
    if dialect.name == "postgresql":
        made = row.cte("made")
        number = counting_up(dialect.name).from_select([*first], select(*first.values()).select_from(made))
        numbered = number.returning(Inbox.number).cte("numbered")
        written = insert(Event).from_select(
            [*event], select(*(event | {"number": numbered.c.number}).values())
        )
        whole: Any = select(numbered.c.number).add_cte(written.cte("told"))
        return [compiled(whole, dialect)]
    newest = select(Inbox.number).where(col(Inbox.user_id) == event["user_id"])
    written = insert(Event).values(event | {"number": newest.scalar_subquery()})
    return [compiled(one, dialect) for one in (row, counting_up(dialect.name).values(first), written, newest)]


def _row(model: Any, action: str, names: tuple[str, ...], condition: Any) -> Any:
    new = bound(model, "new_")
    if action == "created":
        return insert(model).from_select([*new], select(*new.values()).where(condition))
    if action == "deleted":
        return delete(model.__table__).where(_as_it_was(model), condition)
    given = {column: value for column, value in new.items() if value.key in names}
    return update(model.__table__).where(_as_it_was(model), condition).values(given)
