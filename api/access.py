"""Who is asking, what they may do, whose row it is. Every route declares its policy with something from here."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, NamedTuple, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import DatabaseDep, SessionDep
from api.models import Permission, User, UserSession
from api.models.base import Entity
from api.problems import Code, ProblemError
from api.route import check_if_match
from api.security import InvalidToken, read_token
from api.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


def declares(policy: str, *codes: Code) -> Callable[[F], F]:
    """Mark a dependency with the policy it enforces and the problems it can answer with, for OpenAPI and the tests."""

    def mark(dependency: F) -> F:
        dependency.policy, dependency.codes = policy, codes  # type: ignore[attr-defined]  # read in openapi.py
        return dependency

    return mark


def get_settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


SettingsDep = Annotated[Settings, Depends(get_settings)]

bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)


@declares("public")
async def everybody() -> None:
    """No token needed."""


PUBLIC = Depends(everybody)


class Caller(NamedTuple):
    user: User
    session_id: UUID


CALLER = (
    select(User)
    .join(UserSession, col(UserSession.user_id) == col(User.id))
    .where(
        col(UserSession.id) == bindparam("session_id"),
        col(UserSession.revoked_at).is_(None),
        col(User.id) == bindparam("user_id"),
        col(User.is_active),
    )
)


@declares("signed in", Code.invalid_token)
async def get_caller(settings: SettingsDep, database: DatabaseDep, token: Annotated[str | None, Depends(bearer)]) -> Caller:
    """The user and the sign-in behind the access token, as they are now: a revoked session ends access at once.

    They are read apart from the request's transaction, which therefore starts only when the handler needs it.
    """
    try:
        claims = read_token(settings, "access", token or "")
        ids = {"user_id": UUID(claims["sub"]), "session_id": UUID(claims["sid"])}
    except (InvalidToken, KeyError, ValueError, TypeError, AttributeError):
        raise ProblemError(Code.invalid_token) from None
    async with database.read() as session:
        user = (await session.exec(CALLER, params=ids)).one_or_none()
    if user is None:
        raise ProblemError(Code.invalid_token)
    return Caller(user, ids["session_id"])


CallerDep = Annotated[Caller, Depends(get_caller)]


@declares("signed in")
async def get_current_user(caller: CallerDep) -> User:
    return caller.user


CurrentUser = Annotated[User, Depends(get_current_user)]


def require(permission: Permission) -> Any:
    """A dependency: the caller, if their role has this permission; else 403."""

    @declares(permission.value, Code.forbidden)
    async def check(user: CurrentUser) -> User:
        if permission not in user.role.permissions:
            raise ProblemError(Code.forbidden)
        return user

    return Depends(check)


RowT = TypeVar("RowT", bound=Entity)


async def load(
    request: Request, session: AsyncSession, model: type[RowT], id: UUID, public: type[Entity], owner: UUID | None = None
) -> RowT:
    """The row, if there is one and it is the owner's.

    Whoever does not just GET it is about to change it, so it is locked and compared with If-Match.
    """
    reading = request.method == "GET"
    row = await session.get(model, id, with_for_update=None if reading else {"of": model})
    if row is None or (owner is not None and getattr(row, "owner_id", None) != owner):
        raise ProblemError(Code.not_found)
    if not reading:
        check_if_match(request, row, public)
    return row


def found(model: type[RowT], public: type[Entity] | None = None) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the row with the id in the path, for whomever the route lets in; else 404."""

    @declares("", Code.not_found, Code.stale)
    async def get_row(id: UUID, request: Request, session: SessionDep) -> RowT:
        return await load(request, session, model, id, public or model.__bases__[0])

    return get_row


def owned(model: type[RowT], public: type[Entity] | None = None) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the caller's own row with the id in the path; anything else is 404."""

    @declares("own", Code.not_found, Code.stale)
    async def get_own_row(id: UUID, request: Request, session: SessionDep, user: CurrentUser) -> RowT:
        return await load(request, session, model, id, public or model.__bases__[0], owner=user.id)

    return get_own_row
