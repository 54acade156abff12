"""The OpenAPI document: FastAPI's document, plus the policy and the problems of each route.

Its schemas are simplified for generated clients. What the author of a route or of the app declares stays.
"""

import inspect
import warnings
from threading import Lock
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from api.openapi.examples import illustrate
from api.openapi.failures import with_problems
from api.openapi.operation_ids import make_unique
from api.openapi.operations import codes, complete, policies, who
from api.openapi.schemas import named, tidy
from api.routers import resources

__all__ = ["codes", "install", "policies", "who"]

LICENSE = {"name": "MIT", "identifier": "MIT"}
SERVER = {"url": "/", "description": "The server of this document."}


def install(app: FastAPI) -> None:
    app.servers = app.servers or [SERVER]
    app.contact = app.contact or {"name": f"The {app.title} team"}
    app.license_info = app.license_info or LICENSE
    by_fastapi, ours, one_at_a_time = app.openapi, dict[str, Any](), Lock()

    def openapi() -> dict[str, Any]:
        nonlocal ours
        with one_at_a_time:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Duplicate Operation ID")  # they become unique
                document = by_fastapi()  # the same, until a route is added
            if document is not ours:
                app.openapi_schema = None  # until it is complete
                ours = app.openapi_schema = _completed(app, document)
            return ours

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _completed(app: FastAPI, document: dict[str, Any]) -> dict[str, Any]:
    document["tags"] = _tags(document.get("tags", []))
    tidy(document.setdefault("components", {}).setdefault("schemas", {}))
    routes = _described(app)
    make_unique(document, routes)
    for (path, method), route in routes.items():
        if operation := document["paths"].get(path, {}).get(method.lower()):
            complete(operation, method, route)
    document = with_problems(document)
    illustrate(document)
    return named(document)


def _tags(declared: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tags of the resources, described by their docstrings, and those that the app declares."""
    tags = {
        str(getattr(tag, "value", tag)): inspect.getdoc(one) for one in resources() for tag in one.router.tags
    }
    described = {name: {"name": name, "description": text} for name, text in tags.items()}
    return list((described | {tag["name"]: tag for tag in declared}).values())


def _described(app: FastAPI) -> dict[tuple[str, str], RouteContext]:
    """The route of each operation: of several at one path, the last, as FastAPI describes it."""
    return {
        (str(route.path_format), method): route
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and route.include_in_schema
        for method in route.methods or ()
    }
