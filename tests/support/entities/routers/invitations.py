"""Invitations."""

import secrets
from typing import Annotated, Literal

from fastapi import Depends, Path, Query, Request, Response
from sqlalchemy import bindparam
from sqlmodel import col, select

from api.db import SessionDep
from api.deps import PUBLIC, declares, load, visible
from api.lists import Page, PageQuery, paginate
from api.models.invitation import Invitation, InvitationCreate, InvitationMade, InvitationPublic
from api.models.team import VISIBLE as TEAM_VISIBLE
from api.models.team import Team
from api.models.types import Line
from api.problems import Code, ProblemError
from api.web import Router, not_kept

router = Router(tags=["invitations"])

OF_TEAM = col(Invitation.team_id) == bindparam("team_id")
VisibleTeam = Annotated[Team, Depends(visible(Team, TEAM_VISIBLE))]
Token = Annotated[Line, Path(max_length=64, description="What the invitation was made with.")]


@declares("", Code.not_found, Code.stale)
async def get_by_token(token: Token, request: Request, session: SessionDep) -> Invitation:
    found = (await session.exec(select(Invitation.id).where(col(Invitation.token) == token))).first()
    if found is None:
        raise ProblemError(Code.not_found)
    return await load(request, session, Invitation, found, InvitationPublic)


class InvitationQuery(PageQuery[Invitation]):
    sort: Literal["id"] = "id"


@router.get("/teams/{id}/invitations")
async def list_invitations(
    session: SessionDep, team: VisibleTeam, query: Annotated[InvitationQuery, Query()]
) -> Page[InvitationPublic]:
    return await paginate(session, query, OF_TEAM, team_id=team.id)


@router.post("/teams/{id}/invitations", status_code=201, response_model=InvitationMade)
@not_kept("The answer contains a token.")
async def create_invitation(
    session: SessionDep, team: VisibleTeam, body: InvitationCreate, response: Response
) -> Invitation:
    update = {"team_id": team.id, "token": secrets.token_urlsafe(32)}
    invitation = Invitation.model_validate(body, update=update)
    session.add(invitation)
    response.headers["Location"] = f"/api/v1/invitations/{invitation.token}"
    return invitation


@router.get("/invitations/{token}", dependencies=[PUBLIC])
async def get_invitation(
    invitation: Annotated[Invitation, Depends(get_by_token)],
) -> InvitationPublic:
    return invitation
