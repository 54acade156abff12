"""What an access token claims, until the database has confirmed it: its sign-in was not ended, its account is active.

Routes of one's own rows need no more of the caller than the id, which is in the token. There, the statement that finds
or writes the rows says at the same time whether the claim holds; and what was not asked by then is asked before anything
is answered or committed. A claim that does not hold is told nothing but that.
"""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, Uuid, and_, bindparam
from sqlalchemy.orm import aliased
from sqlmodel import select

from api.db.guard import Guard
from api.models import User, UserSession
from api.problems import Code, ProblemError


class Claim(NamedTuple):
    claimed_user: UUID
    claimed_session: UUID


def lasts(user: Any, sign_in: Any) -> ColumnElement[bool]:
    """How a user and a sign-in are joined: it is theirs, it was not ended, and their account is active."""
    return and_(user.id == sign_in.user_id, sign_in.revoked_at.is_(None), user.is_active)


def claimed(user: Any, sign_in: Any) -> ColumnElement[bool]:
    return and_(sign_in.id == bindparam("claimed_session", type_=Uuid()), user.id == bindparam("claimed_user", type_=Uuid()))


def _holds() -> Exists:
    user, sign_in = aliased(User), aliased(UserSession)  # not to be taken for the same tables in the statement around it
    return select(sign_in.id).join(user, lasts(user, sign_in)).where(claimed(user, sign_in)).exists()


HOLDS = _holds()


def guard_of(claim: Claim) -> Guard:
    return Guard(HOLDS, claim._asdict(), refused)


def refused() -> ProblemError:
    return ProblemError(Code.invalid_token)
