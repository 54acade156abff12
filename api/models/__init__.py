"""One file per entity. Importing this package imports all of them, so that every table is known."""

from importlib import import_module
from pkgutil import iter_modules

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
