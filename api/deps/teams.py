"""Rows of teams: the dependencies of what belongs to a team, and the memberships behind them.

OURS = ours(Customer)                                              # the rows of the caller's teams
OurCustomer = Annotated[Customer, Depends(shared(Customer))]       # the row in the path
await check_team(session, body.team_id, caller)                    # before a row is created
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa
from fastapi import Request
from sqlmodel import select

from api.db.request_session import SessionDep
from api.deps.authentication import CallerId, declares
from api.deps.rows import load, scoped_to_teams
from api.deps.scopes import ours
from api.deps.team_roles import ROLE, Permitted
from api.models.base import Entity
from api.models.team import (
    NOT_IN_ROLE,
    OWNER,
    BasicTeamPermission,
    Team,
    TeamPermission,
    TeamPublic,
    member_of,
    permissions_of,
)
from api.problems import Code, ProblemError
from api.web.etags import check_if_match

RowT = TypeVar("RowT", bound=Entity)

IS_MEMBER = member_of(Team.id)


def shared(
    model: type[RowT],
    public: type[Entity] | None = None,
    *,
    may: TeamPermission = BasicTeamPermission.write_rows,
) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the row with the id in the path, if the caller is in its team, else 404.

    Every method but GET asks for the permission in the team, else 403. If a route has several such rows, all
    are of one team, else 404.
    """
    return scoped_to_teams(model, ours(model), public, role=may)


# The routes of a team itself


IN_PATH = select(Team).where(Team.id == sa.bindparam("id", type_=sa.Uuid()), IS_MEMBER)
IN_PATH_LOCKED = IN_PATH.with_for_update(key_share=True)


class Membership(NamedTuple):
    """The team in the path, and what the caller is in it."""

    team: Team
    user_id: UUID
    role: str

    @property
    def permissions(self) -> Permitted:
        return permissions_of(self.role, self.team.roles)


@declares("team", Code.not_found, Code.stale)
async def get_team_row(id: UUID, request: Request, session: SessionDep, caller: CallerId) -> Team:
    """The team in the path, for its members. Every method but GET locks its row: members and roles stay."""
    return await load(request, session, Team, id, TeamPublic, IS_MEMBER, caller)


def membership(
    may: TeamPermission | None = None, *, only_owner: bool = False, of_version: bool = False
) -> Callable[..., Awaitable[Membership]]:
    """A dependency: the team in the path and the caller's role in it, else 404; without the right, 403.

    Every method but GET locks the team's row. With `of_version`, it checks `If-Match` with the team.
    """
    needs = f"team {OWNER if only_owner else may or ''}".strip()
    codes = [Code.forbidden] * bool(may or only_owner) + [Code.stale] * of_version

    @declares(needs, Code.not_found, *codes)
    async def get_membership(id: UUID, request: Request, session: SessionDep, caller: CallerId) -> Membership:
        wanted = IN_PATH if request.method == "GET" else IN_PATH_LOCKED
        teams = await session.rows(wanted, id=id, caller=caller)
        found = await session.rows(ROLE, team=id, caller=caller) if teams else ()
        if not found:
            raise ProblemError(Code.not_found)
        here = Membership(teams[0], caller, found[0][0])
        if (only_owner and here.role != OWNER) or (may and may not in here.permissions):
            raise ProblemError(Code.forbidden, NOT_IN_ROLE)
        if of_version:
            check_if_match(request, here.team, TeamPublic)
        return here

    return get_membership
