"""One file per resource, discovered automatically. Its docstring describes its tag in the OpenAPI document.

Routes are tried in the order of file names. Their prefix is `/api/v1`, unless the file sets `PREFIX = ""`.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from fastapi import APIRouter

API_PREFIX = "/api/v1"


def resources() -> list[ModuleType]:
    """All modules of this folder, in the order in which their routes are tried."""
    found = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    for resource in found:
        if not isinstance(getattr(resource, "router", None), APIRouter):
            raise RuntimeError(
                f"{resource.__file__} declares no router: write `router = Router(...)` in it, or move it out "
                "of this folder."
            )
    return found


def prefix_of(resource: ModuleType) -> str:
    prefix: str = getattr(resource, "PREFIX", API_PREFIX)
    return prefix
