"""Teams, whose members share rows. Only members see a team."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

from api.db import DatabaseDep, SessionDep
from api.deps import CallerId, Membership, get_team_row, membership, scope_values
from api.flows.recent_sign_ins import RECENT_SIGN_IN
from api.flows.team_export import TeamExport, export_team
from api.flows.teams import TeamCode, change_team, delete_team, transfer
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.models.team import (
    OWNER,
    BasicTeamPermission,
    NewTeamOwner,
    Team,
    TeamCreate,
    TeamMember,
    TeamPublic,
    TeamUpdate,
    member_of,
)
from api.problems import Code, problems
from api.web import Router, small_body

router = Router(prefix="/teams", tags=["teams"])

MINE = member_of(Team.id)
MyTeam = Annotated[Team, Depends(get_team_row)]
Manages = Annotated[Membership, Depends(membership(BasicTeamPermission.write_team, of_version=True))]
Owns = Annotated[Membership, Depends(membership(only_owner=True))]
OwnsVersion = Annotated[Membership, Depends(membership(only_owner=True, of_version=True))]


class TeamQuery(PageQuery[Team]):
    q: Annotated[Search | None, Searches("name")] = None
    sort: Literal["id", "name"] = "id"


@router.get("")
async def list_teams(
    session: SessionDep, caller: CallerId, query: Annotated[TeamQuery, Query()]
) -> Page[TeamPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201)
@small_body
async def create_team(session: SessionDep, caller: CallerId, body: TeamCreate) -> TeamPublic:
    """Create a team. You are its owner."""
    team = Team.model_validate(body, update={"creator_id": caller})
    session.add(team)
    await session.flush()
    session.add(TeamMember(team_id=team.id, user_id=caller, role=OWNER))
    return team


@router.get("/{id}")
async def get_team(team: MyTeam) -> TeamPublic:
    return team


@router.patch("/{id}", responses=problems(Code.forbidden, TeamCode.team_role_in_use))
@small_body
async def update_team(session: SessionDep, here: Manages, body: TeamUpdate) -> TeamPublic:
    """Change the name of a team, or its named roles: all of them, as `roles` has them.

    Nobody makes, changes or removes a role with more permissions than they have in the team.
    """
    return await change_team(session, here, body)


@router.delete("/{id}", status_code=204, dependencies=[RECENT_SIGN_IN])
async def remove_team(session: SessionDep, here: OwnsVersion) -> None:
    """Delete a team with all its rows. If the sign-in is too long ago, confirm the password first."""
    await delete_team(session, here.team)


@router.put(
    "/{id}/owner", status_code=204, dependencies=[RECENT_SIGN_IN], responses=problems(Code.invalid_request)
)
@small_body
async def transfer_team(session: SessionDep, here: Owns, body: NewTeamOwner) -> None:
    """Make another member the owner. You become an admin of the team."""
    await transfer(session, here, body.user_id)


@router.get("/{id}/export", response_model=TeamExport, dependencies=[RECENT_SIGN_IN])
async def get_team_export(database: DatabaseDep, here: Owns) -> StreamingResponse:
    """Export the team with all its rows. If the sign-in is too long ago, confirm the password first."""
    return StreamingResponse(export_team(database, here.team), media_type="application/json")
