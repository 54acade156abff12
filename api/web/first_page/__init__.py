"""The page at `/`: what runs, where what is, and what to try next. Only its name outside of development.

It loads all files from this server and has no inline scripts or styles.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from api.problems import Code, ProblemError
from api.settings import Settings
from api.web.account import CSP
from api.web.first_page.content import plain, whole
from api.web.first_page.facts import facts_of


def install(app: FastAPI, settings: Settings, usernames: Callable[[], Sequence[str]]) -> None:
    """Add the page. `usernames` are those of accounts that the first start may have made."""
    app.router.default = FirstPage(app, settings, usernames)
    app.mount("/first-page", StaticFiles(directory=Path(__file__).parent / "assets"))


class FirstPage:
    """What the router calls when no route matches, so that a route for `/` takes the place of the page."""

    def __init__(self, app: FastAPI, settings: Settings, usernames: Callable[[], Sequence[str]]) -> None:
        self.app, self.settings, self.usernames = app, settings, cache(usernames)
        self.not_found = app.router.default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].removeprefix(scope.get("root_path", "")) != "/":
            return await self.not_found(scope, receive, send)
        if scope["method"] not in {"GET", "HEAD"}:
            raise ProblemError(Code.method_not_allowed, headers={"Allow": "GET, HEAD"})
        answer = _page(await self._html(Request(scope)))
        await answer(scope, receive, send)

    async def _html(self, request: Request) -> str:
        if not self.settings.development:
            return plain(self.settings)
        facts = await facts_of(request, self.settings, self.usernames())
        return whole(self.settings, facts, _tags(self.app))


def _page(html: str) -> Response:
    return HTMLResponse(html, headers={"Content-Security-Policy": CSP})


def _tags(app: FastAPI) -> set[str]:
    """The sections of the page of the API."""
    return {tag for route in iter_route_contexts(app.routes) for tag in getattr(route, "tags", None) or ()}
