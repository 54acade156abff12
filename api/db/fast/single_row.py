"""A request that adds, changes or deletes one row, and asks its session nothing else, is committed in one round trip.

PostgreSQL is given the row, the event about it and the event's number in one statement. SQLite has no such statements,
but is given all of them at once. Whatever else a session does, it does by way of the ORM.

A row that is to be changed is read without being locked, and is changed only if it is still as it was read.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import JSON, Dialect, Select, and_, bindparam, delete, inspect, literal, true, update
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import manager_of_class
from sqlmodel import SQLModel, col, insert, select

from api.db.fast.statements import Prepared, prepare_plain
from api.db.outbox import counting_up, events_of
from api.deps.claims import HOLDS, Claim
from api.models import Event, Inbox
from api.models.base import utcnow

Script = Sequence[tuple[str, Any]]
Row = TypeVar("Row", bound=SQLModel)


class Change(NamedTuple):
    """What becomes of a row."""

    row: Any
    action: str  # created, updated or deleted
    was: dict[str, Any]  # when it was read
    new: dict[str, Any]


class Layout(NamedTuple):
    """What there is to know of a model: its columns, and how statements call their values before and after."""

    columns: frozenset[str]
    relationships: frozenset[str]
    values: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    was: list[str]
    new: list[str]


@lru_cache
def _layout(model: Any) -> Layout:
    names = model.__table__.columns.keys()
    was, new = ([value.key for value in _bound(model, prefix).values()] for prefix in ("was_", "new_"))
    return Layout(frozenset(names), frozenset(inspect(model).relationships.keys()), itemgetter(*names), was, new)


def stands_alone(row: SQLModel) -> bool:
    """Whether the row is complete: nothing in it is made by the database, or by the ORM from another object."""
    layout = _layout(type(row))
    return layout.columns <= vars(row).keys() and layout.relationships.isdisjoint(vars(row))


def detached(row: Row) -> Row:
    """The bare row as one of the ORM's, which notes what is changed in it, and can be added to a session."""
    object.__setattr__(row, "__pydantic_fields_set__", set())
    manager_of_class(type(row)).setup_instance(row)
    make_transient_to_detached(row)
    return row


def as_read(row: Any) -> dict[str, Any]:
    """What was in it before it was changed, each with the name under which `unchanged` expects it."""
    layout = _layout(row.__class__)
    return dict(zip(layout.was, layout.values(vars(row) | inspect(row).committed_state), strict=True))


def added(row: SQLModel) -> Change:
    layout = _layout(type(row))
    return Change(row, "created", {}, dict(zip(layout.new, layout.values(vars(row)), strict=True)))


def changed(row: Any, *, is_deleted: bool) -> Change | None:
    """What has become of a detached row, if anything has."""
    was, before = as_read(row), inspect(row).committed_state
    if is_deleted:
        return Change(row, "deleted", was, {})
    new = {f"new_{name}": value for name in before if (value := vars(row)[name]) != before[name]}
    return Change(row, "updated", was, {"new_updated_at": utcnow()} | new) if new else None


@lru_cache
def unchanged(model: Any) -> Select[Any]:
    """The row, locked, if it is as it was read."""
    return select(model.id).where(_as_it_was(model)).with_for_update(key_share=True)


def _as_it_was(model: Any) -> Any:
    """`updated_at` would tell. So does everything else that can be compared, which JSON cannot everywhere."""
    id, *columns = model.__table__.columns
    was = _bound(model, "was_")
    comparable = [column for column in columns if not isinstance(getattr(column.type, "impl", column.type), JSON)]
    return and_(id == was["id"], *(column.is_not_distinct_from(was[column.key]) for column in comparable))


def script(change: Change, dialect: Dialect, claim: Claim | None) -> tuple[Script, list[UUID]]:
    """The statements, each with its values; and whom the event is for.

    The last one finds the event's number, if there is an event. The first one finds nothing, and none writes anything,
    if there is a claim that does not hold, or the row is not as it was read.
    """
    events = events_of(change.row, change.action)
    values = {**change.was, **change.new, **(claim._asdict() if claim else {}), "event_created_at": utcnow()}
    values |= {f"event_{name}": value for event in events for name, value in event.items()}
    model: Any = type(change.row)
    statements = _statements(model, change.action, tuple(sorted(change.new)), bool(events), claim is not None, dialect)
    return [one.bind(values) for one in statements], [event["user_id"] for event in events]


@lru_cache(maxsize=512)
def _statements(model: Any, action: str, names: tuple[str, ...], told: bool, claimed: bool, dialect: Dialect) -> list[Prepared]:
    row = _row(model, action, names, HOLDS if claimed else true()).returning(*model.__table__.primary_key)
    if not told:
        return [prepare_plain(row, dialect)]
    event = _bound(Event, "event_")
    first = {"user_id": event["user_id"], "number": literal(1), "pruned": literal(0)}
    if dialect.name == "postgresql":
        made = row.cte("made")
        number = counting_up(dialect.name).from_select([*first], select(*first.values()).select_from(made))
        numbered = number.returning(Inbox.number).cte("numbered")
        written = insert(Event).from_select([*event], select(*(event | {"number": numbered.c.number}).values()))
        whole: Any = select(numbered.c.number).add_cte(written.cte("told"))
        return [prepare_plain(whole, dialect)]
    newest = select(Inbox.number).where(col(Inbox.user_id) == event["user_id"])
    written = insert(Event).values(event | {"number": newest.scalar_subquery()})
    return [prepare_plain(one, dialect) for one in (row, counting_up(dialect.name).values(first), written, newest)]


def _row(model: Any, action: str, names: tuple[str, ...], condition: Any) -> Any:
    new = _bound(model, "new_")
    if action == "created":
        return insert(model).from_select([*new], select(*new.values()).where(condition))
    if action == "deleted":
        return delete(model.__table__).where(_as_it_was(model), condition)
    given = {column: value for column, value in new.items() if value.key in names}
    return update(model.__table__).where(_as_it_was(model), condition).values(given)


def _bound(model: Any, prefix: str) -> dict[str, Any]:
    return {column.key: bindparam(prefix + column.key, type_=column.type) for column in model.__table__.columns}
