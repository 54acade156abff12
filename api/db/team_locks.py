"""The end of a team waits for those who are writing its rows. Who begins to write meanwhile is refused.

Both lock members and rows, in different orders: without this, PostgreSQL ends one of them as a deadlock.
SQLite has one writer at a time.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.problems import Code, ProblemError


def writing(session: AsyncSession, statement: Any, team_id: Any) -> Any:
    """The select of tuples, each with one more value: whether the team in this column is not about to end."""
    if not is_on_postgresql(session):
        return statement
    return statement.add_columns(sa.func.pg_try_advisory_xact_lock_shared(_number(sa.cast(team_id, sa.Text))))


def refuse_ending(session: AsyncSession, found: Any) -> None:
    if is_on_postgresql(session) and not all(row[-1] for row in found):
        raise ProblemError(Code.unavailable)


async def lock_ending(session: AsyncSession, team_id: UUID) -> None:
    """Wait until nobody writes rows of the team. Nobody begins to until this transaction ends."""
    if is_on_postgresql(session):
        await session.exec(select(sa.func.pg_advisory_xact_lock(_number(sa.literal(str(team_id))))))


def is_on_postgresql(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _number(text: Any) -> Any:
    return sa.func.hashtextextended(text, 0)
