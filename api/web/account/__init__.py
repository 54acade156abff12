"""The pages that links in mails lead to, until FRONTEND_URL names another front end.

They load all files from this server and have no inline scripts or styles. A token is in the fragment of its
link, which browsers send to nobody: it is in no log and in no Referer.
"""

import logging
import os
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from api.settings import Settings

log = logging.getLogger(__name__)

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The URLs are relative, so that the pages also work behind a proxy with a path prefix.
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · {project}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/account.css">
<script src="assets/account.js" defer></script>
</head>
<body>
<main>
<p class="project">{project}</p>
<h1>{title}</h1>
<noscript><p class="problem">This page needs JavaScript. Allow it, and open the link again.</p></noscript>
<form action="../api/v1/{path}" method="post"{token}>
{content}
<p class="problem" id="problem" role="alert"></p>
<button>{button}</button>{below}
</form>
<p id="done" role="status" tabindex="-1" data-words="{done}"></p>
</main>
</body>
</html>
"""
CHOOSE = """<label for="new_password">New password</label>
<input id="new_password" name="new_password" type="password" autocomplete="new-password" required
 minlength="8" maxlength="128" aria-describedby="hint problem">
<p class="hint" id="hint">At least 8 characters. Four words are easy to remember and hard to guess.</p>
<label class="choice"><input type="checkbox" id="shown"> Show the password</label>"""
ADDRESS = """<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="email" required maxlength="254"
 aria-describedby="problem">"""
JOIN = f"""{ADDRESS}
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="128"
 aria-describedby="hint problem">
<label class="choice"><input type="checkbox" id="is_new"> I have no account yet</label>
<p class="hint" id="hint">Use the address to which the mail came. For a new account, choose a password of at
 least 8 characters: four words are easy to remember and hard to guess.</p>"""
AGAIN = '\n<p class="hint"><a href="forgot-password">Get a new link</a></p>'


@dataclass(frozen=True)
class Page:
    """A page with one form, which is sent to one route of the API."""

    title: str
    content: str
    button: str
    path: str
    done: str
    needs_token: bool = True
    below: str = ""


PAGES = {
    "reset-password": Page(
        "Choose a new password",
        CHOOSE,
        "Save the password",
        "auth/password/reset",
        "Your password is changed. You can sign in with it now.",
        below=AGAIN,
    ),
    "verify-email": Page(
        "Confirm your address",
        "<p>Confirm that the address to which the mail came is yours.</p>",
        "Confirm",
        "auth/email/verify",
        "Your address is confirmed. You can close this page.",
    ),
    "accept-invitation": Page(
        "Join a team",
        JOIN,
        "Join",
        "teams/invitations/accept",
        "You are a member of the team now. You can close this page, and sign in to the app.",
    ),
    "forgot-password": Page(
        "Reset your password",
        ADDRESS,
        "Send me a link",
        "auth/password/forgot",
        "If an account has this address, a mail with a link is on its way.",
        needs_token=False,
    ),
}


def link(settings: Settings, name: str, token: str) -> str:
    """The address of a page, for a mail. It never depends on a request, whose Host may be forged."""
    if settings.frontend_url is not None:
        return f"{str(settings.frontend_url).rstrip('/')}/{name}?token={token}"
    return f"{address_here(settings)}/account/{name}#token={token}"


def warn(settings: Settings) -> None:
    """Warn at the start if links in mails would lead to this machine only."""
    if settings.smtp_host and not (settings.development or settings.public_url or settings.frontend_url):
        log.warning("Links in mails lead to %s. Set PUBLIC_URL, or FRONTEND_URL.", address_here(settings))


def address_here(settings: Settings) -> str:
    """The address at which clients reach the API."""
    return str(settings.public_url or f"http://localhost:{os.environ.get('PORT') or 8000}").rstrip("/")


def install(app: FastAPI, settings: Settings) -> None:
    for name, page in PAGES.items():
        html = PAGE.format(
            title=page.title,
            project=escape(settings.project_name),
            path=page.path,
            token=" data-token" * page.needs_token,
            content=page.content,
            button=page.button,
            done=escape(page.done),
            below=page.below,
        )
        app.add_route(f"/account/{name}", partial(_show, html), include_in_schema=False)
    app.mount("/account/assets", StaticFiles(directory=Path(__file__).parent / "assets"))


async def _show(html: str, _: Request) -> Response:
    return HTMLResponse(html, headers={"Content-Security-Policy": CSP})
