"""Sign-ins: a session for each device, with a chain of single-use refresh tokens."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from sqlalchemy import bindparam, delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import Database, lock
from api.deps import Mailer, SettingsDep, Throttle, known_devices
from api.deps.mailing import ToldProblem
from api.flows.attempts import attempt
from api.flows.sign_outs import revoke_sessions
from api.models.base import utcnow
from api.models.user import Transport, User
from api.models.user_session import RefreshToken, Tokens, UserSession
from api.problems import Code, ProblemCode, ProblemError
from api.security import fold, hash_secret, make_secret, make_token, renew_hash, verify_password
from api.settings import Settings
from api.web.addresses import address

COOKIE = "refresh_token"
COOKIE_PATH = "/api/v1/auth"
BY_EMAIL = select(User).where(col(User.email_key) == bindparam("key"))
BY_USERNAME = select(User).where(col(User.username_key) == bindparam("key"))
REUSE_GRACE = 5.0  # seconds within which a parallel request with the same token may arrive late


class SignInCode(ProblemCode):
    invalid_credentials = "invalid_credentials", 401, "Wrong username, e-mail address or password."
    token_reused = "token_reused", 401, "This refresh token was used before. Sign in again."


@dataclass
class Device:
    """The client of a sign-in: its request, and the response that gets the cookie."""

    request: Request
    response: Response
    settings: Settings

    def keep(self, tokens: Tokens) -> Tokens:
        """Move the refresh token from the body into the cookie."""
        self._set(COOKIE, tokens.refresh_token or "", self.settings.refresh_token_expire_days * 86_400)
        return tokens.model_copy(update={"refresh_token": None})

    async def forget(self, session: AsyncSession, session_id: UUID) -> None:
        """Take the cookie away, unless it is that of a later sign-in in another tab."""
        hashed = hash_secret(self.request.cookies.get(COOKIE, ""))
        of = select(RefreshToken.session_id).where(col(RefreshToken.token_hash) == hashed)
        if (await session.exec(of)).one_or_none() in (None, session_id):
            self._set(COOKIE, "", 0)

    def remember(self, user: User) -> None:
        """Make this a known device of the user."""
        known = known_devices.known_device(self.request)
        token = known_devices.device_token(self.settings, user.id, known)
        self._set(known_devices.COOKIE, token, int(known_devices.LIFETIME.total_seconds()))

    def _set(self, name: str, value: str, seconds: int) -> None:
        secure = self.request.scope.get("scheme") == "https" or not self.settings.development
        self.response.set_cookie(
            name, value, seconds, path=COOKIE_PATH, httponly=True, samesite="strict", secure=secure
        )


async def get_device(request: Request, response: Response, settings: SettingsDep) -> Device:
    return Device(request, response, settings)


DeviceDep = Annotated[Device, Depends(get_device)]


async def check_password(
    database: Database, throttle: Throttle, mailer: Mailer, request: Request, login: str, password: str
) -> User:
    """The active user with this login and password. All failures give the same answer in the same time.

    Wrong passwords are counted (see `attempts.py`). The password check holds no database session.
    """
    settings: Settings = request.app.state.settings
    key = fold(login)
    user: User | None = next(
        iter(await database.rows(BY_EMAIL if "@" in key else BY_USERNAME, key=key)), None
    )
    trying = await attempt(database, throttle, mailer, request, key, user)
    async with trying.turn():
        hashed = user.hashed_password if user else None
        right = await verify_password(password, hashed, settings, is_known=trying.is_known)
        if user is None or not right or not user.is_active:
            await trying.failed()
            raise ToldProblem(SignInCode.invalid_credentials, mailer)
        await trying.succeeded()
    return user


async def sign_in(
    session: AsyncSession, user: User, password: str, device: Device, transport: Transport
) -> Tokens:
    """Sign a user in after a password check, unless the password has changed since.

    A hash that has other rounds than the setting is renewed. A parallel sign-in may have done so already.
    """
    known = user.hashed_password
    renewed = await renew_hash(
        password, known, device.settings
    )  # before the transaction, which is not to wait
    await lock(session, User, user.id)
    stored = select(User.hashed_password).where(User.id == user.id, col(User.is_active))
    if (found := (await session.exec(stored)).first()) not in {known, renewed}:
        raise ProblemError(SignInCode.invalid_credentials)
    if found != renewed:
        # The account's version stays: for its owner, nothing has changed
        values = {"hashed_password": renewed, "updated_at": col(User.updated_at)}
        await session.exec(update(User).where(col(User.id) == user.id).values(values))
    return await open_session(session, user, device, transport)


async def open_session(session: AsyncSession, user: User, device: Device, transport: Transport) -> Tokens:
    now = utcnow()
    await session.exec(
        delete(UserSession).where(col(UserSession.user_id) == user.id, col(UserSession.expires_at) < now)
    )
    opened = UserSession(
        user_id=user.id,
        user_agent=_printable(device.request.headers.get("user-agent")),
        ip_address=address(device.request),
        last_used_at=now,
        confirmed_at=now,
        expires_at=_expiry(device.settings, now, now),
    )
    session.add(opened)
    await session.flush()
    tokens = _issue(session, opened, device.settings)
    kept = device.keep(tokens) if transport is Transport.cookie else tokens
    device.remember(user)
    return kept


async def rotate(
    session: AsyncSession, throttle: Throttle, token: str, settings: Settings, arrived: float
) -> Tokens | ProblemError:
    """Exchange a refresh token for new tokens. The refresh token is then used.

    A second use of a token suggests theft, so it revokes the session. The exception is several browser tabs
    that refresh at the same time: one tab gets the new tokens, and the session stays valid. The sign of this
    case is a request that had arrived as a whole before the token was used. After one such request, others
    may arrive up to REUSE_GRACE seconds later, until the new token is used. A problem is returned, not
    raised, because its changes must be committed.
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
        elif link.contended_at is None or late > REUSE_GRACE or family.last_used_at > link.used_at:
            await revoke_sessions(session, user.id, family.id)
        return ProblemError(SignInCode.token_reused)
    now = utcnow()
    expires_at = _expiry(settings, family.created_at, now)
    if family.revoked_at or min(family.expires_at, expires_at) <= now or not user.is_active:
        return ProblemError(Code.invalid_token)
    await throttle.hit("auth", f"refreshes of {family.id}")  # after the search for reuse, which must not fail
    tokens = _issue(session, family, settings)
    link.used_at = family.last_used_at = now
    family.expires_at = expires_at
    return tokens


def _expiry(settings: Settings, signed_in: datetime, used: datetime) -> datetime:
    """When a session ends: some time after its last use, and at last some time after the sign-in."""
    unused = used + timedelta(days=settings.refresh_token_expire_days)
    return min(unused, signed_in + timedelta(days=settings.session_lifetime_days))


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
