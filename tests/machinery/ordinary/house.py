"""All that these tests need of the app: when a module moves, only this file follows it."""

from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from fastapi import APIRouter, FastAPI

from api.app import create_app
from api.db import Database, SessionDep
from api.deps.authentication import PUBLIC
from api.models.base import Create, Entity, Update
from api.models.types import EnumField
from api.problems import Code, Problem, problems
from api.settings import Settings
from api.web import Router

__all__ = [
    "PUBLIC",
    "Code",
    "Create",
    "Database",
    "Entity",
    "EnumField",
    "Problem",
    "Router",
    "SessionDep",
    "Settings",
    "Update",
    "create_app",
    "furnished",
    "living_in",
    "problems",
    "settings_with",
    "whole",
]


def settings_with(**options: Any) -> Settings:
    """Settings for an app that never uses its database. Those that do not exist (yet) are ignored.

    Plain FastAPI has nothing at `/`.
    """
    return Settings(_env_file=None, **{"first_page": False, **options})


def furnished(**options: Any) -> FastAPI:
    """The house with everything in it, as `create_app` makes it; its lifespan is not run."""
    return create_app(settings_with(**options))


def living_in(router: APIRouter) -> AbstractContextManager[Any]:
    """Apps that are made meanwhile have these routes for their own, in place of all others."""
    return patch("api.app.resources", lambda: [SimpleNamespace(router=router, PREFIX="")])


def whole(**options: Any) -> FastAPI:
    """The house with all that surrounds routes, and without those of its own, which take long to make."""
    with living_in(APIRouter()):
        return furnished(**options)
