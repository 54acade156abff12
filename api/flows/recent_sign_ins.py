"""Recent sign-ins: what cannot be taken back asks for a password that was given a short time ago.

An administrator who acts as a user does not know the password, so may do none of it.
"""

from datetime import timedelta
from uuid import UUID

from fastapi import Depends
from sqlalchemy import Uuid, bindparam, update
from sqlmodel import UTCDateTime, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import DatabaseDep
from api.deps import CallerDep, SettingsDep, declares
from api.models.base import utcnow
from api.models.user_session import UserSession
from api.problems import ProblemCode, ProblemError

RECENT = select(UserSession.id).where(
    UserSession.id == bindparam("session", type_=Uuid()),
    col(UserSession.confirmed_at) > bindparam("since", type_=UTCDateTime()),
)


class RecentSignInCode(ProblemCode):
    recent_sign_in_required = (
        "recent_sign_in_required",
        403,
        "Your sign-in is too long ago for this. Confirm your password, then repeat the request.",
    )


class InPersonCode(ProblemCode):
    impersonating = "impersonating", 403, "You act as this user, and only the user may do this."


@declares("", InPersonCode.impersonating)
async def check_in_person(caller: CallerDep) -> None:
    """Require that it is the user who asks, and not an administrator who acts as the user."""
    if caller.impersonator_id is not None:
        raise ProblemError(InPersonCode.impersonating)


IN_PERSON = Depends(check_in_person)


@declares("", InPersonCode.impersonating, RecentSignInCode.recent_sign_in_required)
async def check_recent(caller: CallerDep, database: DatabaseDep, settings: SettingsDep) -> None:
    """Require that this session's user gave the password a short time ago. A refresh does not count."""
    await check_in_person(caller)
    since = utcnow() - timedelta(minutes=settings.recent_sign_in_minutes)
    if not await database.rows(RECENT, session=caller.session_id, since=since):
        raise ProblemError(RecentSignInCode.recent_sign_in_required)


RECENT_SIGN_IN = Depends(check_recent)


async def confirm_session(session: AsyncSession, id: UUID) -> None:
    """Note that the user of this session has just given the password."""
    await session.exec(update(UserSession).where(col(UserSession.id) == id).values(confirmed_at=utcnow()))
