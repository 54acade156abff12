"""The activity: a transaction writes who has changed which rows, and from what to what.

A row that is changed several times in a transaction has one entry. The old values are those that the session
knows anyway: nothing is read for it. Statements that change rows without the ORM are not seen.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from api.db.request_state import current
from api.models.activity import Activity
from api.models.base import OWNERS, Entity, public_of, utcnow, uuid7
from api.models.user import User

STORED: Any = Activity.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
KEEPS, NOTED = "activity", "noted"  # in `session.info`: the setting, and what is noted
LONGEST, CUT = 500, "…"  # characters of a value, and what stands for the rest of them
OWN = {"id", "created_at", "updated_at"}  # which the entry tells in its own fields


class Kept(NamedTuple):
    """What is kept of the rows of a table."""

    entity: str
    names: tuple[str, ...]  # the columns that are shown
    long: frozenset[str]  # those of them whose values may be too long
    account: str | None  # the column with the user with whose account a row is deleted


class Noted(NamedTuple):
    """A change of a row in this transaction."""

    action: str
    was: dict[str, Any]  # the values before and after, of what has changed
    new: dict[str, Any]
    account: Any


@lru_cache
def kept_of(model: Any) -> Kept | None:
    """What is kept of the rows of this model, or None if it is left out."""
    public = public_of(model) if issubclass(model, Entity) else None
    if public is None or not getattr(model, "__activity__", True):
        return None
    mapper, table = inspect(model), model.__table__
    shown = public.model_fields.keys() - OWN
    nested = (one.local_columns for one in mapper.relationships if one.key in shown and not one.uselist)
    keys = {column.key for columns in nested for column in columns} | shown
    names = tuple(
        column.key
        for column in table.columns
        if column.key in keys and column.key in mapper.column_attrs and not _is_of_bytes(column)
    )
    long = (name for name in names if _may_be_long(table.c[name].type))
    return Kept(table.name, names, frozenset(long), _account_of(model))


def _is_of_bytes(column: Any) -> bool:
    return isinstance(column.type, sa.LargeBinary)


def _may_be_long(type: Any) -> bool:
    while isinstance(type, sa.TypeDecorator):
        type = type.impl_instance
    is_text = isinstance(type, sa.String) and not isinstance(type, sa.Enum)
    return isinstance(type, sa.JSON) or (is_text and (type.length is None or type.length > LONGEST))


def _account_of(model: Any) -> str | None:
    if model is User:
        return "id"
    users = User.__table__  # type: ignore[attr-defined]
    keys = [key for key in model.__table__.foreign_keys if key.column.table is users]
    names = sorted(key.parent.key for key in keys if key.ondelete == "CASCADE")
    return next((name for name in (*OWNERS, *names) if name in names), None)


# What the ORM changes


def note_activity(session: Session, row: Any, action: str) -> None:
    """Note a change of a row by a statement, as if the ORM had flushed it."""
    model: Any = type(row)
    if kept := _kept(session, model):
        values = _values(row, kept.names)
        was, new = (values, {}) if action == "deleted" else ({}, values)
        _noted(session)[model, row.id] = Noted(action, was, new, inspect(row).dict.get(kept.account))


def note_links(session: Session, row: Any, far: str, gone: Iterable[Any], new: Iterable[Any]) -> None:
    """Note which rows it was linked to and is not any more, and to which it is now."""
    model: Any = type(row)
    kept, was, now = _kept(session, model), list(gone), list(new)
    if kept and (was or now):
        known = _known(session, row, kept)
        name = f"{far}s"
        before, after = known.was.get(name) or [], known.new.get(name) or []
        was, now = (
            [id for id in [*before, *(id for id in was if id not in after)] if id not in now],
            [id for id in [*after, *(id for id in now if id not in before)] if id not in was],
        )
        changed = known._replace(was=known.was | {name: was or None}, new=known.new | {name: now or None})
        _noted(session)[model, row.id] = changed


def note_flushed_rows(session: Session) -> None:
    for row in session.new:
        note_activity(session, row, "created")
    for row in session.dirty:
        _note_update(session, type(row), row)
    for row in session.deleted:
        _note_deletion(session, type(row), row)


def _note_update(session: Session, model: Any, row: Any) -> None:
    if (kept := _kept(session, model)) and (changed := _changed(row)):
        known = _known(session, row, kept)
        new = _values(row, [name for name in kept.names if name in changed])
        was = {name: changed[name] for name in new} if known.action == "updated" else {}
        _noted(session)[model, row.id] = known._replace(was=was | known.was, new=known.new | new)


def _note_deletion(session: Session, model: Any, row: Any) -> None:
    if kept := _kept(session, model):
        known = _noted(session).pop((model, row.id), None)
        if known is None or known.action != "created":
            before = _changed(row) | (known.was if known else {})
            was = {name: before.get(name, value) for name, value in _values(row, kept.names).items()}
            account = inspect(row).dict.get(kept.account)
            _noted(session)[model, row.id] = Noted("deleted", was, {}, account)


def write_activity(session: Session) -> None:
    noted: dict[Any, Noted] = session.info.pop(NOTED, {})
    gone: set[Any] = session.info.get("gone", set())  # accounts
    if rows := [_entry(model, id, one, gone) for (model, id), one in noted.items()]:
        session.connection().execute(sa.insert(STORED), rows)


def _kept(session: Session, model: Any) -> Kept | None:
    return kept_of(model) if session.info.get(KEEPS) else None


def _noted(session: Session) -> dict[Any, Noted]:
    noted: dict[Any, Noted] = session.info.setdefault(NOTED, {})
    return noted


def _known(session: Session, row: Any, kept: Kept) -> Noted:
    """What is noted of this row so far."""
    nothing = Noted("updated", {}, {}, inspect(row).dict.get(kept.account))
    return _noted(session).get((type(row), row.id), nothing)


def _values(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """The values that are known: nothing is read for this, and an expression is no value."""
    has = inspect(row).dict
    return {name: has[name] for name in names if name in has and not hasattr(has[name], "__clause_element__")}


def _changed(row: Any) -> dict[str, Any]:
    """The columns that a change is about, with their values before it."""
    state = inspect(row)
    names = {*state.mapper.column_attrs.keys()} - state.unmodified - {"updated_at"}
    found = {name: state.attrs[name].history for name in names}
    return {name: one.deleted[0] if one.deleted else None for name, one in found.items() if one.has_changes()}


def _entry(model: Any, id: Any, one: Noted, gone: set[Any]) -> dict[str, Any]:
    kept: Any = kept_of(model)
    if one.account in gone:
        one = one._replace(was={}, new={}, account=None)
    now, entry = utcnow(), entry_of(changes_of(kept, one.was, one.new))
    entry |= {"created_at": now, "updated_at": now, "row_id": id}
    entry |= {"entity": kept.entity, "action": one.action, "account_id": one.account}
    return entry | {name: None for name in ("actor_id", "impersonator_id") if entry[name] in gone}


# What the fast path writes too


def entry_of(changes: str) -> dict[str, Any]:
    """The columns of an entry that tell of this request and its changes, and not of the row."""
    state = current.get()
    return {
        "id": uuid7(),
        "changes": changes,
        "actor_id": state.user_id if state else None,
        "impersonator_id": state.impersonator_id if state else None,
        "request_id": state.request_id if state else None,
    }


def changes_of(kept: Kept, was: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The old and the new values as JSON, without those that are null before and after."""
    changes = {}
    for name in new or was:
        before, after = was.get(name), new.get(name)
        if before is None and after is None:
            continue
        changes[name] = (_short(before), _short(after)) if name in kept.long else (before, after)
    return to_json(changes, fallback=str).decode()


def _short(value: Any) -> Any:
    if value is None or len(value if isinstance(value, str) else to_json(value, fallback=str)) <= LONGEST:
        return value
    return value[:LONGEST] + CUT if isinstance(value, str) else CUT
