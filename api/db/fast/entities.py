"""Builds the rows of a model, and their nested rows, from the values that a statement finds.

A model qualifies if it has only plain columns, and if each relationship that is loaded with its rows is a
join to a single row, or a list that `children.py` reads.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper, aliased
from sqlmodel import SQLModel

from api.db.fast.rows import Origin, bare, prepare_class
from api.db.fast.types import Unfit

LEANS_ON = ("sqlalchemy.orm:Mapper.column_attrs", "sqlalchemy.orm:Mapper.attrs")

Make = Callable[[Sequence[Any], Origin], Any]  # builds a row from its values


@lru_cache
def names_of(mapper: Mapper[Any]) -> tuple[str, ...]:
    """The names of the columns. Raises Unfit if only the ORM can build the rows."""
    name = mapper.class_.__name__
    if not issubclass(mapper.class_, SQLModel) or mapper.inherits or mapper.polymorphic_on is not None:
        raise Unfit(f"{name} is not a table by itself")
    if [column.key for column in mapper.primary_key] != ["id"]:
        raise Unfit(f"the primary key of {name} is not `id` alone")
    plain = {*mapper.column_attrs, *mapper.relationships, *mapper.synonyms}
    for attribute in mapper.attrs:
        if (
            attribute not in plain
            or getattr(attribute, "deferred", False)
            or len(getattr(attribute, "columns", "1")) > 1
        ):
            raise Unfit(f"{name}.{attribute.key} is more than a column")
    prepare_class(mapper.class_)
    return tuple(mapper.column_attrs.keys())


def _joined(mapper: Mapper[Any], path: tuple[Any, ...]) -> Iterator[Any]:
    """The relationships that are loaded with a row, which is nested in rows of `path`.

    Raises Unfit if the ORM has to load one.
    """
    for relationship in mapper.relationships:
        if not path and relationship.lazy == "selectin" and relationship.uselist:
            continue  # by a statement of its own, see `children.py`
        if relationship.lazy == "joined" and not relationship.uselist and relationship.secondary is None:
            if (deepest := relationship.join_depth) is None and relationship.mapper in (*path, mapper):
                raise Unfit(f"{relationship.mapper.class_.__name__} is nested in itself")
            if deepest is None or len(path) < deepest:  # as deep as the ORM joins
                yield relationship
        elif relationship.lazy not in {"select", "raise", "raise_on_sql", True}:
            raise Unfit(f"{mapper.class_.__name__}.{relationship.key} is loaded by the ORM")


def maker_of(
    entity: Any,
    path: tuple[Any, ...],
    columns: list[Any],
    joins: list[tuple[Any, bool]],
    mappers: list[Any],
    outer: bool = False,
    repeats: bool = False,
) -> Make:
    """A function that builds a row from its part of the values.

    It appends the columns and joins that the row needs to the lists. `outer` says that the row may be
    missing, and with it the rows nested in it; `repeats`, that a result may have the row more than once.
    """
    mapper = inspect(entity).mapper
    mappers.append(mapper)
    model, first, names = mapper.class_, len(columns), names_of(mapper)
    id = first + names.index("id")
    columns.extend(getattr(entity, name) for name in names)
    last = len(columns)
    nested: list[tuple[str, Make]] = []
    for relationship in _joined(mapper, path):
        other, optional = aliased(relationship.mapper.class_), outer or not relationship.innerjoin
        joins.append((getattr(entity, relationship.key).of_type(other), optional))
        nested.append((relationship.key, maker_of(other, (*path, mapper), columns, joins, mappers, optional)))

    def make(values: Sequence[Any], origin: Origin) -> Any:
        return bare(model, dict(zip(names, values)), origin)  # noqa: B905  strict=True is slower

    def make_nested(values: Sequence[Any], origin: Origin) -> Any:
        if values[id] is None:
            return None  # the outer join found no row
        key = model, values[id]
        if (known := origin.rows.get(key)) is None:
            has = dict(zip(names, values[first:last], strict=True))
            known = origin.rows[key] = bare(model, has, origin)
        for name, make_one in nested:
            if name not in vars(known):  # it is new, or was known from where `join_depth` ended
                vars(known)[name] = make_one(values, origin)
        return known

    return make_nested if path or nested or repeats else make
