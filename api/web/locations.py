"""The Location of a new row: the path of the route that reads it."""

import json
from collections.abc import Container
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.routing import RouteContext, iter_route_contexts

UNQUOTED = "/:@!$&'()*+,;="  # the characters of a path besides letters, digits and -._~


class Locator:
    """Finds the rows that a route makes."""

    app: FastAPI | None = None
    known = -1  # the number of the application's routes at the last `_learn`

    def __init__(self, public: Any, methods: Container[str] = ("POST",)) -> None:
        self.public, self.methods = public, methods
        self.reading: list[RouteContext] = []  # the routes that read a row of this schema by its id

    def locate(self, request: Request, response: Response) -> None:
        """Set the Location of the row in this response, unless the handler has set it."""
        is_set = any(name == b"location" for name, _ in response.raw_headers)
        if is_set or request.method not in self.methods:
            return
        root = request.scope.get("root_path", "").rstrip("/")
        below = request.scope["path"].removeprefix(f"{root}/")  # a server may leave out the root
        id = _id(bytes(response.body))
        path = None if id is None else self._path(request, f"/{below.lstrip('/')}/{id}", id)
        if path is not None:
            response.raw_headers.append((b"location", quote(root + path, safe=UNQUOTED).encode()))

    def _path(self, request: Request, item: str, id: str) -> str | None:
        """The path of the route that reads such a row: if possible, an item of the path of this request."""
        app: FastAPI = request.app
        if self.app is not app or self.known != len(app.routes):
            self._learn(app)
        for route in self.reading:
            if route.path_regex.match(item):
                return item
        for route in self.reading:
            if str(route.path_format).count("{") == 1:
                return str(route.path_format).replace("{id}", id)
        return None if request.path_params else item

    def _learn(self, app: FastAPI) -> None:
        self.app, self.known = app, len(app.routes)
        self.reading = [
            route
            for route in iter_route_contexts(app.routes)
            if getattr(route, "response_model", None) is self.public
            and str(route.path_format).endswith("/{id}")
            and "GET" in (route.methods or ())
        ]


def _id(body: bytes) -> str | None:
    """The `id` of the row in this body, if it has one."""
    if body[:7] == b'{"id":"' and body[43:44] == b'"':
        return body[7:43].decode()
    try:
        row = json.loads(body)
    except ValueError:  # the handler has written a response of its own
        return None
    return str(row["id"]) if isinstance(row, dict) and row.get("id") is not None else None
