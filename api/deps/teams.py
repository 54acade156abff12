"""Rows of teams: the scopes and dependencies of what belongs to a team, and the memberships behind them.

OURS = ours(Customer)                                              # the rows of the caller's teams
OurCustomer = Annotated[Customer, Depends(shared(Customer))]       # the row in the path
await check_team(session, body.team_id, caller)                    # before a row is created
"""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa
from fastapi import Request
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.request_session import SessionDep
from api.deps.authentication import CallerId, declares
from api.deps.rows import load
from api.lists.conditions import Condition
from api.models.base import CALLER, Entity
from api.models.team import (
    OWNER,
    BasicTeamPermission,
    Team,
    TeamMember,
    TeamPermission,
    TeamPublic,
    member_of,
    permissions_of,
)
from api.models.user import User
from api.problems import Code, ProblemError, invalid
from api.web.etags import check_if_match

RowT = TypeVar("RowT", bound=Entity)
Permitted = frozenset[TeamPermission]

IS_MEMBER = member_of(Team.id)
ROLE = (
    select(TeamMember.role, Team.roles)
    .join(Team, col(Team.id) == col(TeamMember.team_id))
    .where(TeamMember.team_id == sa.bindparam("team", type_=sa.Uuid()), TeamMember.user_id == CALLER)
)
KEPT_ROLE = ROLE.with_for_update(read=True, of=TeamMember)


def ours(model: type[Any]) -> Condition:
    """The scope of the rows of the caller's teams."""
    _check_shared(model)
    condition: Condition = member_of(model.team_id)
    return condition


def in_team(model: type[Any], team_id: UUID) -> Condition:
    """The scope of the rows of one team, for references: a row refers to rows of its own team."""
    _check_shared(model)
    condition: Condition = model.team_id == team_id
    return condition


def _check_shared(model: type[Any]) -> None:
    if "team_id" not in model.model_fields:
        raise TypeError(
            f"{model.__name__} belongs to no team. Extend Shared in its Public: see models/team.py."
        )


async def permissions_in(
    session: AsyncSession, team_id: UUID, user_id: UUID, *, keep: bool = False
) -> Permitted | None:
    """What the user may do in this team; None for those who are no members.

    With `keep`, the member is neither removed nor given another role before this transaction ends.
    """
    statement, values = KEPT_ROLE if keep else ROLE, {"team": team_id, "caller": user_id}
    found = (await session.exec(statement, params=values)).first()
    return None if found is None else permissions_of(*found)


async def check_team(
    session: AsyncSession,
    team_id: UUID,
    caller: User | UUID,
    *,
    may: TeamPermission = BasicTeamPermission.write_rows,
) -> None:
    """Raise unless the caller may create rows of this team. Call it before a row is created."""
    user_id = caller.id if isinstance(caller, User) else caller
    permitted = await permissions_in(session, team_id, user_id, keep=True)
    if permitted is None:
        said = "This team does not exist, or you are not in it."
        raise invalid(["body", "team_id"], said, "unknown_reference")
    if may not in permitted:
        raise ProblemError(Code.forbidden, NOT_IN_ROLE)


NOT_IN_ROLE = "Your role in this team does not permit this."


def shared(
    model: type[RowT],
    public: type[Entity] | None = None,
    *,
    may: TeamPermission = BasicTeamPermission.write_rows,
) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the row with the id in the path, if the caller is in its team, else 404.

    Every method but GET asks for the permission in the team, else 403.
    """
    scope, shown = ours(model), public or model.__bases__[0]

    @declares(f"team, to change {may}", Code.not_found, Code.stale, Code.forbidden)
    async def get_row(id: UUID, request: Request, session: SessionDep, caller: CallerId) -> RowT:
        row: Any = await load(request, session, model, id, shown, scope, caller)
        if request.method != "GET":
            await check_may(session, row.team_id, caller, may)
        return row  # type: ignore[no-any-return]  # loaded as a row of this model

    return get_row


async def check_may(session: AsyncSession, team_id: UUID, user_id: UUID, may: TeamPermission) -> None:
    """Raise unless the caller may do this with a row of this team: 404 for no member, 403 without it."""
    permitted = await permissions_in(session, team_id, user_id)
    if permitted is None:
        raise ProblemError(Code.not_found)
    if may not in permitted:
        raise ProblemError(Code.forbidden, NOT_IN_ROLE)


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
