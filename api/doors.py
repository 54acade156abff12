"""Loads the modules that use private or undocumented names of other packages.

Such a module lists these names in `LEANS_ON`, each as `package.module:name.name`. Code outside the fast path
imports the module only with `open_door`. If an installed release lacks one of the names, `open_door` logs one
warning and returns None. The application then runs without the module: slower, but with the same results.
"""

import logging
from functools import cache
from importlib import import_module
from operator import attrgetter
from types import ModuleType

log = logging.getLogger(__name__)


@cache
def open_door(module: str) -> ModuleType | None:
    """The module, or None if one of the names that it uses is missing."""
    try:
        opened = import_module(module)
        for name in opened.LEANS_ON:
            _look_up(name)
    except (ImportError, AttributeError) as gone:
        log.warning("The fast path does without %s: %s", module, gone)
        return None
    return opened


def _look_up(name: str) -> None:
    package, _, attribute = name.partition(":")
    *owners, last = attribute.split(".")
    owner = attrgetter(".".join(owners))(import_module(package)) if owners else import_module(package)
    if last not in getattr(owner, "__annotations__", ()):  # an instance attribute is only annotated
        getattr(owner, last)
