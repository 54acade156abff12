"""The history: a transaction writes what it has made of each row whose table has one.

A row that is changed several times in a transaction has one entry, as it has one event. Statements that
change rows without the ORM are not seen.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from api.db.request_state import current
from api.db.trash_tables import TRASH, is_trashable
from api.models.base import OWNERS, Entity, as_json, public_of, tables
from api.models.row_change import RowChange, has_history
from api.models.user import User

STORED: Any = RowChange.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


class Noted(NamedTuple):
    """A change of a row in this transaction."""

    row: Any
    action: str
    changed: frozenset[str] = frozenset()
    data: str | None = None  # of a row that is deleted


def checked(models: Iterable[Any]) -> list[Any]:
    """Those of the models that have a history."""
    found = [model for model in models if has_history(model)]
    for model in found:
        if not issubclass(model, Entity) or public_of(model) is None:
            raise TypeError(f"{model.__name__} has a history and needs a {model.__name__}Public to show it.")
    return found


WITH_HISTORY = checked(tables())


def note(session: Session, row: Any, action: str) -> None:
    """Note a change of a row that the ORM does not flush, or that it is about to delete."""
    if has_history(type(row)):
        data = _shown(row) if action == "deleted" else None
        _noted(session)[type(row), row.id] = Noted(row, action, data=data)


def note_flushed(session: Session) -> None:
    for row in session.new:
        note(session, row, "created")
    for row in session.dirty:
        if has_history(type(row)) and session.is_modified(row):
            was = _noted(session).get((type(row), row.id), Noted(row, "updated"))
            _noted(session)[type(row), row.id] = was._replace(changed=was.changed | _changed(row))
    for row in session.deleted:
        if has_history(type(row)) and not is_trashable(type(row)):
            _noted(session)[type(row), row.id] = Noted(row, "forgotten")


def write_history(session: Session) -> None:
    noted: dict[Any, Noted] = session.info.pop("history", {})
    gone = [one.row.id for one in noted.values() if one.action == "forgotten"]
    if gone:
        session.connection().execute(sa.delete(STORED).where(STORED.c.row_id.in_(gone)))
    deleted = session.info.get("gone", set())  # accounts
    if rows := [_entry(one, deleted) for one in noted.values() if one.action != "forgotten"]:
        session.execute(sa.insert(RowChange), rows)


def forgotten(model: Any) -> sa.Select[Any]:
    """Selects the history of rows that are neither in their table nor in the trash."""
    table: sa.Table = model.__table__
    there = [table, TRASH[table].trash] if table in TRASH else [table]
    are_gone = (~sa.exists().where(one.c.id == STORED.c.row_id) for one in there)
    return sa.select(STORED.c.id).where(STORED.c.row_table == table.name, *are_gone)


def _noted(session: Session) -> dict[Any, Noted]:
    noted: dict[Any, Noted] = session.info.setdefault("history", {})
    return noted


def _changed(row: Any) -> frozenset[str]:
    """The fields that are shown and have changed, but for those that change with each change."""
    state, public = inspect(row), public_of(type(row))
    names = state.mapper.column_attrs.keys() & public.model_fields.keys() if public else set()
    return frozenset(name for name in names - {"updated_at"} if state.attrs[name].history.has_changes())


def _entry(one: Noted, deleted: set[Any]) -> dict[str, Any]:
    model, state = type(one.row), current.get()
    by = state.user_id if state is not None else None
    owners = [name for name in OWNERS if name in model.__table__.columns]
    users = User.__table__  # type: ignore[attr-defined]
    of_user = [n for n in owners if any(k.column.table is users for k in model.__table__.c[n].foreign_keys)]
    return {
        "row_table": model.__table__.name,
        "row_id": one.row.id,
        "action": one.action,
        "changed": sorted(one.changed) if one.action == "updated" else [],
        "data": one.data or _shown(one.row),
        "by_id": None if by in deleted else by,
        "owner_id": getattr(one.row, of_user[0]) if of_user else None,
    }


def _shown(row: Any) -> str:
    return as_json(row, public_of(type(row))).decode()
