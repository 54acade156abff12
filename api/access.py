"""Who is asking, what they may do, whose row it is. Every route declares its policy with something from here."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from api.db import DatabaseDep, SessionDep, lock
from api.filters import Condition
from api.models import Permission, User, UserSession
from api.models.base import CALLER, Entity, utcnow
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

NOBODY = UUID(int=0)

bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)


@declares("public")
async def everybody() -> None:
    """No token needed."""


PUBLIC = Depends(everybody)


class Caller(NamedTuple):
    user: User
    session_id: UUID


SIGNED_IN = (
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
        user = (await session.exec(SIGNED_IN, params=ids)).one_or_none()
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
        if not may(user, permission):
            raise ProblemError(Code.forbidden)
        return user

    return Depends(check)


def may(user: User | None, permission: Permission) -> bool:
    return user is not None and permission in user.role.permissions


@declares("public", Code.invalid_token)
async def get_current_user_or_none(
    settings: SettingsDep, database: DatabaseDep, token: Annotated[str | None, Depends(bearer)]
) -> User | None:
    """Nobody needs a token here; a wrong one is still refused, so that its bearer notices."""
    return None if token is None else (await get_caller(settings, database, token)).user


MaybeUser = Annotated[User | None, Depends(get_current_user_or_none)]

RowT = TypeVar("RowT", bound=Entity)


def asking(user: User | None) -> dict[str, Any]:
    """The values for a scope's CALLER and NOW: who is asking, and when."""
    return {"caller": user.id if user else NOBODY, "now": utcnow()}


async def load(
    request: Request,
    session: AsyncSession,
    model: type[RowT],
    id: UUID,
    public: type[Entity],
    scope: Condition | None = None,
    user: User | None = None,
) -> RowT:
    """The row, if there is one within the scope.

    Whoever does not just GET it is about to change it, so it is locked; a PATCH or DELETE is compared with If-Match.
    """
    if request.method != "GET":
        await lock(session, model, id)
    row: RowT | None = (await session.exec(_by_id(model, scope), params={"id": id, **asking(user)})).one_or_none()
    if row is None:
        raise ProblemError(Code.not_found)
    if request.method in {"PATCH", "DELETE"}:
        check_if_match(request, row, public)
    return row


@lru_cache
def _by_id(model: type[RowT], scope: Condition | None) -> SelectOfScalar[RowT]:
    statement = select(model).where(col(model.id) == bindparam("id"))
    return statement if scope is None else statement.where(scope)


def found(model: type[RowT], public: type[Entity] | None = None) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the row with the id in the path, for whomever the route lets in; else 404."""

    @declares("", Code.not_found, Code.stale)
    async def get_row(id: UUID, request: Request, session: SessionDep) -> RowT:
        return await load(request, session, model, id, public or model.__bases__[0])

    return get_row


def visible(
    model: type[RowT], scope: Condition, public: type[Entity] | None = None, *, unless: Permission | None = None
) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the row with the id in the path, if the caller's scope holds it or they may see all; else 404."""

    @declares(f"own or {unless}" if unless else "own", Code.not_found, Code.stale)
    async def get_visible_row(id: UUID, request: Request, session: SessionDep, user: CurrentUser) -> RowT:
        within = None if unless and may(user, unless) else scope
        return await load(request, session, model, id, public or model.__bases__[0], within, user)

    return get_visible_row


def visible_to_all(model: type[RowT], scope: Condition, public: type[Entity]) -> Callable[..., Awaitable[RowT]]:
    """The same for callers who need no token."""

    @declares("public", Code.not_found, Code.stale)
    async def get_public_row(id: UUID, request: Request, session: SessionDep, user: MaybeUser) -> RowT:
        return await load(request, session, model, id, public, scope, user)

    return get_public_row


def owned(model: type[RowT], public: type[Entity] | None = None) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the caller's own row with the id in the path; anything else is 404."""
    return visible(model, mine(model), public)


def mine(model: type[Any], column: str = "owner_id") -> Condition:
    """The scope of what belongs to the caller."""
    condition: Condition = getattr(model, column) == CALLER
    return condition


def governed(row: Callable[..., Awaitable[RowT]], owner: str, unless: Permission) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the row that `row` finds, if it is the caller's or they may change all; else 403."""

    @declares(f"own or {unless}", Code.forbidden)
    async def get_governed_row(user: CurrentUser, found: Annotated[RowT, Depends(row)]) -> RowT:
        if getattr(found, owner) != user.id and not may(user, unless):
            raise ProblemError(Code.forbidden)
        return found

    return get_governed_row
