"""The Location of a new row: the path of the route that reads it."""

import json
from collections import defaultdict
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from fastapi import FastAPI, Request, Response
from fastapi.routing import RouteContext, iter_route_contexts

UNQUOTED = "/:@!$&'()*+,;="  # the characters of a path besides letters, digits and -._~
Routes = dict[Any, list[RouteContext]]
_known: "WeakKeyDictionary[FastAPI, tuple[int, Routes]]" = WeakKeyDictionary()


def locate(request: Request, response: Response, model: Any) -> None:
    """Set the Location of the row in this response, unless the handler has set it."""
    if "location" in response.headers or request.method != "POST":
        return
    root = request.scope.get("root_path", "").rstrip("/")
    below = request.scope["path"].removeprefix(f"{root}/")  # a server may leave out the root
    id = _id(bytes(response.body))
    path = None if id is None else _path(request, f"/{below.lstrip('/')}/{id}", model, id)
    if path is not None:
        response.headers["Location"] = quote(root + path, safe=UNQUOTED)


def _id(body: bytes) -> str | None:
    """The `id` of the row in this body, if it has one."""
    if body[:7] == b'{"id":"' and body[43:44] == b'"':
        return body[7:43].decode()
    try:
        row = json.loads(body)
    except ValueError:  # the handler has written a response of its own
        return None
    return str(row["id"]) if isinstance(row, dict) and row.get("id") is not None else None


def _path(request: Request, item: str, model: Any, id: str) -> str | None:
    """The path of the route that reads such a row: if possible, an item of the path of this request."""
    routes = _reading(request.app).get(model, ())
    if any(route.path_regex.match(item) for route in routes):
        return item
    for route in routes:
        if str(route.path_format).count("{") == 1:
            return str(route.path_format).replace("{id}", id)
    return None if request.path_params else item


def _reading(app: FastAPI) -> Routes:
    """For each schema, the routes that answer GET with it and whose path ends with an `id`."""
    count, routes = _known.get(app, (-1, {}))
    if count != len(app.routes):
        routes = defaultdict(list)
        for route in iter_route_contexts(app.routes):
            model = getattr(route, "response_model", None)
            is_row = isinstance(model, type) and str(route.path_format).endswith("/{id}")
            if is_row and "GET" in (route.methods or ()):
                routes[model].append(route)
        _known[app] = len(app.routes), routes
    return routes
