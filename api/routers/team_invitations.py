"""Invitations to a team, which are mailed, and work for people with and without an account."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response
from sqlalchemy import bindparam
from sqlmodel import col, select

from api.db import SessionDep
from api.deps import CurrentUser, MailerDep, Membership, declares, limited, membership
from api.flows.accounts import lock_user
from api.flows.team_invitations import TeamInvitationCode, accept, invite
from api.lists import Page, PageQuery, paginate
from api.models.credentials import InvitationToken
from api.models.team import (
    BasicTeamPermission,
    TeamInvitation,
    TeamInvitationCreate,
    TeamInvitationPublic,
    TeamPublic,
)
from api.problems import Code, ProblemError, problems
from api.web import Router, small_body
from api.web.etags import check_if_match

router = Router(prefix="/teams", tags=["teams"])

OF_TEAM = col(TeamInvitation.team_id) == bindparam("of_team")
InvitationId = Annotated[UUID, Path(description="The id of an open invitation to the team.")]
Leads = Annotated[Membership, Depends(membership(BasicTeamPermission.write_members))]


@declares("", Code.not_found, Code.stale)
async def get_invitation(
    request: Request, session: SessionDep, here: Leads, invitation_id: InvitationId
) -> TeamInvitation:
    scope = TeamInvitation.team_id == here.team.id
    wanted = select(TeamInvitation).where(TeamInvitation.id == invitation_id, scope)
    invitation = (await session.exec(wanted)).first()
    if invitation is None:
        raise ProblemError(Code.not_found)
    if request.method != "GET":
        check_if_match(request, invitation, TeamInvitationPublic)
    return invitation


TheInvitation = Annotated[TeamInvitation, Depends(get_invitation)]


class TeamInvitationQuery(PageQuery[TeamInvitation]):
    sort: Literal["id", "expires_at"] = "id"


@router.get("/{id}/invitations")
async def list_team_invitations(
    session: SessionDep, here: Leads, query: Annotated[TeamInvitationQuery, Query()]
) -> Page[TeamInvitationPublic]:
    return await paginate(session, query, OF_TEAM, of_team=here.team.id)


@router.post(
    "/{id}/invitations",
    status_code=201,
    responses=problems(Code.forbidden, Code.invalid_request, TeamInvitationCode.too_many_invitations),
)
@small_body
async def invite_to_team(
    session: SessionDep, mailer: MailerDep, here: Leads, body: TeamInvitationCreate, response: Response
) -> TeamInvitationPublic:
    """Mail an invitation. It replaces an earlier one of this address to the team."""
    invitation = await invite(session, mailer, here, body)
    response.headers["Location"] = f"/api/v1/teams/{here.team.id}/invitations/{invitation.id}"
    return invitation


@router.get("/{id}/invitations/{invitation_id}")
async def get_team_invitation(invitation: TheInvitation) -> TeamInvitationPublic:
    return invitation


@router.delete("/{id}/invitations/{invitation_id}", status_code=204)
async def revoke_team_invitation(session: SessionDep, invitation: TheInvitation) -> None:
    await session.delete(invitation)


@router.post(
    "/invitations/accept",
    dependencies=[limited("auth")],
    responses=problems(TeamInvitationCode.invitation_invalid, Code.invalid_token),
)
@small_body
async def accept_team_invitation(session: SessionDep, user: CurrentUser, body: InvitationToken) -> TeamPublic:
    """Accept an invitation to the address of your account. This also confirms the address.

    People without an account send the token as `invitation` to `POST /auth/register`.
    """
    return await accept(session, await lock_user(session, user.id), body.token)
