"""Statements that change many rows at once, and of which the activity tells."""

from typing import Any

from sqlmodel import delete
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.activity import note_activity
from api.models.base import Entity


async def delete_rows(session: AsyncSession, model: type[Entity], *where: Any) -> None:
    """Delete the rows that these conditions hold for, in one statement.

    await delete_rows(session, Draft, col(Draft.post_id) == post.id)
    """
    gone = await session.exec(delete(model).where(*where).returning(model))
    for row in gone.scalars():
        note_activity(session.sync_session, row, "deleted")
