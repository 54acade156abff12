"""All that this suite takes from the application, and how an app is made for it."""

import sys
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query

from api.app import create_app
from api.db import SessionDep
from api.deps import CallerId, found, mine, owned, visible
from api.deps.rows import scope_values as asking
from api.lists import Page, PageQuery, paginate
from api.models.base import CALLER, TO_ONE_OR_NONE, Create, Entity, Owned, Update, listed, uuid7
from api.settings import Settings
from api.web import Router, repeatable

__all__ = [
    "CALLER",
    "TO_ONE_OR_NONE",
    "Annotated",
    "CallerId",
    "Create",
    "Depends",
    "Entity",
    "FastAPI",
    "Owned",
    "Page",
    "PageQuery",
    "Query",
    "Router",
    "SessionDep",
    "Settings",
    "Update",
    "asking",
    "cached",
    "create_app",
    "found",
    "listed",
    "mine",
    "owned",
    "paginate",
    "repeatable",
    "settings_for",
    "uuid7",
    "visible",
]


def settings_for(url: str, *, fast_path: bool) -> Settings:
    """Settings of an app on this database, whose fast path is on or off if it can be told so."""
    fast: dict[str, Any] = {"fast_path": fast_path} if "fast_path" in Settings.model_fields else {}
    return Settings(
        _env_file=None,
        database_url=url,
        environment="production",
        docs=True,
        secret_key="a secret for tests, which is long enough",
        password_hash_rounds=4,
        access_token_expire_minutes=600,
        **fast,
    )


def cached() -> dict[str, int]:
    """How much each cache of a function of the application holds."""
    sizes: dict[str, int] = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("api."):
            for owner in [module, *(one for one in vars(module).values() if isinstance(one, type))]:
                for value in vars(owner).values():
                    value = getattr(value, "__func__", value)
                    if hasattr(value, "cache_info") and getattr(value, "__module__", "").startswith("api."):
                        sizes[f"{value.__module__}.{value.__qualname__}"] = value.cache_info().currsize
    return sizes
