"""Caches the values of query strings, because clients send the same queries again and again.

It caches only models that are frozen and have immutable values, and whose validators depend only on the value
(see `pure` in models/types.py). It does not cache errors and long query strings.
"""

from functools import lru_cache
from typing import Any

from fastapi.dependencies.utils import request_params_to_args
from pydantic import BaseModel
from starlette.datastructures import QueryParams

from api.db.fast.schemas import Unfit, check_functions, parts

LEANS_ON = (
    "fastapi.dependencies.utils:request_params_to_args",
    "pydantic:BaseModel.__pydantic_core_schema__",
)

LONGEST = 512  # bytes
FIXED = {  # kinds of schemas with immutable values
    "model", "model-fields", "model-field", "nullable", "default", "str", "int", "float", "bool",
    "decimal", "datetime",
    "date", "uuid", "enum", "literal", "function-before", "function-after", "definitions", "definition-ref",
}  # fmt: skip


def is_fixed(fields: list[Any]) -> bool:
    """Whether these parameters are one model whose values can be cached."""
    model = fields[0].field_info.annotation
    if len(fields) > 1 or not isinstance(model, type) or not issubclass(model, BaseModel):
        return False
    try:
        check_functions(model, "pure")
    except Unfit:
        return False
    kinds = [part for part in parts(model.__pydantic_core_schema__) if isinstance(part.get("type"), str)]
    made = any("default_factory" in part for part in kinds)
    return (
        bool(model.model_config.get("frozen")) and not made and {str(part["type"]) for part in kinds} <= FIXED
    )


def read(field: Any, query: bytes) -> tuple[dict[str, Any], list[Any]]:
    if len(query) <= LONGEST:
        try:
            return _remembered(field, query), []
        except _WrongError as wrong:
            return wrong.values, wrong.errors
    return request_params_to_args([field], QueryParams(query))


class _WrongError(Exception):
    """The errors of a query. They are raised, so that `lru_cache` does not cache them."""

    def __init__(self, values: dict[str, Any], errors: list[Any]) -> None:
        self.values, self.errors = values, errors


@lru_cache(maxsize=2048)
def _remembered(field: Any, query: bytes) -> dict[str, Any]:
    values, errors = request_params_to_args([field], QueryParams(query))
    if errors:
        raise _WrongError(values, errors)
    return values
