"""Impersonation: an administrator acts as a user, to see what the user sees and to help.

It is a session of the user that ends after a few minutes, or with the administrator's own. The access token
names both, in the claim `act` of RFC 8693, and there is no refresh token.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import lock
from api.db.request_state import current
from api.deps import may
from api.deps.authentication import Caller
from api.models.activity import Activity
from api.models.base import utcnow
from api.models.role import Role
from api.models.row_change import RowAction
from api.models.user import User, UserPermission, UserSummary
from api.models.user_session import Tokens, UserSession, UserSessionPublic
from api.problems import Code, ProblemCode, ProblemError
from api.security import make_token
from api.settings import Settings

log = logging.getLogger(__name__)

LIFETIME = timedelta(minutes=15)


class ImpersonationCode(ProblemCode):
    impersonation_refused = "impersonation_refused", 403, "You cannot act as this user."


async def impersonate(session: AsyncSession, settings: Settings, caller: Caller, id: UUID) -> Tokens:
    """Open a session in which the caller acts as the user with this id."""
    users = await _locked(session, caller, id)
    giver, user = users.get(caller.user.id), users.get(id)
    if giver is None or not giver.is_active:
        raise ProblemError(Code.invalid_token)
    if not may(giver, UserPermission.impersonate):
        raise ProblemError(Code.forbidden)
    if user is None:
        raise ProblemError(Code.not_found)
    _check(giver, user)
    now = utcnow()
    # The client is the administrator's, so the user is not shown its address, and it is no known network
    opened = UserSession(
        user_id=user.id,
        impersonator_session_id=caller.session_id,
        last_used_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(opened)
    await session.flush()
    if settings.activity:
        session.add(_begun(opened, giver))
    log.info("%s acts as %s in session %s", giver.id, user.id, opened.id)
    token = make_token(settings, "access", user.id, LIFETIME, sid=str(opened.id), act={"sub": str(giver.id)})
    return Tokens(access_token=token, expires_in=int(LIFETIME.total_seconds()), refresh_token=None)


def _begun(opened: UserSession, giver: User) -> Activity:
    """The entry of the activity that tells who has begun to act as whom."""
    state = current.get()
    return Activity(
        entity=str(UserSession.__tablename__),
        row_id=opened.id,
        action=RowAction.created,
        changes="{}",
        actor_id=opened.user_id,
        impersonator_id=giver.id,
        account_id=opened.user_id,
        request_id=state.request_id if state else None,
    )


async def _locked(session: AsyncSession, caller: Caller, id: UUID) -> dict[UUID, User]:
    """Both users with their roles, as they are now.

    Changes of the users and of their roles, and sign-outs, wait until the impersonation is committed, and so
    end it.
    """
    ids = {caller.user.id, id}
    for one in sorted(ids):
        await lock(session, User, one)
    for role_id in sorted(set(await session.exec(select(User.role_id).where(col(User.id).in_(ids))))):
        await lock(session, Role, role_id)
    await lock(session, UserSession, caller.session_id)
    own = select(UserSession.id).where(
        UserSession.id == caller.session_id, col(UserSession.revoked_at).is_(None)
    )
    if (await session.exec(own)).first() is None:
        raise ProblemError(Code.invalid_token)
    both = select(User).where(col(User.id).in_(ids)).execution_options(populate_existing=True)
    return {user.id: user for user in await session.exec(both)}


def _check(giver: User, user: User) -> None:
    if user.id == giver.id:
        raise ProblemError(ImpersonationCode.impersonation_refused, "This is your own account.")
    if not user.is_active:
        raise ProblemError(ImpersonationCode.impersonation_refused, "This account is not active.")
    if not set(user.role.permissions) <= set(giver.role.permissions):
        said = "This user has permissions that you do not have."
        raise ProblemError(ImpersonationCode.impersonation_refused, said)


async def shown_sessions(
    session: AsyncSession, caller: Caller, rows: Sequence[UserSession]
) -> list[UserSessionPublic]:
    """The caller's sessions, with the administrators who act by them."""
    by = await _impersonators(session, rows)
    return [
        UserSessionPublic.model_validate(
            row, update={"current": row.id == caller.session_id, "impersonator": by.get(row.id)}
        )
        for row in rows
    ]


async def _impersonators(session: AsyncSession, rows: Sequence[UserSession]) -> dict[UUID, UserSummary]:
    own = {row.id: row.impersonator_session_id for row in rows if row.impersonator_session_id}
    if not own:  # as almost always, so this takes no statement
        return {}
    of = select(UserSession.id, User).join(User, col(User.id) == col(UserSession.user_id))
    found = dict((await session.exec(of.where(col(UserSession.id).in_(own.values())))).all())
    return {id: UserSummary.model_validate(found[one]) for id, one in own.items() if one in found}
