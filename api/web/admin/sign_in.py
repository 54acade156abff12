"""Signing in to the admin, and out of it, with the accounts, throttles and sign-ins of the API."""

import secrets
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp

from api.security import make_token, read_token
from api.settings import Settings
from api.web.admin.client import call
from api.web.admin.rendering import page
from api.web.admin.visit import FORM, LASTS, NOW, SIGN_IN, TYPE, Visit, form_token, read_form, set_cookie

MOST_BYTES = 20_000  # of the form for signing in, which anybody can send


def to_sign_in(settings: Settings, request: Request, *, has_ended: bool) -> Response:
    """To the form for signing in, and then back to the page that was asked for."""
    path = request.scope["path"] if request.method in {"GET", "HEAD"} else ""
    query = f"?next={quote(path)}" if path else ""
    response = RedirectResponse(f"{request.scope.get('root_path', '')}/sign-in{query}", 303)
    if has_ended:
        set_cookie(response, settings, request, SIGN_IN, "", NOW)
    return response


def inside(base: str, path: str) -> str:
    """The path, if it leads to a page of the admin. Else the first page of the admin."""
    is_inside = path.startswith(base + "/") and "\\" not in path and path.isprintable()
    return path if is_inside and ".." not in unquote(path).split("/") else base + "/"


async def show(settings: Settings, request: Request, *, message: str = "", status: int = 200) -> Response:
    base = request.scope.get("root_path", "")
    cookies = request.cookies
    if not cookies.get(FORM) and not cookies.get(SIGN_IN):
        cookies[FORM] = secrets.token_urlsafe(16)
    response = page(
        "sign_in.html",
        status,
        base=base,
        project=settings.project_name,
        token=form_token(settings, request),
        next=inside(base, request.query_params.get("next", "")),
        message=message,
    )
    if FORM in cookies:
        set_cookie(response, settings, request, FORM, cookies[FORM], LASTS)
    return response


async def sign_in(app: ASGIApp, settings: Settings, request: Request) -> Response:
    form = {name: str(value) for name, value in await read_form(settings, request, MOST_BYTES)}
    body = {name: form.get(name, "") for name in ("username", "password")}
    answer = await call(app, request, "POST", "/auth/login", body=body)
    if not answer.is_fine:
        message = answer.message if answer.status != 422 else "Write your username and your password."
        if answer.status == 429 and (wait := answer.headers.get("retry-after")):
            message += f" Wait {wait} seconds."
        return await show(settings, request, message=message, status=answer.status)
    claims = read_token(settings, "access", answer.data["access_token"])
    token = make_token(settings, TYPE, claims["sub"], LASTS, sid=claims["sid"])
    to = inside(request.scope.get("root_path", ""), form.get("next", ""))
    response = RedirectResponse(to, 303)
    set_cookie(response, settings, request, SIGN_IN, token, LASTS)
    set_cookie(response, settings, request, FORM, "", NOW)
    return response


async def sign_out(visit: Visit) -> Response:
    await visit.call("POST", "/auth/logout")
    response = RedirectResponse(f"{visit.base}/sign-in", 303)
    set_cookie(response, visit.settings, visit.request, SIGN_IN, "", NOW)
    return response


async def confirm(visit: Visit) -> Response:
    """Ask for the password again, which some routes want to have been given a short time ago."""
    to = inside(visit.base, visit.one("next") or visit.request.query_params.get("next", ""))
    message, status = "", 200
    if visit.request.method == "POST":
        body = {"current_password": visit.one("password")}
        answer = await visit.call("POST", "/users/me/password/confirm", body=body)
        if answer.is_fine:
            return visit.say(RedirectResponse(to, 303), "Your password is confirmed. Now repeat it.")
        message = " ".join(answer.field_errors.get("current_password", [answer.message]))
        status = answer.status
    return page("confirm.html", status, visit=visit, to=to, message=message)
