"""Writes a page of rows as the database has them, as their Public schema says, without validating them again.

This is done only for rows that nobody has touched since the driver has read them, and for schemas whose fields are on
the short list here: what such a column holds is what the schema lets through. All other answers are FastAPI's to write.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, get_args

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy import inspect
from sqlalchemy.types import TypeDecorator

from api.db.fast.rows import bare, is_bare
from api.lists.pagination import Page

LEANS_ON = (
    "pydantic:BaseModel.__pydantic_decorators__",
    "pydantic:BaseModel.__pydantic_core_schema__",
    "pydantic:BaseModel.__pydantic_serializer__",
)

TYPES: list[tuple[type[Any], set[str]]] = [  # a column, and the schemas that let its values through as they are
    (sa.Enum, {"enum"}), (sa.String, {"str"}), (sa.Boolean, {"bool"}), (sa.Float, {"float"}), (sa.Numeric, {"decimal"}),
    (sa.Integer, {"int"}), (sa.Uuid, {"uuid"}), (sa.DateTime, {"datetime"}), (sa.Date, {"date"}), (sa.JSON, {"dict", "list"}),
]  # fmt: skip
PYTHON = {str: "str", int: "int", bool: "bool"}  # what a property may give
FUNCTIONS = {"function-before", "function-after"}
CONFIG = {  # options of a schema that make no difference to what is stored
    "table", "registry", "from_attributes", "read_from_attributes", "read_with_orm_mode", "extra", "frozen", "title",
    "json_schema_extra", "json_schema_serialization_defaults_required", "revalidate_instances", "protected_namespaces",
}  # fmt: skip
Writer = Callable[[Any], bytes | None]
Show = Callable[[Any], Any]


class Unfit(Exception):
    """Why FastAPI has to do it."""


def writer_of(answer: Any) -> Writer | None:
    """What writes answers of this type, if they are pages of rows. It gives None for a page that it does not write."""
    if not (isinstance(answer, type) and issubclass(answer, Page)) or _reason_against(_public(answer)):
        return None
    return partial(_write, answer, _public(answer), answer.__pydantic_serializer__.to_json)


def reason_against(answer: Any, model: Any) -> str | None:
    """Why FastAPI writes this answer with rows of this model; None if it is written here, or is no page of rows."""
    if not (isinstance(answer, type) and issubclass(answer, Page)):
        return None
    found = _show(model, _public(answer))
    return str(found) if isinstance(found, Unfit) else None


def _public(answer: Any) -> Any:
    [public] = answer.__pydantic_generic_metadata__["args"]
    return public


def _write(answer: Any, public: Any, dump: Any, page: Any) -> bytes | None:
    if type(page) is not Page or not page.items or not all(map(is_bare, page.items)):
        return None
    models: set[Any] = set(map(type, page.items))
    show = _show(next(iter(models)), public)
    if isinstance(show, Unfit) or len(models) > 1:
        return None
    try:
        items = page.items if show is None else [show(row) for row in page.items]
    except Unfit:
        return None
    return bytes(dump(bare(answer, vars(page) | {"items": items}, set())))


def _reason_against(public: Any) -> str | None:
    try:
        _check(public)
    except Unfit as reason:
        return str(reason)
    return None


def _check(public: Any) -> None:
    """Raise if the schema does more than to say which fields there are, and of which type."""
    name, said = public.__name__, public.__pydantic_decorators__
    if any((said.field_serializers, said.model_serializers, said.computed_fields, said.validators, said.root_validators)):
        raise Unfit(f"{name} has serializers or computed fields")
    if not public.model_config.keys() <= CONFIG:
        raise Unfit(f"{name} has the options {sorted(public.model_config.keys() - CONFIG)}")
    for field, info in public.model_fields.items():
        if info.alias or info.serialization_alias or info.validation_alias or info.exclude:
            raise Unfit(f"{name}.{field} has an alias, or is left out")
    _check_functions(public.__pydantic_core_schema__, name)


def _check_functions(schema: Any, name: str) -> None:
    """Only validators that let through what they have let through before: `idempotent` in models/base.py marks them."""
    if isinstance(schema, list):
        for one in schema:
            _check_functions(one, name)
    if not isinstance(schema, dict):
        return
    kind = schema.get("type")
    if "serialization" in schema or (isinstance(kind, str) and kind.startswith("function-") and kind not in FUNCTIONS):
        raise Unfit(f"{name} has a serializer or validator of its own")
    function = schema["function"]["function"] if kind in FUNCTIONS else None
    if function is not None and not getattr(function, "idempotent", False):
        raise Unfit(f"{name} has the validator {getattr(function, '__name__', function)}, which is not marked idempotent")
    for key, part in schema.items():
        if key in {"schema", "fields", "choices", "definitions", "items_schema", "values_schema", "keys_schema"}:
            _check_functions(part, name)
            for one in part.values() if key == "fields" and isinstance(part, dict) else ():
                _check_functions(one, name)


@lru_cache(maxsize=256)
def _show(model: Any, public: Any) -> "Show | Unfit | None":
    """What makes a Public of a row; None if rows are that already."""
    try:
        _check(public)
        return _shower(model, public)
    except Unfit as reason:
        return reason


def _shower(model: Any, public: Any) -> Show | None:
    mapper = inspect(model)
    columns = mapper.column_attrs
    kinds = {name: _kind(field) for name, field in _fields(public).items()}
    nested: list[tuple[str, Show | None, Any]] = []
    given: list[tuple[str, str]] = []
    for name, field in public.model_fields.items():
        where = f"{model.__name__}.{name}"
        inner = next((one for one in (field.annotation, *get_args(field.annotation)) if _is_schema(one)), None)
        if name in mapper.relationships and inner is not None:
            _check(inner)
            nested.append((name, _shower(mapper.relationships[name].mapper.class_, inner), inner))
        elif name in columns:
            _check_column(columns[name].columns[0].type, kinds[name], where)
        elif isinstance(getattr(model, name, None), property) and kinds[name] in PYTHON.values():
            given.append((name, kinds[name]))
        else:
            raise Unfit(f"{where} is neither a column, nor loaded with the row, nor a simple property")
    names = tuple(public.model_fields)
    if not nested and not given and names == tuple(columns.keys()):
        return None
    return partial(_made, public, names, nested, given)


def _made(public: Any, names: tuple[str, ...], nested: Any, given: Any, row: Any) -> Any:
    has = vars(row)
    fields = {name: has[name] if name in has else getattr(row, name) for name in names}
    for name, kind in given:
        if PYTHON.get(type(fields[name])) != kind:
            raise Unfit
    for name, show, inner in nested:
        if fields[name] is not None:
            fields[name] = show(fields[name]) if show else bare(inner, vars(fields[name]), set())
    return bare(public, fields, set())


def _is_schema(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _fields(public: Any) -> dict[str, Any]:
    schema = public.__pydantic_core_schema__
    while schema["type"] != "model-fields":
        schema = schema["schema"]
    fields: dict[str, Any] = schema["fields"]
    return fields


def _kind(field: Any) -> str:
    """The type at the bottom of a field's schema."""
    schema = field["schema"]
    while "schema" in schema:
        schema = schema["schema"]
    return str(schema["type"])


def _check_column(type: Any, kind: str, where: str) -> None:
    while isinstance(type, TypeDecorator):
        type = type.impl_instance
    kinds = next((kinds for column, kinds in TYPES if isinstance(type, column)), set())
    if kind not in kinds:
        raise Unfit(f"{where} is stored as {type!r}, and shown as {kind}")
