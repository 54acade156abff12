"""The members of a team, and their roles."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from sqlalchemy import bindparam
from sqlmodel import col

from api.db import SessionDep
from api.deps import Membership, get_team_row, membership
from api.flows.teams import TeamCode, may_give, member_in, remove_member
from api.lists import Page, PageQuery, paginate
from api.models.role import RoleName
from api.models.team import BasicTeamPermission, Team, TeamMember, TeamMemberPublic, TeamMemberUpdate
from api.problems import Code, problems
from api.web import Router, small_body
from api.web.etags import check_if_match

router = Router(prefix="/teams/{id}/members", tags=["teams"])

OF_TEAM = col(TeamMember.team_id) == bindparam("of_team")
MemberId = Annotated[UUID | Literal["me"], Path(description="A user's id, or `me` for yourself.")]
MyTeam = Annotated[Team, Depends(get_team_row)]
Member = Annotated[Membership, Depends(membership())]
Leads = Annotated[Membership, Depends(membership(BasicTeamPermission.write_members))]


class TeamMemberQuery(PageQuery[TeamMember]):
    role: RoleName | None = None
    user_id: UUID | None = None
    sort: Literal["id"] = "id"


@router.get("", response_model=Page[TeamMemberPublic])
async def list_team_members(
    session: SessionDep, team: MyTeam, query: Annotated[TeamMemberQuery, Query()]
) -> Page[TeamMember]:
    return await paginate(session, query, OF_TEAM, of_team=team.id)


@router.patch(
    "/{user_id}",
    response_model=TeamMemberPublic,
    responses=problems(
        Code.not_found, Code.forbidden, Code.stale, Code.invalid_request, TeamCode.team_owner_stays
    ),
)
@small_body
async def update_team_member(
    request: Request, session: SessionDep, here: Leads, user_id: MemberId, body: TeamMemberUpdate
) -> TeamMember:
    """Give a member another role. Neither role may have permissions in the team that you do not have."""
    member = await member_in(session, here, here.user_id if user_id == "me" else UUID(str(user_id)))
    check_if_match(request, member, TeamMemberPublic)
    if "role" in body.model_fields_set:
        may_give(here, body.role)
    return body.apply(member)


@router.delete(
    "/{user_id}",
    status_code=204,
    responses=problems(Code.not_found, Code.forbidden, TeamCode.team_owner_stays),
)
async def remove_team_member(session: SessionDep, here: Member, user_id: MemberId) -> None:
    """Leave a team (`me`), or remove a member, for which you need `members:write` in the team.

    What the member has created stays with the team.
    """
    await remove_member(session, here, here.user_id if user_id == "me" else UUID(str(user_id)))
