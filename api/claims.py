"""What an access token claims, until the database has confirmed it: its sign-in was not ended, its account is active.

Routes of one's own rows need no more of the caller than the id, which is in the token. There, the statement that finds
or writes the rows says at the same time whether the claim holds; and what was not asked by then is asked before anything
is answered or committed. A claim that does not hold is told nothing but that.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Exists, Uuid, bindparam
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from api.models import User, UserSession


class Claim(NamedTuple):
    claimed_user: UUID
    claimed_session: UUID


def _holds() -> Exists:
    user, sign_in = aliased(User), aliased(UserSession)  # not to be taken for the same tables in the statement around it
    return (
        select(sign_in.id)
        .join(user, col(user.id) == col(sign_in.user_id))
        .where(
            col(sign_in.id) == bindparam("claimed_session", type_=Uuid()),
            col(sign_in.revoked_at).is_(None),
            col(user.id) == bindparam("claimed_user", type_=Uuid()),
            col(user.is_active),
        )
        .exists()
    )


HOLDS = _holds()
CONFIRM = select(HOLDS)
