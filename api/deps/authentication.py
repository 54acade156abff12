"""Authentication and permissions.

Every route declares its policy with a dependency of this file or of `rows`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from fastapi.requests import HTTPConnection
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import select

from api.db.engine import Database
from api.db.request_session import SessionDep
from api.db.request_state import note_caller
from api.deps.claims import Claim, claimed, guard_of, lasts
from api.models.base import Permission
from api.models.user import User
from api.models.user_session import UserSession
from api.problems import Code, ProblemCode, ProblemError
from api.security import InvalidToken, read_token
from api.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


def declares(policy: str, *codes: ProblemCode) -> Callable[[F], F]:
    """Mark a dependency with its policy and its problem codes, for OpenAPI and the tests."""

    def mark(dependency: F) -> F:
        dependency.policy, dependency.codes = policy, codes  # type: ignore[attr-defined]  # read in openapi/
        return dependency

    return mark


async def get_settings(connection: HTTPConnection) -> Settings:
    settings: Settings = connection.app.state.settings
    return settings


SettingsDep = Annotated[Settings, Depends(get_settings)]

NOBODY = UUID(int=0)

bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)


@declares("public")
async def everybody() -> None:
    """The route needs no token."""


PUBLIC = Depends(everybody)


class Caller(NamedTuple):
    user: User
    session_id: UUID
    impersonator_id: UUID | None = None  # the administrator who acts as the user


SIGNED_IN = select(User).join(UserSession, lasts(User, UserSession)).where(claimed(User, UserSession))


@lru_cache(maxsize=2048)
def _claim(user: str, session: str, impersonator: str | None) -> Claim:
    return Claim(UUID(user), UUID(session), None if impersonator is None else UUID(impersonator))


def read_claim(connection: HTTPConnection, token: str | None) -> Claim:
    try:
        claims = read_token(connection.app.state.settings, "access", token or "")
        actor = claims["act"]["sub"] if "act" in claims else None  # by RFC 8693
        return _claim(claims["sub"], claims["sid"], actor)
    except (InvalidToken, KeyError, ValueError, TypeError, AttributeError):
        raise ProblemError(Code.invalid_token) from None


@declares("signed in", Code.invalid_token)
async def get_caller(request: HTTPConnection, token: Annotated[str | None, Depends(bearer)]) -> Caller:
    """The user and sign-in of the access token. A revoked sign-in ends access immediately.

    This reads them outside of the request's transaction, which then starts only when the handler needs it.
    """
    claim = read_claim(request, token)
    database: Database = request.app.state.database
    [user] = await database.rows(SIGNED_IN, **claim.values) or [None]
    if user is None:
        raise ProblemError(Code.invalid_token)
    note_caller(user.id, claim.impersonator_id)
    return Caller(user, claim.session_id, claim.impersonator_id)


async def identify(request: Request) -> UUID:
    """The caller's id, before a large body is read or a key is looked up (see api/web/routes.py)."""
    return (await get_caller(request, await bearer(request))).user.id


get_caller.identify = identify  # type: ignore[attr-defined]  # read in api/web/requests.py

CallerDep = Annotated[Caller, Depends(get_caller)]


@declares("signed in")
async def get_current_user(caller: CallerDep) -> User:
    return caller.user


@declares("signed in", Code.invalid_token)
async def get_caller_id(
    request: Request, session: SessionDep, token: Annotated[str | None, Depends(bearer)]
) -> UUID:
    """The caller's id, for routes that need no more. The database session confirms it (see claims.py)."""
    claim = read_claim(request, token)
    session.guard = guard_of(claim)
    note_caller(claim.user_id, claim.impersonator_id)
    return claim.user_id


get_caller_id.identify = identify  # type: ignore[attr-defined]  # as above

CallerId = Annotated[UUID, Depends(get_caller_id)]
CurrentUser = Annotated[User, Depends(get_current_user)]


def require(permission: Permission) -> Any:
    """A dependency: the caller, if their role has this permission, else 403."""

    @declares(permission.value, Code.forbidden)
    async def check(user: CurrentUser) -> User:
        if not may(user, permission):
            raise ProblemError(Code.forbidden)
        return user

    return Depends(check)


def may(user: User | None, permission: Permission) -> bool:
    return user is not None and permission in user.role.permissions


@declares("public", Code.invalid_token)
async def get_current_user_or_none(
    request: HTTPConnection, token: Annotated[str | None, Depends(bearer)]
) -> User | None:
    """The caller, if there is a token. An invalid token is still an error, so that the client notices it."""
    return None if token is None else (await get_caller(request, token)).user


MaybeUser = Annotated[User | None, Depends(get_current_user_or_none)]
