"""Commits a change of a single row in one round trip.

On PostgreSQL, one statement writes the row, its entry in the activity, its event and the event's number. On
SQLite this takes several statements, which run in one call of the driver. `changes.py` decides whether a
transaction qualifies.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Dialect, Select, and_, delete, literal, literal_column, null, true, update
from sqlmodel import col, insert, select

from api.db.activity import Kept, changes_of, entry_of, kept_of
from api.db.fast.changes import Change, bound, model_of
from api.db.fast.driver import Script
from api.db.fast.plans import Plan
from api.db.fast.statements import compiled
from api.db.guard import Guard
from api.db.outbox import counting_up, events_of
from api.models.activity import Activity
from api.models.base import utcnow
from api.models.event import Event, Inbox

LEANS_ON = ("sqlalchemy.sql.dml:Insert.from_select",)

ONLY_VERSION = ("new_updated_at",)  # the names of a change of nothing else


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


def script(
    change: Change, dialect: Dialect, guard: Guard | None, *, is_kept: bool
) -> tuple[Script, list[UUID]]:
    """The statements with their values, and the recipients of the event. `is_kept` is the setting ACTIVITY.

    If there is an event, the last statement finds its number. If the guard's condition is false or the row
    has changed, the first statement finds nothing, and no statement writes anything.
    """
    events = events_of(change.row, change.action)
    values = {**change.was, **change.new, **(guard.values if guard else {}), "event_created_at": utcnow()}
    values |= {f"event_{name}": value for event in events for name, value in event.items()}
    condition = guard.condition if guard else None
    names = tuple(sorted(change.new)) if change.action == "updated" else ()
    kept = kept_of(model_of(change.row)) if is_kept and names != ONLY_VERSION else None
    if kept:
        values |= _entry(change, kept)
    statements = _statements(
        model_of(change.row), change.action, names, bool(events), kept, condition, dialect
    )
    return [one.bind(values) for one in statements], [event["user_id"] for event in events]


def _entry(change: Change, kept: Kept) -> dict[str, Any]:
    """The values of the activity's entry."""
    was, new = change.was, change.new
    before = {name: was[f"was_{name}"] for name in kept.names if f"was_{name}" in was}
    after = {name: new[f"new_{name}"] for name in kept.names if f"new_{name}" in new}
    return {f"activity_{name}": value for name, value in entry_of(changes_of(kept, before, after)).items()}


@lru_cache(maxsize=256)
def _statements(
    model: Any,
    action: str,
    names: tuple[str, ...],
    is_told: bool,
    kept: Kept | None,
    condition: Any,
    dialect: Dialect,
) -> list[Plan]:
    row = _row(model, action, names, true() if condition is None else condition)
    row = row.returning(*model.__table__.primary_key)
    entry = _activity(model, action, kept) if kept else {}
    event = bound(Event, "event_")
    first = {"user_id": event["user_id"], "number": literal(1), "pruned": literal(0)}
    if dialect.name == "postgresql":
        made = row.cte("made")
        whole: Any = select(*made.c)
        if is_told:
            number = counting_up(dialect.name).from_select(
                [*first], select(*first.values()).select_from(made)
            )
            numbered = number.returning(Inbox.number).cte("numbered")
            told = select(*(event | {"number": numbered.c.number}).values())
            whole = select(numbered.c.number).add_cte(insert(Event).from_select([*event], told).cte("told"))
        if kept:
            noted = select(*entry.values()).select_from(made)
            whole = whole.add_cte(insert(Activity).from_select([*entry], noted).cte("noted"))
        return [compiled(whole if is_told or kept else row, dialect)]
    parts: list[Any] = [row]
    if kept:
        written_down = insert(Activity).values(entry)
        parts.append(written_down if is_told else written_down.returning(col(Activity.id)))
    if is_told:
        newest = select(Inbox.number).where(col(Inbox.user_id) == event["user_id"])
        written = insert(Event).values(event | {"number": newest.scalar_subquery()})
        parts += [counting_up(dialect.name).values(first), written, newest]
    return [compiled(one, dialect) for one in parts]


def _activity(model: Any, action: str, kept: Kept) -> dict[str, Any]:
    """The activity's entry, by column. What it has in common with the row and the event is sent once."""
    own, now = bound(model, "new_" if action == "created" else "was_"), bound(Event, "event_")["created_at"]
    return bound(Activity, "activity_") | {
        "created_at": now,
        "updated_at": now,
        "entity": literal_column(f"'{kept.entity}'"),
        "action": literal_column(f"'{action}'"),
        "row_id": own["id"],
        "account_id": own[kept.account] if kept.account else null(),
    }


def _row(model: Any, action: str, names: tuple[str, ...], condition: Any) -> Any:
    new = bound(model, "new_")
    if action == "created":
        return insert(model).from_select([*new], select(*new.values()).where(condition))
    if action == "deleted":
        return delete(model.__table__).where(_as_it_was(model), condition)
    given = {column: value for column, value in new.items() if value.key in names}
    return update(model.__table__).where(_as_it_was(model), condition).values(given)
