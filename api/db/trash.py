"""The trash: what is deleted is moved there with what belongs to it, and can be restored or purged.

`session.delete(row)` of a Trashable moves it, in the transaction that deletes it. A `delete()` statement does
not: it deletes for good, as does the database when a parent goes that is not Trashable.
"""

from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.activity import note_activity
from api.db.history import STORED, note
from api.db.outbox import OutboxSession, listens, note_change
from api.db.problems import taken_field
from api.db.statements import fresh
from api.db.trash_moves import move, move_back
from api.db.trash_tables import TRASH, WITH, is_trashable, trash_of
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
        is_back = await connection.run_sync(move_back, of, row.id, changed)
    except IntegrityError as error:
        if taken_field(error):
            raise
        is_back = False
    if not is_back:
        said = "What this belongs to is gone or in the trash, or another one has its place."
        raise ProblemError(Code.conflict, said)
    again = await fresh(session, row)
    note_change(session.sync_session, again, "created")
    note(session.sync_session, again, "restored")
    note_activity(session.sync_session, again, "restored")
    return again


async def purge(session: AsyncSession, row: Entity) -> None:
    """Delete a row that is in the trash, and what was deleted with it, for good."""
    trash = trash_of(type(row)).trash
    connection = await session.connection()
    await connection.execute(sa.delete(trash).where(trash.c.id == row.id))
    await connection.execute(sa.delete(STORED).where(STORED.c.row_id == row.id))


@listens("before_flush")
def _move_deleted(session: OutboxSession, *_: Any) -> None:
    if not TRASH:
        return
    ids: dict[sa.Table, list[UUID]] = {}
    for row in session.deleted:
        if is_trashable(type(row)):
            note(session, row, "deleted")
            ids.setdefault(inspect(type(row)).local_table, []).append(row.id)
    if ids:
        connection, now = session.connection(), utcnow()
        places = {table: place for place, table in enumerate(next(iter(ids)).metadata.sorted_tables)}
        for table in sorted(ids, key=places.__getitem__):  # parents first
            move(connection, TRASH[table], ids[table], now)
