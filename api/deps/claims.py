"""Claims: the user and sign-in of an access token, before the database confirms that both are still active.

Routes for the caller's own rows need only the caller's id, which is in the token. Their first statement that
reads or writes rows also confirms the claim. Otherwise the claim is checked before the response or the
commit. A claim that fails gets only a 401.
"""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, Uuid, and_, bindparam
from sqlalchemy.orm import aliased
from sqlmodel import select

from api.db.guard import Guard
from api.models.user import User
from api.models.user_session import UserSession
from api.problems import Code, ProblemError


class Claim(NamedTuple):
    user_id: UUID
    session_id: UUID
    impersonator_id: UUID | None  # the administrator who acts as the user

    @property
    def values(self) -> dict[str, UUID]:
        """The parameters of `claimed`."""
        return {"claimed_user": self.user_id, "claimed_session": self.session_id}


def lasts(user: Any, sign_in: Any) -> ColumnElement[bool]:
    """The join of a user and a sign-in: the sign-in is not revoked, and the account is active."""
    return and_(user.id == sign_in.user_id, sign_in.revoked_at.is_(None), user.is_active)


def claimed(user: Any, sign_in: Any) -> ColumnElement[bool]:
    return and_(
        sign_in.id == bindparam("claimed_session", type_=Uuid()),
        user.id == bindparam("claimed_user", type_=Uuid()),
    )


def _holds() -> Exists:
    # Distinct from the same tables in the outer statement
    user, sign_in = aliased(User), aliased(UserSession)
    return select(sign_in.id).join(user, lasts(user, sign_in)).where(claimed(user, sign_in)).exists()


HOLDS = _holds()


def guard_of(claim: Claim) -> Guard:
    return Guard(HOLDS, claim.values, refused)


def refused() -> ProblemError:
    return ProblemError(Code.invalid_token)
