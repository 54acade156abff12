"""One file per resource, found by itself. Its docstring is what the document says of its tag.

Routes are tried in the order of the files' names. They stand under `/api/v1`, unless the file says `PREFIX = ""`.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

API_PREFIX = "/api/v1"


def resources() -> list[ModuleType]:
    """Every file of this folder, in the order in which its routes are tried."""
    return [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]


def prefix_of(resource: ModuleType) -> str:
    prefix: str = getattr(resource, "PREFIX", API_PREFIX)
    return prefix
