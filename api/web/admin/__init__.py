"""The admin at /admin: pages to look at all rows and to change them, as the API's document describes them.

Its addresses are those of the API, so /admin/roles/1 shows /api/v1/roles/1. Every page calls the routes of
the API in this process, with the rights of the user who is signed in: it can do nothing that the API does
not allow, and every rule, event and limit holds here too.
"""

from asyncio import to_thread
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from api.settings import Settings
from api.web.admin import activity, lists, pickers, rows, sign_in
from api.web.admin.actions import act
from api.web.admin.document import Site
from api.web.admin.rendering import page
from api.web.admin.visit import NOW, SAID, SIGN_IN, Refused, SignedOut, Visit, refuse_foreign, set_cookie

NO_PERMISSION = (
    "Your account has no permission to manage anything here. An administrator can give you a role that has."
)


def install(app: FastAPI, settings: Settings) -> None:
    app.mount("/admin/assets", StaticFiles(directory=Path(__file__).parent / "assets"))
    app.mount("/admin", Admin(app, settings))
    app.add_route("/admin", _to_the_start, include_in_schema=False)


async def _to_the_start(request: Request) -> Response:
    return RedirectResponse(request.scope.get("root_path", "") + "/admin/", 303)


class Admin:
    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.site: Site | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await WebSocketClose()(scope, receive, send)
        request = Request(scope, receive)
        visit = Visit(self.app, self.settings, await self._site(), request)
        response = await self._answer(visit, request)
        if visit.was_told:
            set_cookie(response, self.settings, request, SAID, "", NOW)
        await response(scope, receive, send)

    async def _answer(self, visit: Visit, request: Request) -> Response:
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        try:
            refuse_foreign(self.settings, request)
            if request.method not in {"GET", "HEAD", "POST"}:
                raise Refused(405, "A page is only read, or sent as a form.")
            if path == "/sign-in":
                return await self._sign_in(request)
            await visit.begin()
            if request.method == "POST":
                await visit.read_form()
            if path == "/sign-out" and request.method == "POST":
                return await sign_in.sign_out(visit)
            if not visit.user["role"]["permissions"]:
                raise Refused(403, NO_PERMISSION)
            return await _page(visit, path)
        except SignedOut:
            return sign_in.to_sign_in(self.settings, request, has_ended=SIGN_IN in request.cookies)
        except Refused as refused:
            return page("refused.html", refused.status, visit=visit, title="", refused=refused)

    async def _sign_in(self, request: Request) -> Response:
        if request.method != "POST":
            return await sign_in.show(self.settings, request)
        try:
            return await sign_in.sign_in(self.app, self.settings, request)
        except Refused as refused:
            return await sign_in.show(self.settings, request, message=refused.message, status=refused.status)

    async def _site(self) -> Site:
        """What the document describes, which changes when a route is added."""
        document = await to_thread(self.app.openapi)  # the first time, it takes a second
        if self.site is None or self.site.document is not document:
            self.site = Site(document)
        return self.site


async def _page(visit: Visit, path: str) -> Response:
    if path in {"", "/"}:
        return await activity.start(visit)
    if path == "/confirm":
        return await sign_in.confirm(visit)
    if path.startswith("/pick/"):
        return await pickers.pick(visit, path.removeprefix("/pick"))
    is_new = path.endswith("/new")
    found = visit.site.match(path.removesuffix("/new") if is_new else path)
    if found is None:
        raise Refused(404, "There is no such page.")
    template, values = found
    site = visit.site
    if template in site.resources:
        is_new = is_new or (visit.request.method == "POST" and visit.pressed("delete") != "delete")
        return await (rows.new if is_new else lists.show)(visit, site.resources[template], values)
    if not is_new and (resource := site.with_rows_at(template)) is not None:
        return await rows.show(visit, resource, values)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        operation = site.operations.get((method, template))
        if not is_new and operation is not None and (resource := site.with_action(operation)) is not None:
            return await act(visit, resource, values, template)
    raise Refused(404, "There is no such page.")
