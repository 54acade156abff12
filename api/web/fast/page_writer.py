"""Answers: a row is written as its Public schema says, field by field and in its order, once, by Pydantic.

It is not validated again: what the table holds came in through the same closed types. Nothing but the declared fields
can get out, and a field that was never loaded is an error instead of silently absent.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

from api.models.base import Entity, bare

Write = Callable[[Any], bytes]


@lru_cache
def writer(answer: Any) -> Write | None:
    """What writes the answers of this type as JSON, if they are rows, or pages of rows."""
    if not isinstance(answer, type) or not issubclass(answer, BaseModel):
        return None
    if issubclass(answer, Entity):
        return lambda row: written(row, answer)
    arguments, dump = answer.__pydantic_generic_metadata__["args"], answer.__pydantic_serializer__.to_json
    if not arguments or not issubclass(arguments[0], Entity):
        return None
    [public] = arguments

    def write(page: Any) -> bytes:
        return dump(bare(answer, vars(page) | {"items": shown(page.items, public)}))

    return write


def written(row: Any, public: type[BaseModel]) -> bytes:
    """The row as a route answers with it."""
    return public.__pydantic_serializer__.to_json(*shown([row], public))


def shown(rows: Sequence[Any], public: type[BaseModel]) -> list[Any]:
    """The rows as their Public schema: most are that already, with nothing else and in the same order."""
    as_is = _fields(public).as_is
    return [row if tuple(vars(row)) in as_is and isinstance(row, public) else _made(row, public) for row in rows]


def _made(row: Any, public: type[BaseModel]) -> Any:
    names, nested, _ = _fields(public)
    has = vars(row)
    # What it has not, it computes, or has the ORM load.
    fields = {name: has[name] if name in has else getattr(row, name) for name in names}
    for name, inner in nested:
        if fields[name] is not None:
            [fields[name]] = shown([fields[name]], inner)
    return bare(public, fields)


class Fields(NamedTuple):
    names: tuple[str, ...]
    nested: list[tuple[str, type[BaseModel]]]  # those that are another schema
    as_is: set[tuple[str, ...]]  # what a row has that can be written as it is: a bare row, or a new one


@lru_cache
def _fields(public: type[BaseModel]) -> Fields:
    schemas = {name: get_args(field.annotation) or (field.annotation,) for name, field in public.model_fields.items()}
    names = tuple(schemas)
    nested = [
        (name, inner)
        for name, types in schemas.items()
        for inner in types
        if isinstance(inner, type) and issubclass(inner, BaseModel)
    ]
    return Fields(names, nested, set() if nested else {names, (*names, "_sa_instance_state")})
