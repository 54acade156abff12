"""Sign-outs: sessions that are revoked. Their access tokens and live streams end at once."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.outbox import notify_listeners
from api.models.base import utcnow
from api.models.user import User
from api.models.user_session import UserSession


async def revoke_sessions(session: AsyncSession, user_id: UUID, *only: UUID, but: UUID | None = None) -> None:
    """Revoke all sessions of a user, or some of them. This also ends their access tokens and live streams.

    The sessions in which this user acts as others end with the sessions that they were opened by.
    """

    def ending(of: Any) -> ColumnElement[bool]:
        which = [of.user_id == user_id]
        which += [of.id.in_(only)] if only else []
        which += [of.id != but] if but else []
        return and_(*which)

    own = aliased(UserSession)
    await _revoke(
        session,
        or_(
            ending(UserSession),
            col(UserSession.impersonator_session_id).in_(select(own.id).where(ending(own))),
        ),
    )


async def end_impersonations(session: AsyncSession, of: ColumnElement[bool]) -> None:
    """Revoke the sessions in which one of these users acts as somebody, or somebody as one of them.

    Call it after a change of what they may do: each was opened by somebody who may do all that the other may.
    """
    users, own = select(User.id).where(of), aliased(UserSession)
    as_others = select(own.id).where(col(own.user_id).in_(users))
    await _revoke(
        session,
        col(UserSession.impersonator_session_id).is_not(None)
        & (col(UserSession.user_id).in_(users) | col(UserSession.impersonator_session_id).in_(as_others)),
    )


async def _revoke(session: AsyncSession, which: ColumnElement[bool]) -> None:
    revoked = (
        update(UserSession)
        .where(col(UserSession.revoked_at).is_(None), which)
        .values(revoked_at=utcnow())
        .returning(col(UserSession.user_id))
        .execution_options(synchronize_session=False)
    )
    for user_id in set((await session.exec(revoked)).scalars()):
        notify_listeners(session, user_id)
