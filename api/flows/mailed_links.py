"""What the links in mails do: confirm an address, and choose a new password."""

from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import Database
from api.deps.mail import Letter
from api.flows.accounts import end_letters, lock_user, refuse_own_name
from api.flows.letters import letters_state, reset_letter
from api.flows.sign_ins import BY_EMAIL
from api.flows.sign_outs import revoke_sessions
from api.models.base import utcnow
from api.models.user import User
from api.problems import Code, ProblemError
from api.security import InvalidToken, fold, hash_password, read_token
from api.settings import Settings

DEAD = "This link has expired or was used before. Get a new one."


async def verify_email(session: AsyncSession, settings: Settings, token: str) -> None:
    """Confirm the current address, or change to the pending one. Each token works once."""
    user, claims = await _addressee(session, settings, "verify", token)
    email = str(claims.get("email"))
    if email == user.pending_email:
        user.email, user.pending_email = email, None
    elif email != user.email or user.email_verified:
        raise ProblemError(Code.invalid_token, DEAD)
    user.email_verified, user.updated_at = True, utcnow()


async def reset_password(session: AsyncSession, settings: Settings, token: str, password: str) -> User:
    """Set a new password with a mailed token. This also confirms the address.

    The token is valid for the state of the account that it was made for (see `letters_state`).
    """
    _claims(settings, "reset", token)
    hashed = await hash_password(password, settings)
    user, _ = await _addressee(session, settings, "reset", token)
    refuse_own_name("new_password", password, user.username, user.email)
    user.hashed_password, user.email_verified = hashed, True
    end_letters(user)
    await revoke_sessions(session, user.id)
    return user


def _claims(settings: Settings, typ: str, token: str) -> dict[str, Any]:
    try:
        return read_token(settings, typ, token)
    except InvalidToken:
        raise ProblemError(Code.invalid_token, DEAD) from None


async def _addressee(
    session: AsyncSession, settings: Settings, typ: str, token: str
) -> tuple[User, dict[str, Any]]:
    """The active user whom a letter was sent to, if the account has not changed since, and the claims."""
    claims = _claims(settings, typ, token)
    user = await lock_user(session, UUID(claims["sub"]))
    if not user.is_active or claims.get("state") != letters_state(settings, user):
        raise ProblemError(Code.invalid_token, DEAD)
    return user, claims


async def reset_letter_to(database: Database, settings: Settings, email: str) -> Letter | None:
    """The mail to the owner of the active account with this address, if there is one."""
    [user] = await database.rows(BY_EMAIL, key=fold(email)) or [None]
    return reset_letter(settings, user) if user is not None and user.is_active else None
