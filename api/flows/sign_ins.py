"""Signing in and staying signed in: a session per device, a chain of single-use refresh tokens in it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from sqlalchemy import bindparam, delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import Database, lock
from api.db.outbox import notify_listeners
from api.deps import SettingsDep, Throttle
from api.deps.throttling import address
from api.models.base import utcnow
from api.models.user import Transport, User
from api.models.user_session import RefreshToken, Tokens, UserSession
from api.problems import Code, ProblemCode, ProblemError
from api.security import fold, hash_secret, make_secret, make_token, verify_password
from api.settings import Settings

COOKIE = "refresh_token"
COOKIE_PATH = "/api/v1/auth"
BY_EMAIL = select(User).where(col(User.email_key) == bindparam("key"))
BY_USERNAME = select(User).where(col(User.username_key) == bindparam("key"))
STRAGGLING = 5.0  # seconds that the last of several requests sent at once may come after the first was answered


class SignInCode(ProblemCode):
    invalid_credentials = "invalid_credentials", 401, "Wrong username, e-mail address or password."
    token_reused = "token_reused", 401, "This refresh token was used before. Sign in again."


@dataclass
class Device:
    """The client's side of a sign-in: where it comes from, and where its refresh token goes."""

    request: Request
    response: Response
    settings: Settings

    def keep(self, tokens: Tokens) -> Tokens:
        """Put the refresh token into the cookie instead of the body."""
        self._set(tokens.refresh_token or "", self.settings.refresh_token_expire_days * 86_400)
        return tokens.model_copy(update={"refresh_token": None})

    def forget(self) -> None:
        self._set("", 0)

    def _set(self, value: str, seconds: int) -> None:
        secure = self.request.url.scheme == "https" or not self.settings.development
        self.response.set_cookie(COOKIE, value, seconds, path=COOKIE_PATH, httponly=True, samesite="strict", secure=secure)


async def get_device(request: Request, response: Response, settings: SettingsDep) -> Device:
    return Device(request, response, settings)


DeviceDep = Annotated[Device, Depends(get_device)]


async def check_password(database: Database, throttle: Throttle, request: Request, login: str, password: str) -> User:
    """The active user with this name or address and password. Whoever is not gets the same answer in the same time.

    Guesses are counted per account and per address before the password is looked at; nothing is held meanwhile.
    """
    settings: Settings = request.app.state.settings
    key = fold(login)
    await throttle.check("address", address(request))
    await throttle.hit("account", key)
    user: User | None = next(iter(await database.rows(BY_EMAIL if "@" in key else BY_USERNAME, key=key)), None)
    right = await verify_password(password, user.hashed_password if user else None, settings)
    if user is None or not right or not user.is_active:
        await throttle.hit("address", address(request))
        raise ProblemError(SignInCode.invalid_credentials)
    await throttle.forgive("account", key)
    return user


async def sign_in(session: AsyncSession, user: User, device: Device, transport: Transport) -> Tokens:
    """Sign a user in whose password was just seen to be right, unless it was changed in the meantime."""
    await lock(session, User, user.id)
    unchanged = select(User.id).where(User.id == user.id, User.hashed_password == user.hashed_password, col(User.is_active))
    if (await session.exec(unchanged)).first() is None:
        raise ProblemError(SignInCode.invalid_credentials)
    return await open_session(session, user, device, transport)


async def open_session(session: AsyncSession, user: User, device: Device, transport: Transport) -> Tokens:
    now = utcnow()
    await session.exec(delete(UserSession).where(col(UserSession.user_id) == user.id, col(UserSession.expires_at) < now))
    opened = UserSession(
        user_id=user.id,
        user_agent=_printable(device.request.headers.get("user-agent")),
        ip_address=address(device.request),
        last_used_at=now,
        expires_at=now + timedelta(days=device.settings.refresh_token_expire_days),
    )
    session.add(opened)
    await session.flush()
    tokens = _issue(session, opened, device.settings)
    return device.keep(tokens) if transport is Transport.cookie else tokens


async def rotate(session: AsyncSession, token: str, settings: Settings, arrived: float) -> Tokens | ProblemError:
    """The next tokens for a refresh token, which is used up by this.

    A used one that comes back was stolen, now or before, so its whole family ends. The exception are several tabs that
    refresh at once: one gets the new token, and the family lives. It is known by a request that was already under way
    when the token was used; after it others may be late, until the new token is used. A refusal is returned, not
    raised: what it writes must be committed.
    """
    statement = (
        select(RefreshToken, UserSession, User)
        .join(UserSession, col(UserSession.id) == col(RefreshToken.session_id))
        .join(User, col(User.id) == col(UserSession.user_id))
        .where(col(RefreshToken.token_hash) == hash_secret(token))
        .with_for_update(of=(RefreshToken, UserSession))
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        return ProblemError(Code.invalid_token)
    link, family, user = found
    if link.used_at is not None:
        late = arrived - link.used_at.timestamp()
        if late <= 0:
            link.contended_at = utcnow()
        elif link.contended_at is None or late > STRAGGLING or family.last_used_at > link.used_at:
            family.revoked_at = family.revoked_at or utcnow()
            notify_listeners(session, user.id)
        return ProblemError(SignInCode.token_reused)
    now = utcnow()
    if family.revoked_at or family.expires_at <= now or not user.is_active:
        return ProblemError(Code.invalid_token)
    tokens = _issue(session, family, settings)
    link.used_at = family.last_used_at = now
    family.expires_at = now + timedelta(days=settings.refresh_token_expire_days)
    return tokens


async def revoke_sessions(session: AsyncSession, user_id: UUID, *only: UUID, but: UUID | None = None) -> None:
    """End all of a user's sign-ins, or some of them, with the access tokens they gave out and all that listens by them."""
    which = [col(UserSession.user_id) == user_id, col(UserSession.revoked_at).is_(None)]
    if only:
        which.append(col(UserSession.id).in_(only))
    if but:
        which.append(col(UserSession.id) != but)
    await session.exec(update(UserSession).where(*which).values(revoked_at=utcnow()))
    notify_listeners(session, user_id)


def _issue(session: AsyncSession, opened: UserSession, settings: Settings) -> Tokens:
    secret, hashed = make_secret()
    session.add(RefreshToken(session_id=opened.id, token_hash=hashed))
    lifetime = timedelta(minutes=settings.access_token_expire_minutes)
    return Tokens(
        access_token=make_token(settings, "access", opened.user_id, lifetime, sid=str(opened.id)),
        expires_in=int(lifetime.total_seconds()),
        refresh_token=secret,
    )


def _printable(text: str | None) -> str | None:
    return "".join(c for c in text if c.isprintable())[:300] if text else None
