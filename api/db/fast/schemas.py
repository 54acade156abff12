"""Checks whether a Pydantic schema has custom validators or serializers."""

from collections.abc import Iterator
from functools import partial
from typing import Any

LEANS_ON = ("pydantic:BaseModel.__pydantic_core_schema__",)

FUNCTIONS = {"function-before", "function-after"}
INNER = ("schema", "fields", "choices", "definitions", "items_schema", "values_schema", "keys_schema")


class Unfit(Exception):
    """The reason why FastAPI has to handle a schema."""


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """The schema and all schemas within it."""
    if isinstance(schema, list):
        for one in schema:
            yield from parts(one)
    elif isinstance(schema, dict):
        yield schema
        for key in INNER:
            inner = schema.get(key)
            yield from parts(list(inner.values()) if key == "fields" and isinstance(inner, dict) else inner)


def check_functions(model: Any, mark: str) -> None:
    """Raise Unfit if the model has a serializer, or a validator without this mark (see models/types.py)."""
    for part in parts(model.__pydantic_core_schema__):
        kind = str(part.get("type"))
        if "serialization" in part or (kind.startswith("function-") and kind not in FUNCTIONS):
            raise Unfit(f"{model.__name__} has a serializer or validator of its own")
        function = part["function"]["function"] if kind in FUNCTIONS else None
        if function is not None and not getattr(function, mark, False) and not _is_constraint(function):
            name = getattr(function, "__name__", function)
            raise Unfit(f"{model.__name__} has the validator {name}, which is not marked {mark}")


def _is_constraint(function: Any) -> bool:
    """Whether it is Pydantic's own check of a constraint, such as a length, which changes no value."""
    return isinstance(function, partial) and str(function.func.__module__).startswith("pydantic.")
