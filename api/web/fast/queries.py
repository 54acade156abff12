"""Caches the values of query strings, because clients send the same queries again and again.

It caches only models that are frozen and have nothing of their own that runs when they are made, and whose
validators depend only on the value (see `pure` in models/types.py). Each request gets a copy, so it may keep
something in it. Errors, long query strings, and values that can change are not cached.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from fastapi.dependencies.utils import request_params_to_args
from pydantic import BaseModel
from starlette.datastructures import QueryParams

from api.db.fast.schemas import Unfit, check_functions, parts

LEANS_ON = (
    "fastapi.dependencies.utils:request_params_to_args",
    "pydantic:BaseModel.__pydantic_core_schema__",
)

LONGEST = 512  # bytes
KINDS = {  # kinds of schemas with immutable values, and "list": only queries without one are cached
    "model-fields", "model-field", "nullable", "default", "str", "int", "float", "bool", "list",
    "decimal", "datetime",
    "date", "uuid", "enum", "literal", "function-before", "function-after", "definitions", "definition-ref",
}  # fmt: skip
RUN = {"default_factory", "post_init"}  # keys of schemas for functions that run for each value
VALUES = {type(None), str, int, float, bool, Decimal, date, datetime, UUID}
T = TypeVar("T")


class _Plain(BaseModel, Generic[T], frozen=True):
    """Its class has the names that Pydantic itself defines."""

    field: int


KNOWN = {name for name in vars(_Plain) if name.startswith("__")} | {
    "__class_getitem__", "__init_subclass__", "__pydantic_init_subclass__",  # run when a class is made
    "__eq__", "__hash__", "__repr__", "__str__",
}  # fmt: skip


def is_fixed(fields: list[Any]) -> bool:
    """Whether these parameters are one model whose values can be cached."""
    model, metadata = fields[0].field_info.annotation, fields[0].field_info.metadata
    if len(fields) > 1 or metadata or not isinstance(model, type) or not issubclass(model, BaseModel):
        return False
    return bool(model.model_config.get("frozen")) and _has_fixed_schema(model) and _is_made_by_pydantic(model)


def _has_fixed_schema(model: type[BaseModel]) -> bool:
    try:
        check_functions(model, "pure")
    except Unfit:
        return False
    schemas = [part for part in parts(model.__pydantic_core_schema__) if isinstance(part.get("type"), str)]
    kinds = sorted(str(part["type"]) for part in schemas if part["type"] not in KINDS)
    return kinds == ["model"] and not any(part.keys() & RUN for part in schemas)


def _is_made_by_pydantic(model: type[BaseModel]) -> bool:
    """Whether nothing of its own, like an `__init__`, runs when it is made or copied."""
    classes = [each for each in model.__mro__ if each not in {BaseModel, Generic, object}]
    names = {name for each in classes for name in vars(each) if name.startswith("__")}
    is_extended = model.model_config.get("extra") == "allow"
    return type(model) is type(BaseModel) and not is_extended and names <= KNOWN


def read(field: Any, query: bytes) -> tuple[dict[str, Any], list[Any]]:
    if len(query) > LONGEST:
        return request_params_to_args([field], QueryParams(query))
    try:
        return {field.name: _remembered(field, query).__copy__()}, []
    except _NotCachedError as found:
        return found.values, found.errors


class _NotCachedError(Exception):
    """The result of a query that is not cached. It is raised, because `lru_cache` caches what is returned."""

    def __init__(self, values: dict[str, Any], errors: list[Any]) -> None:
        self.values, self.errors = values, errors


@lru_cache(maxsize=2048)
def _remembered(field: Any, query: bytes) -> BaseModel:
    values, errors = request_params_to_args([field], QueryParams(query))
    model: Any = values.get(field.name)
    if (
        errors
        or type(model) is not field.field_info.annotation
        or not all(map(_is_value, vars(model).values()))
    ):
        raise _NotCachedError(values, errors)
    return model  # type: ignore[no-any-return]


def _is_value(found: Any) -> bool:
    return type(found) in VALUES or isinstance(found, Enum)
