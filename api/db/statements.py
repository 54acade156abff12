"""What handlers do with rows by statements of their own: lock them, read them anew, delete many of them."""

from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.activity import note_activity
from api.models.base import Entity

Row = TypeVar("Row", bound=Entity)


async def lock(session: AsyncSession, model: type[Entity], id: UUID) -> None:
    """Lock this row until the commit. Later statements of this transaction read its newest state.

    The lock is a statement of its own: in a join, PostgreSQL drops a row whose foreign key changed while the
    join waited for the lock.
    """
    await session.exec(select(model.id).where(model.id == id).with_for_update(key_share=True))


async def fresh(session: AsyncSession, row: Row) -> Row:
    """The row as the database has it now, with its nested rows and its computed columns."""
    session.add(row)
    await session.flush()
    again = select(type(row)).where(type(row).id == row.id).execution_options(populate_existing=True)
    return (await session.exec(again)).unique().one()


async def delete_rows(session: AsyncSession, model: type[Entity], *where: Any) -> None:
    """Delete the rows that these conditions hold for, in one statement. The activity tells of each.

    await delete_rows(session, Draft, col(Draft.post_id) == post.id)
    """
    gone = await session.exec(delete(model).where(*where).returning(model))
    for row in gone.scalars():
        note_activity(session.sync_session, row, "deleted")
