"""Invitations to a team: made for an address, mailed to it, and accepted once with the token of the mail."""

from datetime import timedelta

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import delete_rows, lock
from api.deps import Mailer, Membership, permissions_in
from api.flows.letters import team_invitation_letter
from api.flows.teams import may_give
from api.models.base import utcnow
from api.models.team import (
    BUILT_IN,
    BasicTeamPermission,
    Team,
    TeamInvitation,
    TeamInvitationCreate,
    TeamMember,
    permissions_of,
)
from api.models.user import User
from api.problems import ProblemCode, ProblemError
from api.security import fold, hash_secret, make_secret

MOST_INVITATIONS = 200  # of a team at a time


class TeamInvitationCode(ProblemCode):
    invitation_invalid = (
        "invitation_invalid",
        404,
        "This invitation does not work: it was used, revoked or replaced, it has expired, or it was sent to "
        "another address. Ask for a new one.",
    )
    too_many_invitations = (
        "too_many_invitations",
        409,
        f"A team has at most {MOST_INVITATIONS} open invitations. Revoke some first.",
    )


async def invite(
    session: AsyncSession, mailer: Mailer, here: Membership, body: TeamInvitationCreate
) -> TeamInvitation:
    """Invite an address, and mail it a token. An earlier invitation of this address to the team ends.

    The answer is the same if the address is that of a member, so nobody learns whose it is.
    """
    may_give(here, body.role)
    of_team, key = col(TeamInvitation.team_id) == here.team.id, fold(body.email)
    ended = (col(TeamInvitation.email_key) == key) | (col(TeamInvitation.expires_at) < utcnow())
    await delete_rows(session, TeamInvitation, of_team, ended)
    if (
        await session.exec(select(func.count(col(TeamInvitation.id))).where(of_team))
    ).one() >= MOST_INVITATIONS:
        raise ProblemError(TeamInvitationCode.too_many_invitations)
    token, hashed = make_secret()
    values = {
        "team_id": here.team.id,
        "invited_by": here.user_id,
        "expires_at": utcnow() + timedelta(days=mailer.settings.team_invitation_expire_days),
        "email_key": key,
        "token_hash": hashed,
    }
    invitation = TeamInvitation.model_validate(body, update=values)
    session.add(invitation)
    await mailer.send(team_invitation_letter(mailer.settings, body.email, token))
    return invitation


async def accept(session: AsyncSession, user: User, token: str) -> Team:
    """Make the user a member of the team whose invitation this token is of, and confirm the address.

    The user's row is locked or new. A member who accepts an invitation keeps the present role.
    """
    of_token = TeamInvitation.token_hash == hash_secret(token)
    team_id = (await session.exec(select(TeamInvitation.team_id).where(of_token))).first()
    if team_id is None:
        raise ProblemError(TeamInvitationCode.invitation_invalid)
    await lock(session, Team, team_id)
    invitation = (await session.exec(select(TeamInvitation).where(of_token))).first()
    team = (await session.exec(select(Team).where(Team.id == team_id))).first()
    if invitation is None or team is None or not await _is_valid(session, invitation, team, user):
        raise ProblemError(TeamInvitationCode.invitation_invalid)
    await session.delete(invitation)
    if await permissions_in(session, team.id, user.id) is None:
        session.add(TeamMember(team_id=team.id, user_id=user.id, role=invitation.role))
    if not user.email_verified:
        user.email_verified, user.updated_at = True, utcnow()
    return team


async def _is_valid(session: AsyncSession, invitation: TeamInvitation, team: Team, user: User) -> bool:
    """Whether it is for this user, in time, and who made it may still give this role."""
    is_for_user = invitation.email_key == user.email_key and invitation.expires_at > utcnow()
    is_of_team = invitation.role in BUILT_IN or invitation.role in team.roles
    if not is_for_user or not is_of_team or invitation.invited_by is None:
        return False
    active = select(User.id).where(User.id == invitation.invited_by, col(User.is_active))
    if (await session.exec(active)).first() is None:
        return False
    permitted = await permissions_in(session, team.id, invitation.invited_by)
    needed = {BasicTeamPermission.write_members, *permissions_of(invitation.role, team.roles)}
    return permitted is not None and permitted.issuperset(needed)
