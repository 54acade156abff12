"""The statements that move rows to the trash and back, with what belongs to them. They read no row.

Into the trash, rows are copied and locked. Then the ORM deletes them, and the database what belongs to them.
Back, rows are inserted again, and the trash is deleted.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from api.db.trash_tables import MARK, TRASH, WITH, Child, Reference, Trash


def move(connection: Connection, of: Trash, ids: Sequence[UUID], now: datetime) -> None:
    """Copy these rows to the trash, and what is deleted with them. They are locked until they are deleted."""
    connection.execute(_copying(of, of.table.c.id, of.table.c.id.in_(ids), now))
    todo = [of]
    while todo:
        parent = todo.pop(0)
        for reference in parent.references:
            connection.execute(_remembering(parent, reference, ids))
        for child in parent.children:
            own, here = TRASH[child.table], parent.trash
            with_parent = own.table.c[child.column] == here.c[_key(parent)]
            copying = _copying(own, here.c[WITH], with_parent & here.c[WITH].in_(ids), now, child.column)
            if connection.execute(copying).rowcount > 0:
                todo.append(own)


def _copying(of: Trash, batch: Any, condition: Any, now: datetime, mark: str | None = None) -> Any:
    columns: dict[str, Any] = {name: of.table.c[name] for name in of.columns}
    if of.is_root:
        columns["deleted_at"] = sa.bindparam("now", now, of.table.c.deleted_at.type)
    columns[WITH] = batch
    if mark is not None:
        columns[mark + MARK] = of.table.c[mark]
    rows = sa.select(*columns.values()).where(condition, ~_is_in(of.trash, of.table))
    return _inserting(of.trash, columns, rows.with_for_update(of=of.table))


def _remembering(of: Trash, reference: Reference, ids: Sequence[UUID]) -> Any:
    """Note which rows refer to those that are deleted. The database sets these references to null."""
    column, here, kept = reference.column, of.trash, reference.kept.alias()
    [own] = _ids(column.table)
    is_known = (kept.c.row_id == own) & (kept.c.target_id == column)
    rows = sa.select(own, column).where(column == here.c[_key(of)], here.c[WITH].in_(ids))
    return _inserting(reference.kept, ("row_id", "target_id"), rows.where(~sa.exists().where(is_known)))


def move_back(connection: Connection, of: Trash, id: UUID, changed: datetime) -> bool:
    if not connection.execute(_returning(of, of.trash.c.id == id, id, changed)).rowcount:
        return False
    todo, seen = [of], [of]
    while todo:
        parent = todo.pop(0)
        for child in parent.children:
            own = TRASH[child.table]
            if connection.execute(_returning(own, _has_parent(own, parent, child), id)).rowcount > 0:
                todo.append(own)
                seen.append(own)
    for one in dict.fromkeys(seen):
        for name, target in one.weak:
            connection.execute(_referring(one, name, target, id))
        for reference in one.references:
            connection.execute(_referring_again(one, reference, id))
    for own, parent, column in _of_two(seen):
        connection.execute(_staying(own, parent, column, id))
    connection.execute(sa.delete(of.trash).where(of.trash.c.id == id))
    return True


def _returning(of: Trash, condition: Any, id: UUID, changed: datetime | None = None) -> Any:
    """Insert rows of a deletion into their table, if all that they cannot be without is there."""
    nulls = {"deleted_at"} if of.is_root else set()
    nulls |= {name for name, _ in of.weak}
    names = [name for name in of.columns if of.table.c[name].computed is None]
    columns: dict[str, Any] = {n: sa.null() if n in nulls else of.trash.c[n] for n in names}
    if changed is not None:
        columns["updated_at"] = sa.bindparam("changed", changed, of.table.c.updated_at.type)
    rows = sa.select(*columns.values()).where(
        of.trash.c[WITH] == id, condition, *_parents_are_there(of), ~_is_in(of.table, of.trash)
    )
    return _inserting(of.table, names, rows)


def _inserting(table: sa.Table, names: Iterable[str], rows: Any) -> Any:
    copying = sa.insert(table).from_select([*names], rows, include_defaults=False)
    return copying.execution_options(preserve_rowcount=True)


def _parents_are_there(of: Trash) -> Iterable[Any]:
    for parent, name in _parents(of):
        there, column = parent.table.alias(), of.trash.c[name]
        yield sa.exists().where(there.c[_key(parent)] == column) | column.is_(None)


def _parents(of: Trash) -> Iterable[tuple[Trash, str]]:
    """The tables whose rows take rows of this one with them, with its column that refers to them."""
    for parent in TRASH.values():
        yield from ((parent, child.column) for child in parent.children if child.table is of.table)


def _has_parent(of: Trash, parent: Trash, child: Child) -> Any:
    there = parent.table.alias()
    return sa.exists().where(there.c[_key(parent)] == of.trash.c[child.column])


def _referring(of: Trash, name: str, target: sa.Column[Any], id: UUID) -> Any:
    """Set a reference that may be null, if its row is there."""
    there, here = target.table.alias(), of.trash
    is_there = sa.exists().where(there.c[target.name] == here.c[name])
    found = sa.select(*_ids(here)).where(here.c[WITH] == id, is_there)
    return _setting(of.table.c[name], sa.select(here.c[name]).where(_same(here, of.table)), found)


def _referring_again(of: Trash, reference: Reference, id: UUID) -> Any:
    """Let rows refer to what comes back, if they refer to nothing else now."""
    column, kept = reference.column, reference.kept
    [own] = _ids(column.table)
    of_batch = sa.select(of.trash.c[_key(of)]).where(of.trash.c[WITH] == id)
    known = kept.c.target_id.in_(of_batch)
    value = sa.select(kept.c.target_id).where(kept.c.row_id == own, known)
    return _setting(column, value, sa.select(kept.c.row_id).where(known)).where(column.is_(None))


def _setting(column: sa.Column[Any], value: sa.Select[Any], ids: sa.Select[Any]) -> Any:
    """Set a column of the rows with these ids. As when the database sets it to null, the version stays."""
    table, values = column.table, {column: value.scalar_subquery()}
    if "updated_at" in table.c:
        values[table.c.updated_at] = table.c.updated_at  # type: ignore[assignment]  # a value as well
    return sa.update(table).where(sa.tuple_(*_ids(table)).in_(ids)).values(values)


def _of_two(restored: Sequence[Trash]) -> Iterable[tuple[Trash, Trash, str]]:
    """Tables whose rows belong to several rows, with the table of each and the column that refers to it."""
    for own in dict.fromkeys(TRASH[child.table] for one in restored for child in one.children):
        parents = list(_parents(own))
        if len(parents) > 1:
            yield from ((own, one, column) for one, column in parents)


def _staying(own: Trash, parent: Trash, column: str, id: UUID) -> Any:
    """Let a row stay in the trash for another one that it belongs to, and that is still there."""
    here, there = own.trash, parent.trash.alias()
    other = sa.select(there.c[WITH]).where(there.c[_key(parent)] == here.c[column], there.c[WITH] != id)
    marks: dict[str, Any] = {one.name: sa.null() for one in here.c if one.name.endswith(MARK)}
    values = marks | {column + MARK: here.c[column], WITH: other.scalar_subquery()}
    left = sa.update(here).where(here.c[WITH] == id, other.exists(), ~_is_in(own.table, here))
    return left.values(values)


def _is_in(one: sa.Table, of: sa.Table) -> Any:
    """Whether a table has the row of another one."""
    return sa.exists().where(_same(one.alias(), of))


def _same(one: Any, other: sa.Table) -> Any:
    return sa.and_(*(one.c[column.name] == other.c[column.name] for column in _ids(other)))


def _ids(table: sa.Table) -> list[Any]:
    return [column for column in table.columns if column.primary_key]


def _key(of: Trash) -> str:
    return str(_ids(of.table)[0].name)
