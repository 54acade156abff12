"""Registration, sign-in, sign-out, sessions, password reset and e-mail verification."""

from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Cookie, Form, Query, Request, Response
from sqlalchemy import bindparam
from sqlmodel import col

from api.db import RESERVED, DatabaseDep, SessionDep
from api.deps import PUBLIC, CallerDep, CurrentUser, MailerDep, SettingsDep, ThrottleDep, limited
from api.deps.known_devices import SIGN_INS_LIMITED
from api.flows.accounts import create_user
from api.flows.attempts import forgive
from api.flows.impersonation import shown_sessions
from api.flows.letters import RESET, password_changed_letter, verify_letter
from api.flows.mailed_links import reset_letter_to, reset_password, verify_email
from api.flows.recent_sign_ins import IN_PERSON, InPersonCode, check_in_person
from api.flows.sign_ins import (
    COOKIE,
    DeviceDep,
    SignInCode,
    check_password,
    open_session,
    rotate,
    sign_in,
)
from api.flows.sign_outs import revoke_sessions
from api.flows.team_invitations import TeamInvitationCode, accept
from api.lists import Page, PageQuery, paginate
from api.models.base import utcnow
from api.models.credentials import EmailVerify, PasswordForgot, PasswordForm, PasswordReset, Refresh, SignIn
from api.models.role import USER
from api.models.user import UserRegister
from api.models.user_session import Tokens, UserSession, UserSessionPublic
from api.problems import Code, ProblemError, problems
from api.web import Router, no_dry_run, not_kept, small_body, takes_form
from api.web.context import context_of

router = Router(prefix="/auth", tags=["auth"])

LIVE = (
    (col(UserSession.user_id) == bindparam("caller"))
    & col(UserSession.revoked_at).is_(None)
    & (col(UserSession.expires_at) > bindparam("now"))
)


class SessionQuery(PageQuery[UserSession]):
    sort: Literal["id", "last_used_at"] = "id"


@router.post(
    "/register",
    status_code=201,
    dependencies=[PUBLIC, RESERVED, limited("auth")],
    responses=problems(Code.already_exists, TeamInvitationCode.invitation_invalid),
)
@small_body
async def register(
    session: SessionDep,
    settings: SettingsDep,
    device: DeviceDep,
    mailer: MailerDep,
    response: Response,
    body: UserRegister,
) -> Tokens:
    fields = body.model_dump(exclude={"password", "transport", "invitation"})
    user = await create_user(session, settings, **fields, password=body.password, role=USER)
    if "invitation" in body.model_fields_set:
        await accept(session, user, body.invitation)
    else:
        await mailer.send(verify_letter(settings, user, user.email))
    response.headers["Location"] = "/api/v1/users/me"
    return await open_session(session, user, device, body.transport)


@router.post(
    "/login",
    dependencies=[PUBLIC, RESERVED, SIGN_INS_LIMITED],
    responses=problems(SignInCode.invalid_credentials, Code.invalid_request),
)
@small_body
@takes_form(PasswordForm)
async def login(
    session: SessionDep,
    database: DatabaseDep,
    throttle: ThrottleDep,
    mailer: MailerDep,
    request: Request,
    device: DeviceDep,
    body: SignIn,
) -> Tokens:
    """The body may also be the form of `POST /auth/token`."""
    user = await check_password(database, throttle, mailer, request, body.username, body.password)
    return await sign_in(session, user, body.password, device, body.transport)


@router.post(
    "/token",
    dependencies=[PUBLIC, RESERVED, SIGN_INS_LIMITED],
    responses=problems(SignInCode.invalid_credentials, Code.invalid_request),
)
@small_body
async def create_token(
    session: SessionDep,
    database: DatabaseDep,
    throttle: ThrottleDep,
    mailer: MailerDep,
    request: Request,
    device: DeviceDep,
    form: Annotated[PasswordForm, Form()],
) -> Tokens:
    user = await check_password(database, throttle, mailer, request, form.username, form.password)
    return await sign_in(session, user, form.password, device, form.transport)


@router.post(
    "/refresh",
    dependencies=[PUBLIC, RESERVED, limited("refresh")],
    responses=problems(Code.invalid_token, SignInCode.token_reused),
)
@small_body
async def refresh(
    session: SessionDep,
    settings: SettingsDep,
    throttle: ThrottleDep,
    device: DeviceDep,
    request: Request,
    body: Refresh | None = None,
    cookie: Annotated[str | None, Cookie(alias=COOKIE, include_in_schema=False)] = None,
) -> Tokens:
    given = body.refresh_token if body else None
    tokens = await rotate(session, throttle, given or cookie or "", settings, context_of(request).arrived)
    if isinstance(tokens, ProblemError):  # returned, so that the revoked session is committed
        return tokens.response()  # type: ignore[return-value]  # FastAPI passes a response through
    return tokens if given else device.keep(tokens)


@router.post("/logout", status_code=204)
@no_dry_run("It deletes a cookie.")
@not_kept("It ends the access that a repetition needs.")
async def logout(session: SessionDep, caller: CallerDep, device: DeviceDep) -> None:
    await revoke_sessions(session, caller.user.id, caller.session_id)
    await device.forget(session, caller.session_id)


@router.get("/sessions")
async def list_sessions(
    session: SessionDep, caller: CallerDep, query: Annotated[SessionQuery, Query()]
) -> Page[UserSessionPublic]:
    page = await paginate(session, query, LIVE, caller=caller.user.id, now=utcnow())
    items = await shown_sessions(session, caller, page.items)
    return Page(items=items, next_cursor=page.next_cursor, total=page.total)


@router.delete(
    "/sessions/{id}", status_code=204, responses=problems(Code.not_found, InPersonCode.impersonating)
)
async def delete_session(session: SessionDep, caller: CallerDep, id: UUID) -> None:
    row = await session.get(UserSession, id)
    if row is None or row.user_id != caller.user.id or row.revoked_at:
        raise ProblemError(Code.not_found)
    if id != caller.session_id:
        await check_in_person(caller)
    await revoke_sessions(session, caller.user.id, id)


@router.delete("/sessions", status_code=204, dependencies=[IN_PERSON])
async def delete_other_sessions(session: SessionDep, caller: CallerDep) -> None:
    await revoke_sessions(session, caller.user.id, but=caller.session_id)


@router.post("/password/forgot", status_code=202, response_class=Response, dependencies=[PUBLIC])
@small_body
@no_dry_run("It sends nothing but a letter.")
async def forgot_password(
    database: DatabaseDep, settings: SettingsDep, mailer: MailerDep, body: PasswordForgot
) -> None:
    # After the response, so that its time does not reveal whether the account exists
    await mailer.send_later(body.email, RESET, partial(reset_letter_to, database, settings, body.email))


@router.post(
    "/password/reset",
    status_code=204,
    dependencies=[PUBLIC, limited("auth")],
    responses=problems(Code.invalid_token),
)
@small_body
async def reset_forgotten_password(
    session: SessionDep, throttle: ThrottleDep, mailer: MailerDep, request: Request, body: PasswordReset
) -> None:
    user = await reset_password(session, mailer.settings, body.token, body.new_password)
    await forgive(throttle, request, user)
    await mailer.send(password_changed_letter(user))


@router.post("/email/verify/request", status_code=202, response_class=Response)
@no_dry_run("It sends nothing but a letter.")
async def request_email_verification(settings: SettingsDep, user: CurrentUser, mailer: MailerDep) -> None:
    email = user.pending_email or (None if user.email_verified else user.email)
    if email is not None:
        await mailer.send(verify_letter(settings, user, email))


@router.post(
    "/email/verify",
    status_code=204,
    dependencies=[PUBLIC, limited("auth")],
    responses=problems(Code.invalid_token, Code.already_exists),
)
@small_body
async def confirm_email(session: SessionDep, settings: SettingsDep, body: EmailVerify) -> None:
    await verify_email(session, settings, body.token)
