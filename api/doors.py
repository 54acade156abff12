"""Doors to what other packages keep private or do not document.

A module that leans on such names lists them as `LEANS_ON`, each as `package.module:name.name`. It is only
reached through
`open_door`: when a release has taken one of the names away, the door stays closed, with one warning in the
log, and the
application runs without the module, which costs speed and nothing else.
"""

import logging
from functools import cache
from importlib import import_module
from operator import attrgetter
from types import ModuleType

log = logging.getLogger(__name__)


@cache
def open_door(module: str) -> ModuleType | None:
    """The module, if everything that it leans on is there."""
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
    if last not in getattr(owner, "__annotations__", ()):  # attributes of instances are declared there
        getattr(owner, last)
