"""Converts rows to their Public schema, without validating them again.

It converts only schemas whose fields are in the list below: every value in such a column is valid for its
field. Pydantic converts all others, as in FastAPI.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, get_args

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy import inspect
from sqlalchemy.types import TypeDecorator

from api.db.fast.rows import bare, is_bare
from api.db.fast.schemas import Unfit, check_functions
from api.models.expanding import ASKED, expandables

LEANS_ON = (
    "pydantic:BaseModel.__pydantic_decorators__",
    "pydantic:BaseModel.__pydantic_core_schema__",
    "pydantic:BaseModel.__pydantic_serializer__",
)

# A column type, and the schema types that accept its values unchanged
TYPES: list[tuple[type[Any], set[str]]] = [
    (sa.Enum, {"enum"}), (sa.String, {"str"}), (sa.Boolean, {"bool"}), (sa.Float, {"float"}),
    (sa.Numeric, {"decimal"}),
    (sa.Integer, {"int"}), (sa.Uuid, {"uuid"}), (sa.DateTime, {"datetime"}), (sa.Date, {"date"}),
    (sa.JSON, {"dict", "list"}),
]  # fmt: skip
ANY = {"type": "any"}
ITEMS = {"keys_schema", "values_schema", "items_schema"}
PLAIN = {"type", "metadata", "ref", "cls", "members", "sub_type", "missing"}  # parts that constrain nothing
CHANGING = {"to_upper", "to_lower", "strip_whitespace", "coerce_numbers_to_str"}
PYTHON = {str: "str", int: "int", bool: "bool"}  # the types that a property may return
CONFIG = {  # options of a schema that do not change stored values
    "table", "registry", "from_attributes", "read_from_attributes", "read_with_orm_mode", "extra",
    "frozen", "title",
    "json_schema_extra", "json_schema_serialization_defaults_required", "revalidate_instances",
    "protected_namespaces", "ignored_types",
}  # fmt: skip
Show = Callable[[Any], Any]


def written(row: Any, public: Any) -> bytes | None:
    """The row as JSON, or None if Pydantic has to convert it."""
    model: Any = type(row)
    show = show_of(model, public)
    try:
        shown = row if show is None else _called(show, row)
    except Unfit:
        return None
    return bytes(public.__pydantic_serializer__.to_json(shown))


def _called(show: Any, row: Any) -> Any:
    if isinstance(show, Unfit):
        raise show
    return show(row)


def reason_against(public: Any) -> str | None:
    """Why Pydantic has to convert rows to this schema, or None."""
    try:
        _check(public)
    except Unfit as reason:
        return str(reason)
    return None


def _check(public: Any) -> None:
    """Raise Unfit if the schema does more than declare fields and their types."""
    name, said = public.__name__, public.__pydantic_decorators__
    if any(
        (
            said.field_serializers,
            said.model_serializers,
            said.computed_fields,
            said.validators,
            said.root_validators,
        )
    ):
        raise Unfit(f"{name} has serializers or computed fields")
    if not public.model_config.keys() <= CONFIG:
        raise Unfit(f"{name} has the options {sorted(public.model_config.keys() - CONFIG)}")
    for field, info in public.model_fields.items():
        if info.alias or info.serialization_alias or info.validation_alias or info.exclude:
            raise Unfit(f"{name}.{field} has an alias, or is left out")
    check_functions(public, "idempotent")


@lru_cache(maxsize=256)
def show_of(model: Any, public: Any) -> "Show | Unfit | None":
    """A function that converts a row to its Public; None if rows need no conversion.

    Returns Unfit if Pydantic has to convert the rows.
    """
    try:
        _check(public)
        return _shower(model, public)
    except Unfit as reason:
        return reason


def _shower(model: Any, public: Any) -> Show | None:
    mapper = inspect(model)
    columns = mapper.column_attrs
    schemas, own = _fields(public), _fields(model)
    nested: list[tuple[str, Show | None, Any]] = []
    given: list[tuple[str, str]] = []
    lists: list[tuple[str, Show | None, Any]] = []
    hidden = expandables(public)  # these are missing, because clients ask the ORM for them
    for name, field in public.model_fields.items():
        if name in hidden:
            continue
        where = f"{model.__name__}.{name}"
        inner = next(
            (one for one in (field.annotation, *get_args(field.annotation)) if _is_schema(one)), None
        )
        if name in mapper.relationships and inner is not None:
            if mapper.relationships[name].uselist:
                if field.annotation != list[inner] or field.metadata:  # type: ignore[valid-type]
                    raise Unfit(f"{where} is not a plain list of rows")
                _check(inner)
                lists.append((name, _shower(mapper.relationships[name].mapper.class_, inner), inner))
                continue
            _check(inner)
            nested.append((name, _shower(mapper.relationships[name].mapper.class_, inner), inner))
        elif name in columns:
            _check_column(columns[name].columns[0], schemas[name], own.get(name), where)
        elif isinstance(getattr(model, name, None), property) and _kind(schemas[name]) in PYTHON.values():
            given.append((name, _kind(schemas[name])))
        else:
            raise Unfit(f"{where} is neither a column, nor loaded with the row, nor a simple property")
    names = tuple(name for name in public.model_fields if name not in hidden)
    if not nested and not given and not lists and not hidden and names == tuple(columns.keys()):
        return None
    made = partial(_made, public, names, nested, given, lists)
    return partial(_unasked, made) if hidden else made


def _unasked(made: Show, row: Any) -> Any:
    if not is_bare(row) and inspect(row).info.get(ASKED):
        raise Unfit
    return made(row)


def _made(public: Any, names: tuple[str, ...], nested: Any, given: Any, lists: Any, row: Any) -> Any:
    has = vars(row)
    if lists:
        if not is_bare(row) or has.keys() & row.__pydantic_fields_set__.many.keys():
            raise Unfit
        has = has | row.__pydantic_fields_set__.many
    fields = {name: has[name] if name in has else getattr(row, name) for name in names}
    for name, kind in given:
        if PYTHON.get(type(fields[name])) != kind:
            raise Unfit
    for name, show, inner in nested:
        if fields[name] is not None:
            fields[name] = show(fields[name]) if show else bare(inner, vars(fields[name]), set())
    for name, show, inner in lists:
        fields[name] = [show(one) if show else bare(inner, vars(one), set()) for one in fields[name]]
    return bare(public, fields, set())


def _is_schema(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _fields(public: Any) -> dict[str, Any]:
    schema = public.__pydantic_core_schema__
    while schema["type"] != "model-fields":
        schema = schema["schema"]
    fields: dict[str, Any] = schema["fields"]
    return fields


def _innermost(schema: Any) -> tuple[dict[str, Any], bool]:
    """The schema of a field within its default and its validators, and whether it accepts None."""
    is_optional = False
    while "schema" in schema:
        is_optional = is_optional or schema["type"] == "nullable"
        schema = schema["schema"]
    return schema, is_optional


def _kind(field: Any) -> str:
    return str(_innermost(field)[0]["type"])


def _check_column(column: Any, field: Any, own: Any, where: str) -> None:
    """Raise Unfit unless the field accepts all values of the column, and shows them as they are.

    A field may have the constraints of the table's own field, which the values have passed.
    """
    schema, is_optional = _innermost(field)
    type, kind = column.type, str(schema["type"])
    while isinstance(type, TypeDecorator):
        type = type.impl_instance
    kinds = next((kinds for known, kinds in TYPES if isinstance(type, known)), set())
    if kind not in kinds or (kind == "enum" and schema["cls"] is not type.enum_class):
        raise Unfit(f"{where} is stored as {type!r}, and shown as {kind}")
    if getattr(column, "nullable", False) and not is_optional:  # an expression does not say
        raise Unfit(f"{where} may be null, but is not shown so")
    constraints = schema.keys() - PLAIN
    if constraints and (own is None or not _agree(schema, _innermost(own)[0], constraints)):
        raise Unfit(f"{where} has constraints of its own")


def _agree(schema: Any, own: Any, constraints: Any) -> bool:
    """Whether the constraints are those of the table's field, and neither change nor type a value."""
    items = [_innermost(schema.get(name) or ANY)[0] for name in ITEMS]
    is_plain = all(one["type"] in {"any", "str"} and not one.keys() - PLAIN for one in items)
    return (
        is_plain
        and not constraints & CHANGING
        and all(schema[key] == own.get(key) for key in constraints - ITEMS)
    )
