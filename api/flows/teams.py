"""Teams: their roles, members, owner and end.

Whatever changes a membership has locked the row of the team, so the rules between members hold: a team has
exactly one owner, and nobody gives or takes what is beyond their own permissions.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import delete_rows, lock
from api.db.live_events import LIVE, TEAM
from api.db.outbox import notify_listeners
from api.db.team_events import note_end
from api.db.team_locks import lock_ending
from api.deps import Membership
from api.models.event import Event
from api.models.team import (
    ADMIN,
    BUILT_IN,
    OWNER,
    BasicTeamPermission,
    Named,
    Team,
    TeamInvitation,
    TeamMember,
    TeamUpdate,
    permissions_of,
)
from api.models.user import User
from api.problems import Code, ProblemCode, ProblemError, invalid

BEYOND = "This role has permissions in the team that you do not have."


class TeamCode(ProblemCode):
    team_owner_stays = (
        "team_owner_stays",
        409,
        "The owner of a team cannot leave, be removed, or get another role. Transfer the team to another "
        "member first, or delete it.",
    )
    team_role_in_use = (
        "team_role_in_use",
        409,
        "Members or invitations have a role that you take away. Give them another one first.",
    )
    owns_teams = (
        "owns_teams",
        409,
        "This account owns a team with other members. Transfer the team to one of them first, or delete it.",
    )


def may_give(here: Membership, role: str) -> None:
    """Raise if the team has no such role, or if it has permissions that the caller does not have."""
    if role == OWNER:
        said = "A team has one owner. The owner transfers it with PUT /teams/{id}/owner."
        raise invalid(["body", "role"], said, "unknown_role")
    if role not in BUILT_IN and role not in here.team.roles:
        raise invalid(["body", "role"], "The team has no role of this name.", "unknown_role")
    _must_include(here, permissions_of(role, here.team.roles))


def _must_include(here: Membership, permissions: Iterable[object]) -> None:
    if not here.permissions.issuperset(permissions):
        raise ProblemError(Code.forbidden, BEYOND)


async def change_team(session: AsyncSession, here: Membership, body: TeamUpdate) -> Team:
    if "roles" in body.model_fields_set:
        await _check_roles(session, here, here.team.roles, body.roles)
    return body.apply(here.team)


async def _check_roles(session: AsyncSession, here: Membership, before: Named, after: Named) -> None:
    """Nobody touches a role with more permissions than their own, or makes one. None in use goes."""
    for name in before.keys() | after.keys():
        if before.get(name) != after.get(name):
            _must_include(here, {*before.get(name, ()), *after.get(name, ())})
    gone = before.keys() - after.keys()
    for model in (TeamMember, TeamInvitation):
        used = select(model.id).where(model.team_id == here.team.id, col(model.role).in_(gone)).limit(1)
        if gone and (await session.exec(used)).first() is not None:
            raise ProblemError(TeamCode.team_role_in_use)


async def member_in(session: AsyncSession, here: Membership, user_id: UUID) -> TeamMember:
    """The member of the team whom the caller may remove or give another role, else 404, 403 or 409."""
    wanted = select(TeamMember).where(TeamMember.team_id == here.team.id, TeamMember.user_id == user_id)
    member = (await session.exec(wanted)).first()
    if member is None:
        raise ProblemError(Code.not_found)
    if user_id != here.user_id and BasicTeamPermission.write_members not in here.permissions:
        raise ProblemError(Code.forbidden)
    if member.role == OWNER:
        raise ProblemError(TeamCode.team_owner_stays)
    _must_include(here, permissions_of(member.role, here.team.roles))
    return member


async def remove_member(session: AsyncSession, here: Membership, user_id: UUID) -> None:
    """Remove a member, with the invitations that they have made or could return by.

    What they have created stays with the team.
    """
    await session.delete(await member_in(session, here, user_id))
    await session.flush()
    theirs = (
        col(TeamInvitation.email_key) == select(User.email_key).where(User.id == user_id).scalar_subquery()
    )
    ended = (
        col(TeamInvitation.team_id) == here.team.id,
        (col(TeamInvitation.invited_by) == user_id) | theirs,
    )
    await delete_rows(session, TeamInvitation, *ended)
    await forget(session, here.team.id, [user_id])


async def forget(session: AsyncSession, team_id: UUID, user_ids: Iterable[UUID]) -> None:
    """Delete the events of the team's rows that wait for these users, and wake their streams."""
    ids = list(user_ids)
    topics = [live.topic for live in LIVE.values() if live.recipient == TEAM]
    # In a value, quotes are escaped, so this finds nothing but the field
    waiting = (col(Event.user_id).in_(ids), col(Event.topic).in_(topics))
    await session.exec(delete(Event).where(*waiting, col(Event.data).contains(f'"team_id":"{team_id}"')))
    for id in ids:
        notify_listeners(session, id)


async def transfer(session: AsyncSession, here: Membership, user_id: UUID) -> None:
    """Make another member the owner. The owner becomes an admin."""
    of_team = col(TeamMember.team_id) == here.team.id
    both = select(TeamMember).where(of_team, (TeamMember.role == OWNER) | (TeamMember.user_id == user_id))
    members = (await session.exec(both.order_by(col(TeamMember.id)).with_for_update(of=TeamMember))).all()
    new = next((one for one in members if one.user_id == user_id), None)
    if new is None:
        raise invalid(["body", "user_id"], "This user is not a member of the team.", "unknown_reference")
    if new.role != OWNER:
        for one in members:
            one.role = ADMIN
        await session.flush()  # there are never two owners
        new.role = OWNER


async def delete_team(session: AsyncSession, team: Team) -> None:
    """Delete a team with all its rows. Those who create rows of the team hold their membership until then.

    The members are told of the end of the team, and not of each row.
    """
    await lock_ending(session, team.id)
    members = select(TeamMember.user_id).where(TeamMember.team_id == team.id).with_for_update()
    ids = (await session.exec(members)).all()
    await session.delete(team)
    await session.flush()
    note_end(session, team.id, ids)
    await forget(session, team.id, ids)


async def leave_teams(session: AsyncSession, user: User) -> None:
    """Leave all teams, before an account is deleted. Teams without other members go with it.

    The user's row is locked, so they join no other team meanwhile.
    """
    mine = select(TeamMember.team_id).where(TeamMember.user_id == user.id)
    for team_id in (await session.exec(mine.order_by(col(TeamMember.team_id)))).all():
        await lock(session, Team, team_id)
    owned = select(Team).join(TeamMember, col(TeamMember.team_id) == col(Team.id))
    owned = owned.where(TeamMember.user_id == user.id, TeamMember.role == OWNER)
    for team in (await session.exec(owned)).all():
        others = select(TeamMember.id).where(TeamMember.team_id == team.id, TeamMember.user_id != user.id)
        if (await session.exec(others.limit(1))).first() is not None:
            raise ProblemError(TeamCode.owns_teams)
        await session.delete(team)
    returning = (col(TeamInvitation.team_id).in_(mine), col(TeamInvitation.email_key) == user.email_key)
    await delete_rows(session, TeamInvitation, *returning)
    await delete_rows(session, TeamMember, col(TeamMember.user_id) == user.id)
    await session.flush()
