"""A visit: a request to the admin by somebody who is signed in, and the cookies that it comes with."""

import hmac
from collections.abc import Mapping
from datetime import UTC, timedelta, tzinfo
from typing import Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from api.security import InvalidToken, fingerprint, make_token, read_token
from api.settings import Settings
from api.web.admin.bodies import File, TooLarge, read_parts, read_texts
from api.web.admin.client import Answer, call
from api.web.admin.document import Site
from api.web.requests import MULTIPART, URL_ENCODED

SIGN_IN, FORM, SAID, ZONE = "admin_sign_in", "admin_form", "admin_said", "admin_zone"  # cookies
TYPE = "admin"  # of the token in the cookie, which the API accepts nowhere
LASTS = timedelta(hours=12)
MINUTE = timedelta(minutes=1)
NOW = timedelta(0)  # at which a cookie is deleted
MOST_BYTES = 2_000_000  # of a form
FOREIGN = "This form was sent from another page, or is too old. Open it again, and repeat it."


class SignedOut(Exception):
    """There is no sign-in, or it has ended."""


class Refused(Exception):
    """What the visitor is told instead of a page."""

    def __init__(self, status: int, message: str, confirm: str = "") -> None:
        self.status, self.message = status, message
        self.confirm = confirm  # the page to which a confirmed password leads back


class Visit:
    def __init__(self, app: ASGIApp, settings: Settings, site: Site, request: Request) -> None:
        self.app, self.settings, self.site, self.request = app, settings, site, request
        self.base = str(request.scope.get("root_path", ""))
        self.user: dict[str, Any] = {}
        self.form: list[tuple[str, str | File]] = []
        self.was_told = False  # whether the page says what the last request has left

    async def begin(self) -> None:
        """Find out who it is. Raises SignedOut."""
        try:
            claims = read_token(self.settings, TYPE, self.request.cookies.get(SIGN_IN, ""))
        except InvalidToken:
            raise SignedOut from None
        self.user_id, self.session_id = claims["sub"], claims["sid"]
        me = await self.call("GET", "/users/me")
        if not me.is_fine:
            raise Refused(me.status, me.message)
        self.user = me.data

    async def call(self, method: str, path: str, **more: Any) -> Answer:
        token = make_token(self.settings, "access", self.user_id, MINUTE, sid=self.session_id)
        answer = await call(self.app, self.request, method, path, token=token, **more)
        if answer.status == 401:
            raise SignedOut
        return answer

    @property
    def zone(self) -> tzinfo:
        """The time zone of the browser, as the page's script says."""
        try:
            return ZoneInfo(unquote(self.request.cookies.get(ZONE, "")))
        except Exception:  # names that are no path, no file, or no zone raise errors of many kinds
            return UTC

    @property
    def form_token(self) -> str:
        return form_token(self.settings, self.request)

    async def read_form(self) -> None:
        self.form = await read_form(self.settings, self.request, takes_files=True)

    def given(self, name: str) -> list[str]:
        return [value for key, value in self.form if key == name and isinstance(value, str)]

    def files(self, name: str) -> list[File]:
        return [value for key, value in self.form if key == name and isinstance(value, File)]

    def one(self, name: str) -> str:
        return next(iter(self.given(name)), "")

    def pressed(self, *known: str) -> str:
        """The button that sent the form, if it has a name. A page may be older than what it offers."""
        button = self.one("do")
        if button and button not in known:
            raise Refused(404, "There is no such button any more. Open the page again.")
        return button

    def said(self) -> str:
        """What the last request has left to be said."""
        mark, _, text = self.request.cookies.get(SAID, "").partition(":")
        is_ours = hmac.compare_digest(mark.encode(), fingerprint(self.settings, SAID, text).encode())
        self.was_told = is_ours
        return unquote(text) if is_ours else ""

    def say(self, response: Response, text: str) -> Response:
        quoted = quote(text[:500], safe="")
        value = f"{fingerprint(self.settings, SAID, quoted)}:{quoted}"
        set_cookie(response, self.settings, self.request, SAID, value, MINUTE)
        return response


def set_cookie(
    response: Response, settings: Settings, request: Request, name: str, value: str, lasts: timedelta
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        path=request.scope.get("root_path", "") or "/",
        secure=not settings.development,
        httponly=True,
        samesite="strict",
    )


def if_match(version: str) -> dict[str, str]:
    """The header with which only the row is changed that the visitor has seen."""
    return {"if-match": f'"{quote(version)}"'} if version else {}


def form_token(settings: Settings, request: Request) -> str:
    """What a form of ours sends along, and a form of another page cannot know."""
    cookies: Mapping[str, str] = request.cookies
    return fingerprint(settings, FORM, cookies.get(SIGN_IN) or cookies.get(FORM, ""))


def refuse_foreign(settings: Settings, request: Request) -> None:
    """Refuse forms and scripts of other servers, those that CORS_ORIGINS names too. Links have no Origin.

    Behind a proxy that asks by another name, PUBLIC_URL is ours.
    """
    ours = {request.headers.get("host"), str(settings.public_url or "").partition("://")[2].partition("/")[0]}
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] not in ours - {""}:
        raise Refused(403, FOREIGN)


async def read_form(
    settings: Settings, request: Request, most_bytes: int = MOST_BYTES, *, takes_files: bool = False
) -> list[tuple[str, str | File]]:
    """The fields of a form that one of our own pages has sent. Raises Refused."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Refused(403, FOREIGN)
    media = request.headers.get("content-type", "").partition(";")[0]
    if media != URL_ENCODED and not (media == MULTIPART and takes_files):
        raise Refused(415, "Send the form as it is.")
    read = read_parts if media == MULTIPART else read_texts
    most_bytes += settings.max_upload_bytes if media == MULTIPART else 0
    try:
        form = await read(request, most_bytes)
    except TooLarge:
        raise Refused(413, f"This is too much at once: more than {most_bytes:,} bytes.") from None
    except ValueError:
        raise Refused(422, "This form cannot be read.") from None
    cookies = request.cookies
    sent = next((value for name, value in form if name == "form_token"), "")
    is_ours = hmac.compare_digest(str(sent).encode(), form_token(settings, request).encode())
    if not is_ours or not (cookies.get(SIGN_IN) or cookies.get(FORM)):
        raise Refused(403, FOREIGN)
    return form
