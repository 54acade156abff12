"""Apps with entities that only tests have.

A product may have an entity of the same name. So the tables of such an entity are called `apart_…`, and its routes
take the place of the product's.
"""

from typing import Any

from fastapi import APIRouter, FastAPI

from api.app import create_app
from api.settings import Settings

PREFIX = "/api/v1"


def include(app: FastAPI, *routers: APIRouter) -> None:
    for router in routers:
        ours = {_entity(PREFIX + route.path) for route in router.routes if hasattr(route, "path")}
        app.router.routes[:] = [
            route for route in app.router.routes if _entity(getattr(route, "path", "")) not in ours
        ]
        app.include_router(router, prefix=PREFIX)


def with_routes(settings: Settings, *routers: APIRouter, **changes: Any) -> FastAPI:
    """An app that has these routes, with changed settings."""
    app = create_app(Settings(_env_file=None, **settings.model_dump() | changes))
    include(app, *routers)
    return app


def _entity(path: str) -> str:
    """The part of a path that all routes of an entity begin with."""
    return "/".join(path.split("/")[:4])
