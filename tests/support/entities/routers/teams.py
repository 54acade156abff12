"""Teams."""

from typing import Annotated, Literal

from api.models.team import VISIBLE, Team, TeamCreate, TeamMember, TeamPublic
from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CurrentUser, scope_values, visible
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.problems import Code, problems
from api.web import Router

router = Router(prefix="/teams", tags=["teams"])

VisibleTeam = Annotated[Team, Depends(visible(Team, VISIBLE))]


class TeamQuery(PageQuery[Team]):
    q: Annotated[Search | None, Searches("name", of_all=True)] = None
    sort: Literal["id", "name"] = "id"


@router.get("")
async def list_teams(
    session: SessionDep, user: CurrentUser, query: Annotated[TeamQuery, Query()]
) -> Page[TeamPublic]:
    return await paginate(session, query, VISIBLE, **scope_values(user))


@router.post("", status_code=201, responses=problems(Code.already_exists))
async def create_team(session: SessionDep, user: CurrentUser, body: TeamCreate) -> TeamPublic:
    team = Team.model_validate(body, update={"name_key": body.name.casefold()})
    session.add(team)
    await session.flush()
    session.add(TeamMember(team_id=team.id, user_id=user.id))
    return team


@router.get("/{id}")
async def get_team(team: VisibleTeam) -> TeamPublic:
    return team
