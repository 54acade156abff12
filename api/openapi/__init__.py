"""The OpenAPI document: FastAPI's document, plus the policy and the problems of each route.

Its schemas are simplified for generated clients.
"""

import inspect
import warnings
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from api.openapi.examples import illustrate
from api.openapi.failures import failures
from api.openapi.operation_ids import make_unique
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
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Duplicate Operation ID")  # they become unique
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
    routes = _described(app)
    make_unique(document, routes)
    schemas: dict[str, Any] = document["components"]["schemas"]
    tidy(schemas)
    for (path, method), route in routes.items():
        if operation := document["paths"].get(path, {}).get(method.lower()):
            complete(operation, method, route)
    schemas |= failures(document["paths"])
    illustrate(document)
    return named(document)


def _described(app: FastAPI) -> dict[tuple[str, str], RouteContext]:
    """The route of each operation: of several at one path, the last, as FastAPI describes it."""
    return {
        (str(route.path_format), method): route
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and route.include_in_schema
        for method in route.methods or ()
    }
