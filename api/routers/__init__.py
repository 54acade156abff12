"""One file per resource, discovered automatically. Its docstring describes its tag in the OpenAPI document.

Routes are tried in the order of file names. Their prefix is `/api/v1`, unless the file sets `PREFIX = ""`.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

API_PREFIX = "/api/v1"


def resources() -> list[ModuleType]:
    """All modules of this folder, in the order in which their routes are tried."""
    return [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]


def prefix_of(resource: ModuleType) -> str:
    prefix: str = getattr(resource, "PREFIX", API_PREFIX)
    return prefix
