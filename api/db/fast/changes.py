"""Finds transactions that change a single row, which `single_row.py` can commit without the ORM.

The table must have no listeners and no columns that the database computes, and the database must not have to
fill in a default. A row that was read without a lock is changed only if nobody else has changed it since.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Dialect, bindparam, inspect
from sqlalchemy.orm import make_transient_to_detached

from api.db.fast.rows import Origin, mark
from api.db.fast.types import Unfit, check_type
from api.db.live_events import LIVE
from api.db.outbox import LISTENERS, OutboxSession
from api.db.trash_tables import is_trashable
from api.models.base import utcnow
from api.models.row_change import has_history

if TYPE_CHECKING:
    from api.db.session import Session

LEANS_ON = (
    "sqlalchemy.orm:Mapper.dispatch",
    "sqlalchemy.orm:Session.dispatch",
    "sqlalchemy.orm:InstanceState._commit_all",
    "sqlalchemy.orm:InstanceState.committed_state",
    "sqlalchemy.orm:Session._new",
    "sqlalchemy.orm:Session._deleted",
    "sqlalchemy.orm:make_transient_to_detached",
    "sqlalchemy.orm.identity:IdentityMap._modified",
    "sqlalchemy.event.attr:_EmptyListener.parent_listeners",
)

MAPPER_EVENTS = attrgetter(
    "before_insert", "after_insert", "before_update", "after_update", "before_delete", "after_delete"
)
SESSION_EVENTS = attrgetter(
    "before_attach", "after_attach", "transient_to_pending", "before_flush", "after_flush",
    "after_flush_postexec", "before_commit", "after_commit", "after_begin", "pending_to_persistent",
    "persistent_to_deleted", "deleted_to_detached", "persistent_to_detached",
)  # fmt: skip
OURS = [sum(listener in LISTENERS for listener in one) for one in SESSION_EVENTS(OutboxSession().dispatch)]


class Change(NamedTuple):
    """The change of one row."""

    row: Any
    action: str  # created, updated or deleted
    was: dict[str, Any]  # the values when it was read
    new: dict[str, Any]  # the values to write


class Held(NamedTuple):
    """A row that was read without a lock, and its values at that time, by the parameters of `unchanged`."""

    row: Any
    was: dict[str, Any]

    @classmethod
    def of(cls, row: Any) -> "Held":
        layout = _layout(model_of(row))
        return cls(row, dict(zip(layout.was, layout.values(vars(row)), strict=True)))


class Layout(NamedTuple):
    """The columns and relationships of a table, and the names of its parameters in statements."""

    columns: frozenset[str]
    relationships: frozenset[str]
    wanted: frozenset[str]  # columns that are filled in when they are None: ids and defaults
    values: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    was: list[str]
    new: list[str]


@lru_cache
def _layout(model: Any) -> Layout:
    columns, names = model.__table__.columns, model.__table__.columns.keys()
    was, new = ([value.key for value in bound(model, prefix).values()] for prefix in ("was_", "new_"))
    wanted = {
        c.key for c in columns if c.default is not None or c.server_default is not None or c.primary_key
    }
    relationships = frozenset(inspect(model).relationships.keys())
    return Layout(frozenset(names), relationships, frozenset(wanted), itemgetter(*names), was, new)


@lru_cache
def unfit(model: Any, dialect: Dialect) -> str | None:
    """Why the unit of work has to write rows of this table, or None if the fast path can."""
    mapper = inspect(model)
    if mapper.inherits or len(mapper.tables) > 1 or mapper.version_id_col is not None or has_history(model):
        return f"{model.__name__} has several tables, a version of SQLAlchemy's or a history"
    if [column.key for column in mapper.primary_key] != ["id"] or len(model.__table__.columns) < 2:
        return f"the primary key of {model.__name__} is not `id` alone"
    if (live := LIVE.get(model)) is not None and live.is_of_team:
        return f"the events of {model.__name__} are sent to all members of a team"
    for column in model.__table__.columns:
        name = f"{model.__name__}.{column.key}"
        attribute = mapper.column_attrs.get(column.key)
        if attribute is None or attribute.columns[0] is not column:
            return f"{name} has another name in the table"
        if column.computed is not None or column.identity is not None or column.server_onupdate is not None:
            return f"{name} is made by the database"
        if column.onupdate is not None and getattr(column.onupdate.arg, "__wrapped__", None) is not utcnow:
            return f"{name} has an `onupdate` of its own"
        try:
            check_type(column.type, dialect)
        except Unfit as reason:
            return f"{name}: {reason}"
    return None


def model_of(row: Any) -> Any:
    return type(row)


def change_of(session: OutboxSession, held: Held | None, dialect: Dialect) -> Change | None:
    """What the session is about to commit, if it is one row and nothing else; otherwise None."""
    new, deleted, modified = session._new, session._deleted, session.identity_map._modified
    if session.is_connected or len(modified | deleted.keys()) + len(new) != 1 or "woken" in session.info:
        return None
    [state] = new or deleted or modified
    row = state.obj()
    if unfit(model_of(row), dialect) or is_watched(session, type(row)):
        return None
    if new or held is None or row is not held.row:
        return _added(row) if new else None
    return _deleted(held) if deleted else _updated(held, state.committed_state)


def change_of_pending(row: Any, held: Held | None, any_session: OutboxSession) -> Change | None:
    """What the session is about to commit, if it is a row that the ORM does not know yet; otherwise None."""
    layout, has = _layout(model_of(row)), vars(row)
    if not layout.columns <= has.keys() or is_watched(any_session, type(row)):
        return None
    if held is not None and row is held.row:
        return _updated(held, row.__pydantic_fields_set__.before)
    return _inserted(row, layout, layout.values(has))


def is_watched(session: OutboxSession, model: Any) -> bool:
    """Whether there are listeners that the unit of work would call, for this session or for all."""
    kind: Any = type(session)
    of_all, lists = _heard(kind)
    has_own = SESSION_EVENTS(session.dispatch) != of_all
    return has_own or [*map(len, lists)] != OURS or any(MAPPER_EVENTS(model.__mapper__.dispatch))


@lru_cache
def _heard(kind: Any) -> tuple[Any, list[Any]]:
    """For each event: what a session has if nobody listens to it alone, and the listeners to all sessions."""
    of_all = SESSION_EVENTS(kind().dispatch)
    return of_all, [one.parent_listeners for one in of_all]


def _added(row: Any) -> Change | None:
    layout, has = _layout(model_of(row)), vars(row)
    if not layout.columns <= has.keys() or not layout.relationships.isdisjoint(has):
        return None
    values = layout.values(has)
    return None if _has_expressions(values) else _inserted(row, layout, values)


def _inserted(row: Any, layout: Layout, values: tuple[Any, ...]) -> Change | None:
    if None in map(vars(row).__getitem__, layout.wanted):
        return None
    return Change(row, "created", {}, dict(zip(layout.new, values, strict=True)))


def _deleted(held: Held) -> Change | None:
    model = model_of(held.row)
    is_more = _layout(model).relationships or is_trashable(model)  # of which the unit of work takes care
    return None if is_more else Change(held.row, "deleted", held.was, {})


def _updated(held: Held, before: Mapping[str, Any]) -> Change | None:
    layout, has = _layout(model_of(held.row)), vars(held.row)
    if not before.keys() <= layout.columns or not before.keys() <= has.keys():
        return None
    new = {f"new_{name}": has[name] for name in before if has[name] != before[name]}
    if not new or "new_id" in new or _has_expressions(new.values()):
        return None
    if "updated_at" in layout.columns:
        new = {"new_updated_at": utcnow()} | new
    return Change(held.row, "updated", held.was, new)


def _has_expressions(values: Any) -> bool:
    return any(
        isinstance(value, sa.ClauseElement) or hasattr(value, "__clause_element__") for value in values
    )


def settle(session: "Session", change: Change) -> None:
    """Leave the row as a commit of the unit of work would leave it: without pending changes."""
    if change.action == "updated":
        vars(change.row).update({name.removeprefix("new_"): new for name, new in change.new.items()})
    if change.row is session.pending:
        session.pending = None
        return mark(change.row, Origin(change.row.__pydantic_fields_set__))
    if change.action == "updated":
        state: Any = inspect(change.row)
        state._commit_all(vars(change.row), session.sync_session.identity_map)
    session.sync_session.close()
    if change.action == "created":  # closing the session has made it transient
        make_transient_to_detached(change.row)
    return None


def bound(model: Any, prefix: str) -> dict[str, Any]:
    """A parameter for each column of the model's table."""
    return {
        column.key: bindparam(prefix + column.key, type_=column.type) for column in model.__table__.columns
    }
