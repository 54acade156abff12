"""The OpenAPI document: FastAPI's document, plus the policy and the problems of each route.

Its schemas are simplified for generated clients.
"""

import inspect
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from api.openapi.examples import illustrate
from api.openapi.failures import failures
from api.openapi.operations import codes, complete, policies, who
from api.openapi.schemas import named, tidy
from api.routers import resources

__all__ = ["codes", "install", "policies", "who"]

LICENSE = {"name": "MIT", "identifier": "MIT"}


def install(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _write(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _write(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=[
            {"name": tag, "description": inspect.getdoc(one)}
            for one in resources()
            for tag in one.router.tags
        ],
        servers=[{"url": "/", "description": "The server of this document."}],
        contact={"name": f"The {app.title} team"},
        license_info=LICENSE,
    )
    schemas: dict[str, Any] = document["components"]["schemas"]
    tidy(schemas)
    for route in iter_route_contexts(app.routes):
        for method in getattr(route, "methods", None) or ():
            if operation := document["paths"].get(route.path_format, {}).get(method.lower()):
                complete(operation, method, route)
    schemas |= failures(document["paths"])
    illustrate(document)
    return named(document)
