"""Finds the route of a request by the resource that its path names. FastAPI would try a hundred, one after the other."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import Overtaken

DEPTH = 4  # "/api/v1/notes/…".split("/"): up to the name of the resource


class Way(NamedTuple):
    """What there is to know of a route to get there."""

    methods: set[str]
    path: re.Pattern[str]
    app: ASGIApp
    found: dict[str, Any]  # what the route is told about itself


class Switchboard:
    """Stands before the app's router, which gets what is not found here: other kinds of routes, wrong methods and paths."""

    def __init__(self, router: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.router = router
        self.resources: defaultdict[str, list[Way]] = defaultdict(list)
        for route in iter_route_contexts(routes):
            if route.methods:
                found = {"endpoint": route.endpoint, "route": route.original_route}
                way = Way(route.methods, route.path_regex, route.app, found)
                self.resources[_resource(str(route.path))].append(way)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope.get("root_path"):
            path: str = scope["path"]
            for way in self.resources.get(_resource(path), ()):
                if scope["method"] in way.methods and (match := way.path.match(path)):
                    scope.update(way.found, path_params=match.groupdict())
                    return await self._answer(way.app, scope, receive, send)
        await self._answer(self.router, scope, receive, send)

    @staticmethod
    async def _answer(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Overtaken:  # nothing was sent or committed
            scope["overtaken"] = True
            await app(scope, receive, send)


def _resource(path: str) -> str:
    return "/".join(path.split("/", DEPTH)[:DEPTH])
