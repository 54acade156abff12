"""Your own account."""

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import StreamingResponse

from api.db import DatabaseDep, SessionDep
from api.deps import (
    CallerDep,
    CurrentUser,
    MailerDep,
    SettingsDep,
    Throttle,
    ThrottleDep,
    declares,
    limited,
    load,
)
from api.flows.accounts import AccountCode, keep_an_admin, lock_user, request_email, set_password
from api.flows.export import Export, export
from api.flows.letters import email_changing_letter, password_changed_letter, verify_letter
from api.flows.recent_sign_ins import IN_PERSON, RECENT_SIGN_IN, confirm_session
from api.flows.teams import TeamCode, leave_teams
from api.models.credentials import EmailChange, PasswordChange, PasswordConfirm
from api.models.user import User, UserPublic, UserUpdate
from api.problems import Code, invalid, problems
from api.security import verify_password
from api.settings import Settings
from api.web import Router, not_kept, small_body

router = Router(prefix="/users/me", tags=["me"])


@declares("own", Code.stale)
async def get_my_row(request: Request, session: SessionDep, user: CurrentUser) -> User:
    return await load(request, session, User, user.id, UserPublic)


Me = Annotated[User, Depends(get_my_row)]


@router.get("", response_model=UserPublic)
async def get_me(user: CurrentUser) -> User:
    return user


@router.patch("", response_model=UserPublic, responses=problems(Code.already_exists))
@small_body
async def update_me(me: Me, body: UserUpdate) -> User:
    return body.apply(me)


@router.delete(
    "",
    status_code=204,
    dependencies=[RECENT_SIGN_IN],
    responses=problems(AccountCode.last_admin, TeamCode.owns_teams),
)
async def delete_me(session: SessionDep, me: Me) -> None:
    """Delete your account, and the teams without other members. Their other rows stay with your teams.

    If the sign-in is too long ago, confirm the password first.
    """
    await keep_an_admin(session, me)
    await leave_teams(session, me)
    await session.delete(me)


@router.put(
    "/password",
    status_code=204,
    dependencies=[IN_PERSON, limited("auth")],
    responses=problems(Code.conflict),
)
@small_body
async def change_password(
    session: SessionDep,
    settings: SettingsDep,
    throttle: ThrottleDep,
    user: CurrentUser,
    mailer: MailerDep,
    body: PasswordChange,
) -> None:
    await _check_current(throttle, settings, user, body.current_password)
    await set_password(session, settings, user, body.new_password)
    await mailer.send(password_changed_letter(user))


@router.post("/password/confirm", status_code=204, dependencies=[IN_PERSON, limited("auth")])
@not_kept("A repetition would confirm nothing.")
async def confirm_password(
    session: SessionDep,
    settings: SettingsDep,
    throttle: ThrottleDep,
    caller: CallerDep,
    body: PasswordConfirm,
) -> None:
    """Confirm the password again, for requests that answer `recent_sign_in_required`."""
    await _check_current(throttle, settings, caller.user, body.current_password)
    await confirm_session(session, caller.session_id)


@router.put(
    "/email",
    status_code=202,
    response_class=Response,
    dependencies=[IN_PERSON, limited("auth")],
    responses=problems(Code.already_exists),
)
@small_body
async def change_email(
    session: SessionDep,
    settings: SettingsDep,
    throttle: ThrottleDep,
    user: CurrentUser,
    mailer: MailerDep,
    body: EmailChange,
) -> None:
    await _check_current(throttle, settings, user, body.current_password)
    me = await lock_user(session, user.id)
    await request_email(session, me, body.email)
    await mailer.send(verify_letter(settings, me, body.email))
    await mailer.send(email_changing_letter(me, body.email))


@router.get("/export", response_model=Export, dependencies=[RECENT_SIGN_IN])
async def export_me(database: DatabaseDep, user: CurrentUser) -> StreamingResponse:
    """Export all your data. If the sign-in is too long ago, confirm the password first."""
    return StreamingResponse(export(database, user), media_type="application/json")


async def _check_current(throttle: Throttle, settings: Settings, user: User, password: str) -> None:
    """Check the current password, so that a stolen access token cannot take over the account.

    Guesses are throttled.
    """
    key = f"current {user.id}"
    async with throttle.turn(key):
        await throttle.check("source", key)
        if not await verify_password(password, user.hashed_password, settings, is_known=True):
            await throttle.count("source", key)
            raise invalid(["body", "current_password"], "This password is wrong.", "wrong_password")
        await throttle.forgive("source", key)
