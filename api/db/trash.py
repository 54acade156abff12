"""The trash: what is deleted is moved there with what belongs to it, and can be restored or purged.

`session.delete(row)` of a Trashable moves it, in the transaction that deletes it. A `delete()` statement does
not: it deletes for good, as does the database when a parent goes that is not Trashable.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.outbox import OutboxSession, listens, note_change
from api.db.problems import taken_field
from api.db.session import fresh
from api.db.trash_tables import MARK, TRASH, WITH, Child, Trash, is_trashable, trash_of
from api.models.base import Entity, utcnow
from api.models.versions import next_after
from api.problems import Code, ProblemError

Row = TypeVar("Row", bound=Entity)
Statement = TypeVar("Statement", bound=sa.Select[Any])


def trashed(statement: Statement, model: type[Entity]) -> Statement:
    """The select with the trash of the model in place of its table."""
    of = trash_of(model)
    there = sa.select(*(of.trash.c[name] for name in of.columns)).where(of.trash.c[WITH] == of.trash.c.id)
    return statement.add_cte(there.cte(of.table.name))  # the name then means this, and not the table


async def lock_trashed(session: AsyncSession, model: type[Entity], id: UUID) -> None:
    """Lock this row in the trash until the commit."""
    trash = trash_of(model).trash
    locked = sa.select(trash.c.id).where(trash.c.id == id).with_for_update()
    await (await session.connection()).execute(locked)


async def restore(session: AsyncSession, row: Row) -> Row:
    """Move a row out of the trash, with what was deleted with it. It has a new version."""
    of, changed = trash_of(type(row)), next_after(row.updated_at)
    connection = await session.connection()
    try:
        is_back = await connection.run_sync(_restore, of, row.id, changed)
    except IntegrityError as error:
        if taken_field(error):
            raise
        is_back = False
    if not is_back:
        said = "What this belongs to is gone or in the trash, or another one has its place."
        raise ProblemError(Code.conflict, said)
    again = await fresh(session, row)
    note_change(session.sync_session, again, "created")
    return again


async def purge(session: AsyncSession, row: Entity) -> None:
    """Delete a row that is in the trash, and what was deleted with it, for good."""
    trash = trash_of(type(row)).trash
    await (await session.connection()).execute(sa.delete(trash).where(trash.c.id == row.id))


# Into the trash


@listens("before_flush")
def _move_deleted(session: OutboxSession, *_: Any) -> None:
    if not TRASH:
        return
    ids: dict[sa.Table, list[UUID]] = {}
    for row in session.deleted:
        if is_trashable(type(row)):
            ids.setdefault(inspect(type(row)).local_table, []).append(row.id)
    if ids:
        connection, now = session.connection(), utcnow()
        places = {table: place for place, table in enumerate(next(iter(ids)).metadata.sorted_tables)}
        for table in sorted(ids, key=places.__getitem__):  # parents first
            move(connection, TRASH[table], ids[table], now)


def move(connection: Connection, of: Trash, ids: Sequence[UUID], now: datetime) -> None:
    """Copy these rows to the trash, and what is deleted with them. They are locked until they are deleted."""
    connection.execute(_copying(of, of.table.c.id, of.table.c.id.in_(ids), now))
    todo = [of]
    while todo:
        parent = todo.pop(0)
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


# Out of it


def _restore(connection: Connection, of: Trash, id: UUID, changed: datetime) -> bool:
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
    for parent in TRASH.values():
        for child in parent.children:
            if child.table is of.table:
                there, column = parent.table.alias(), of.trash.c[child.column]
                is_there = sa.exists().where(there.c[_key(parent)] == column)
                yield is_there | column.is_(None)


def _has_parent(of: Trash, parent: Trash, child: Child) -> Any:
    there = parent.table.alias()
    return sa.exists().where(there.c[_key(parent)] == of.trash.c[child.column])


def _referring(of: Trash, name: str, target: sa.Column[Any], id: UUID) -> Any:
    """Set a reference that may be null, if its row is there."""
    there, here = target.table.alias(), of.trash
    is_there = sa.exists().where(there.c[target.name] == here.c[name])
    wanted = sa.select(here.c[name]).where(_same(here, of.table), here.c[WITH] == id, is_there)
    kept = {"updated_at": of.table.c.updated_at} if "updated_at" in of.table.c else {}
    return sa.update(of.table).where(wanted.exists()).values({name: wanted.scalar_subquery()} | kept)


def _is_in(one: sa.Table, of: sa.Table) -> Any:
    """Whether a table has the row of another one."""
    return sa.exists().where(_same(one.alias(), of))


def _same(one: Any, other: sa.Table) -> Any:
    return sa.and_(*(one.c[column.name] == other.c[column.name] for column in _ids(other)))


def _ids(table: sa.Table) -> list[Any]:
    return [column for column in table.columns if column.primary_key]


def _key(of: Trash) -> str:
    return str(_ids(of.table)[0].name)
