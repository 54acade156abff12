"""User administration."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from sqlmodel import col, select

from api.db import DatabaseDep, SessionDep
from api.deps import CallerDep, MailerDep, SettingsDep, declares, found, owned, require
from api.flows.accounts import AccountCode, Change, administer, create_user, keep_an_admin, may_grant
from api.flows.impersonation import ImpersonationCode, impersonate
from api.flows.letters import invitation_letter
from api.flows.recent_sign_ins import RECENT_SIGN_IN, InPersonCode, RecentSignInCode, check_recent
from api.flows.sign_outs import revoke_sessions
from api.flows.teams import TeamCode, leave_teams
from api.lists import By, Page, PageQuery, Search, Searches, paginate
from api.models.account_types import EmailKey
from api.models.role import Role, RoleName
from api.models.user import User, UserAdminUpdate, UserCreate, UserPermission, UserPublic
from api.models.user_session import Tokens
from api.problems import Code, problems
from api.security import hash_password
from api.web import Router, not_kept

router = Router(prefix="/users", tags=["users"])

Reader = Annotated[User, require(UserPermission.read)]
Writer = Annotated[User, require(UserPermission.write)]
IMPERSONATOR = require(UserPermission.impersonate)


class UserQuery(PageQuery[User]):
    role: Annotated[
        RoleName | None,
        By(lambda name: col(User.role_id) == select(Role.id).where(col(Role.name) == name).scalar_subquery()),
    ] = None
    email: Annotated[EmailKey | None, By(lambda key: col(User.email_key) == key)] = None
    is_active: bool | None = None
    email_verified: bool | None = None
    q: Annotated[Search | None, Searches("username", "email", "first_name", "last_name", of_all=True)] = None
    sort: Literal["id", "username", "email"] = "id"


@declares("users:write", Code.not_found, Code.forbidden)
async def get_governed_user(writer: Writer, user: Annotated[User, Depends(found(User, UserPublic))]) -> User:
    may_grant(writer, user.role)
    return user


async def get_change(
    writer: CallerDep, _: Writer, database: DatabaseDep, settings: SettingsDep, body: UserAdminUpdate
) -> Change:
    """The change of an account. A new password is hashed here, before the row is locked, which takes long."""
    if "password" not in body.model_fields_set:
        return Change(body, None)
    await check_recent(writer, database, settings)
    return Change(body, await hash_password(body.password, settings))


VisibleUser = Annotated[User, Depends(owned(User, UserPublic, "id", unless=UserPermission.read))]
GovernedUser = Annotated[User, Depends(get_governed_user)]


@router.get("", response_model=Page[UserPublic])
async def list_users(session: SessionDep, _: Reader, query: Annotated[UserQuery, Query()]) -> Page[User]:
    return await paginate(session, query)


@router.post("", status_code=201, response_model=UserPublic, responses=problems(Code.already_exists))
async def add_user(
    session: SessionDep, settings: SettingsDep, mailer: MailerDep, writer: Writer, body: UserCreate
) -> User:
    user = await create_user(session, settings, **body.model_dump())
    may_grant(writer, user.role)
    await mailer.send(invitation_letter(settings, user), in_bulk=True)
    return user


@router.get("/{id}", response_model=UserPublic)
async def get_user(user: VisibleUser) -> User:
    return user


@router.patch(
    "/{id}",
    response_model=UserPublic,
    responses=problems(
        Code.already_exists,
        AccountCode.last_admin,
        InPersonCode.impersonating,
        RecentSignInCode.recent_sign_in_required,
    ),
)
async def update_user(
    session: SessionDep,
    mailer: MailerDep,
    writer: Writer,
    change: Annotated[Change, Depends(get_change)],
    user: GovernedUser,
) -> User:
    """Change an account. To set a password when your sign-in is too long ago, confirm your own first."""
    return await administer(session, mailer, writer, user, change)


@router.delete(
    "/{id}",
    status_code=204,
    dependencies=[RECENT_SIGN_IN],
    responses=problems(AccountCode.last_admin, TeamCode.owns_teams),
)
async def delete_user(session: SessionDep, user: GovernedUser) -> None:
    """Delete an account. If your sign-in is too long ago, confirm your password first."""
    await keep_an_admin(session, user)
    await leave_teams(session, user)
    await session.delete(user)


@router.delete("/{id}/sessions", status_code=204)
async def end_user_sessions(session: SessionDep, user: GovernedUser) -> None:
    """End all sign-ins of a user, at once and on all devices."""
    await revoke_sessions(session, user.id)


@router.post(
    "/{id}/impersonation",
    status_code=201,
    dependencies=[IMPERSONATOR, RECENT_SIGN_IN],
    responses=problems(Code.not_found, ImpersonationCode.impersonation_refused),
)
@not_kept("It has a token.")
async def impersonate_user(
    session: SessionDep, settings: SettingsDep, caller: CallerDep, response: Response, id: UUID
) -> Tokens:
    """Act as a user for 15 minutes. If your sign-in is too long ago, confirm your password first.

    The user may have no permission that you do not have. What only the user may do answers `impersonating`.
    `POST /auth/logout` with this token ends it.
    """
    response.headers["Location"] = "/api/v1/users/me"
    return await impersonate(session, settings, caller, id)
