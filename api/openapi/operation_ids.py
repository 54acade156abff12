"""Operation ids, each once in the document, because generators name their functions by them."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain, count
from typing import Any

from fastapi.routing import RouteContext

Operation = tuple[str, str, dict[str, Any]]  # its path, its method and what it says


def make_unique(document: dict[str, Any], routes: Mapping[tuple[str, str], RouteContext]) -> None:
    """Qualify an id that is taken by the path and the method. An id that a route declares comes first."""

    def is_generated(operation: Operation) -> bool:
        path, method, said = operation
        route = routes.get((path, method.upper()))
        return route is None or (not route.operation_id and said["operationId"] == route.unique_id)

    taken = set[str]()
    for path, method, operation in sorted(_operations(document), key=is_generated):
        operation["operationId"] = _free(operation["operationId"], f"{path} {method}", taken)
        taken.add(operation["operationId"])


def _free(id: str, place: str, taken: set[str]) -> str:
    if id not in taken:
        return id
    qualified = "_".join(re.findall(r"\w+", f"{id} {place}"))
    names = chain([qualified], (f"{qualified}_{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    yield from _at(document["paths"])
    yield from _at(document.get("webhooks", {}))


def _at(paths: dict[str, Any]) -> Iterator[Operation]:
    """The operations at these paths, each followed by its callbacks."""
    for path, methods in paths.items():
        for method, operation in methods.items() if isinstance(methods, dict) else ():
            if isinstance(operation, dict) and "operationId" in operation:
                yield path, method, operation
                for callback in operation.get("callbacks", {}).values():
                    yield from _at(callback)
