"""Finds the route of a request by the resource that its path names. FastAPI would try a hundred, one after the other."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import Overtaken

DEPTH = 4  # "/api/v1/notes/…".split("/"): up to the name of the resource


class Switchboard:
    """Stands before the app's router, which gets what is not found here: other kinds of routes, wrong methods and paths."""

    def __init__(self, router: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.router = router
        self.resources: defaultdict[str, list[Any]] = defaultdict(list)
        for route in iter_route_contexts(routes):
            if route.methods:
                self.resources[_resource(str(route.path))].append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope.get("root_path"):
            path: str = scope["path"]
            for route in self.resources.get(_resource(path), ()):
                if scope["method"] in route.methods and (match := route.path_regex.match(path)):
                    scope.update(path_params=match.groupdict(), endpoint=route.endpoint, route=route.original_route)
                    return await self._answer(route.app, scope, receive, send)
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
