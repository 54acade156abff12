"""Finds the route of a request by the resource in its path. FastAPI tries all routes in turn."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import APIRouter, params
from fastapi.routing import APIRoute, RouteContext, _IncludedRouter, iter_route_contexts
from starlette.convertors import StringConvertor
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

LEANS_ON = (
    "fastapi.routing:RouteContext.original_route",
    "fastapi.routing:iter_route_contexts",
    "fastapi.routing:_IncludedRouter.original_router",
    "fastapi:APIRouter._mark_routes_changed",
)

DEPTH = 4  # "/api/v1/users/…".split("/"): up to the name of the resource
FOREIGN = {"router", "path_params", "fastapi.telemetry"}  # from routers around this one, and from telemetry


class RouteEntry(NamedTuple):
    """A route, and how to call it."""

    methods: set[str] | None  # None for any
    path: re.Pattern[str]
    app: ASGIApp
    found: dict[str, Any]  # the scope's entries about the route


class RouteFinder:
    """Runs before the application's router, and passes on the requests whose route it does not find.

    Routes are tried in the order of their declaration, as in the router. A path that begins with a parameter,
    a mount, or a class with its own `matches` has no resource. So the finder ignores the first such route and
    all routes after it.
    """

    def __init__(self, router: APIRouter) -> None:
        self.router = router
        self.by_router: ASGIApp = router.middleware_stack
        self.known = -1  # the number of routes at the last `_learn`; -1 after a change
        self.resources: defaultdict[str, list[RouteEntry]] = defaultdict(list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.keys().isdisjoint(FOREIGN) and not scope.get("root_path"):
            if len(self.router.routes) != self.known:
                self._learn()
            path: str = scope["path"]
            for entry in self.resources.get(_resource(path), ()):
                is_method = entry.methods is None or scope["method"] in entry.methods
                if is_method and (match := entry.path.match(path)):
                    if entry.app is not self.by_router:
                        scope.update(entry.found, path_params=match.groupdict())
                    return await entry.app(scope, receive, send)
        await self.by_router(scope, receive, send)

    def _learn(self) -> None:
        routers = [self.router, *_included(self.router)]
        for router in routers:
            self._watch(router)
        self.known = len(self.router.routes)
        self.resources.clear()
        if not all(map(_is_plain, routers)):
            return
        for route in iter_route_contexts(self.router.routes):
            path, original = str(route.path or ""), route.original_route
            if isinstance(original, WebSocketRoute):
                continue
            resource = _resource(path)
            if type(original).matches not in {Route.matches, APIRoute.matches} or "{" in resource:
                return
            app: ASGIApp = self.by_router if _needs_router(route) else route.app
            found = {"endpoint": route.endpoint, "route": original, "router": self.router}
            self.resources[resource].append(RouteEntry(route.methods or None, route.path_regex, app, found))

    def _watch(self, router: Any) -> None:
        """Learn the routes again when routes are added to a router, or to one that it includes."""
        mark = type(router)._mark_routes_changed

        def mark_and_forget() -> None:
            mark(router)
            self.known = -1

        router._mark_routes_changed = mark_and_forget


def _included(router: APIRouter) -> Iterator[APIRouter]:
    for route in router.routes:
        if isinstance(route, _IncludedRouter):
            yield route.original_router
            yield from _included(route.original_router)


def _is_plain(router: APIRouter) -> bool:
    """Whether it finds its routes as FastAPI does."""
    kind = type(router)
    return all(getattr(kind, name) is getattr(APIRouter, name) for name in ("app", "handle", "matches"))


def _needs_router(route: RouteContext) -> bool:
    """Whether only the router can call it: it converts parameters, or a form has limits."""
    kind = type(route.original_route)
    is_plain = kind.matches is APIRoute.matches and kind.handle is APIRoute.handle
    return (
        not is_plain
        or any(type(one) is not StringConvertor for one in route.param_convertors.values())
        or (route.body_field is not None and isinstance(route.body_field.field_info, params.Form))
    )


def _resource(path: str) -> str:
    return "/".join(path.split("/", DEPTH)[:DEPTH])
