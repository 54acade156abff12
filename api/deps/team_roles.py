"""What a caller may do in a team, by the role of the member."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.outbox import ROLES
from api.db.team_locks import refuse_ending, writing
from api.models.base import CALLER
from api.models.team import (
    NOT_IN_ROLE,
    BasicTeamPermission,
    Team,
    TeamMember,
    TeamPermission,
    permissions_of,
)
from api.models.user import User
from api.problems import Code, ProblemError, invalid

Permitted = frozenset[TeamPermission]

ROLE = (
    select(TeamMember.role, Team.roles)
    .join(Team, col(Team.id) == col(TeamMember.team_id))
    .where(TeamMember.team_id == sa.bindparam("team", type_=sa.Uuid()), TeamMember.user_id == CALLER)
)
KEPT_ROLE = ROLE.with_for_update(read=True, of=TeamMember)


async def permissions_in(
    session: AsyncSession, team_id: UUID, user_id: UUID, *, keep: bool = False, writes: bool = False
) -> Permitted | None:
    """What the user may do in this team; None for those who are no members.

    With `keep`, the member is neither removed nor given another role before this transaction ends. With
    `writes`, the team does not end before (see db/team_locks.py).
    """
    statement, values = KEPT_ROLE if keep else ROLE, {"team": team_id, "caller": user_id}
    if writes:
        statement = writing(session, statement, TeamMember.team_id)
    found = (await session.exec(statement, params=values)).all()
    if writes:
        refuse_ending(session, found)
    return permissions_of(*found[0][:2]) if found else None


async def check_team(
    session: AsyncSession,
    team_id: UUID,
    caller: User | UUID,
    *,
    may: TeamPermission = BasicTeamPermission.write_rows,
) -> None:
    """Raise unless the caller may create rows of this team. Call it before a row is created.

    The role stays until the transaction ends, so for many rows it is read once.
    """
    user_id = caller.id if isinstance(caller, User) else caller
    known = session.info.setdefault(ROLES, {})
    permitted = known.get((team_id, user_id))
    if permitted is None:
        permitted = await permissions_in(session, team_id, user_id, keep=True, writes=True)
        known[team_id, user_id] = permitted
    if permitted is None:
        said = "This team does not exist, or you are not in it."
        raise invalid(["body", "team_id"], said, "unknown_reference")
    if may not in permitted:
        raise ProblemError(Code.forbidden, NOT_IN_ROLE)


async def check_row(session: AsyncSession, row: Any, user_id: UUID, may: TeamPermission) -> None:
    """Raise 404 unless the user is in the row's team, and 403 unless their role in it permits this."""
    permitted = await permissions_in(session, row.team_id, user_id, writes=True)
    if permitted is None:
        raise ProblemError(Code.not_found)
    if may not in permitted:
        raise ProblemError(Code.forbidden, NOT_IN_ROLE)
