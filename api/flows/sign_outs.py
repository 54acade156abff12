"""Sign-outs: sessions that are revoked. Their access tokens and live streams end at once."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, union_all, update
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

    # An impersonation that uses one of these sessions waits for this lock, or is committed before it
    held = select(UserSession.id).where(ending(UserSession)).order_by(col(UserSession.id))
    await session.exec(held.with_for_update(key_share=True))
    of_others, own = aliased(UserSession), aliased(UserSession)
    as_others = select(of_others.id).join(own, col(own.id) == of_others.impersonator_session_id)
    # Not joined by OR, for which PostgreSQL would read the whole table
    both = union_all(select(own.id).where(ending(own)), as_others.where(ending(own)))
    await _revoke(session, col(UserSession.id).in_(both))


async def end_impersonations(session: AsyncSession, of: ColumnElement[bool]) -> None:
    """Revoke the sessions in which one of these users acts as somebody, or somebody as one of them.

    Call it after a change of what they may do: each was opened by somebody who may do all that the other may.
    """
    own = aliased(UserSession)
    impersonator_id = select(own.user_id).where(own.id == UserSession.impersonator_session_id)
    both = [col(UserSession.user_id), impersonator_id.correlate(UserSession).scalar_subquery()]
    is_one_of_them = select(User.id).where(of, col(User.id).in_(both)).correlate(UserSession).exists()
    await _revoke(session, col(UserSession.impersonator_session_id).is_not(None) & is_one_of_them)


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
