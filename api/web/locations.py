"""The Location of a new row: the path of the route that reads it."""

import json
from typing import Any
from weakref import WeakKeyDictionary

from fastapi import FastAPI, Request, Response
from fastapi.routing import iter_route_contexts

Paths = dict[Any, str]
_known: "WeakKeyDictionary[FastAPI, tuple[int, Paths]]" = WeakKeyDictionary()


def locate(request: Request, response: Response, model: Any) -> None:
    """Set the Location of the row in this response, unless the handler has set it."""
    if "location" in response.headers or request.method != "POST":
        return
    body = bytes(response.body)
    begins_with_id = body[:7] == b'{"id":"' and body[43:44] == b'"'
    id = body[7:43].decode() if begins_with_id else json.loads(body).get("id")
    path = _path(request, model)
    if id is not None and path is not None:
        response.headers["Location"] = path.replace("{id}", str(id))


def _path(request: Request, model: Any) -> str | None:
    """The path of the route that reads such a row, else an item of the path of this request."""
    path, root = request.scope["path"], request.scope.get("root_path", "")
    if found := _paths(request.app).get(model):
        return (root if root and path.startswith(root) else "") + found
    return None if request.path_params else f"{path}/{{id}}"


def _paths(app: FastAPI) -> Paths:
    """For each schema, the path of the first route that answers GET with it and takes only an `id`."""
    count, paths = _known.get(app, (-1, {}))
    if count != len(app.routes):
        paths = {}
        for route in iter_route_contexts(app.routes):
            path, model = str(route.path_format), getattr(route, "response_model", None)
            if "GET" in (route.methods or ()) and path.endswith("/{id}") and path.count("{") == 1:
                paths.setdefault(model, path)
        _known[app] = len(app.routes), paths
    return paths
