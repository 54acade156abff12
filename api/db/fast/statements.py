"""Statements for the driver: SQLAlchemy writes the SQL and knows the types, once; the driver runs it each time.

A statement qualifies if everything in it is on the short lists of this module, whose rows and values are known to be the
same by either way. `Unfit` says what is not; then the ORM runs it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Dialect, inspect
from sqlalchemy.orm import Mapper, aliased
from sqlalchemy.sql import visitors
from sqlmodel import SQLModel

from api.db.fast.rows import Origin, bare, prepare_class
from api.db.fast.types import Convert, Unfit, check_type, from_driver, to_driver

LEANS_ON = (
    "sqlalchemy.sql.compiler:SQLCompiler.bind_names",
    "sqlalchemy.sql.compiler:SQLCompiler.construct_expanded_state",
    "sqlalchemy.sql.compiler:SQLCompiler.positiontup",
)

Make = Callable[[Sequence[Any], Origin], Any]  # a row of its values


class Plan(NamedTuple):
    """A statement as the driver takes it."""

    compiled: Any
    sql: str
    constants: Mapping[str, Any]
    to_driver: Sequence[tuple[str, Convert]]
    in_order: Convert  # makes a list of the values, for a driver that takes no mapping
    from_driver: Sequence[tuple[int, Convert]]
    make: Make
    is_guarded: bool  # the last column says whether the guard holds
    expands: bool  # it says IN of a list, and is another statement for each length of it
    mappers: Sequence[Any]  # of the rows that it makes, and of those nested in them

    def bind(self, values: Mapping[str, Any]) -> tuple[str, Any]:
        """The SQL, and what goes with it."""
        if self.expands:
            return self._expanded(values)
        bound = {**self.constants, **values}
        for name, convert in self.to_driver:
            bound[name] = convert(bound[name])
        return self.sql, self.in_order(bound)

    def _expanded(self, values: Mapping[str, Any]) -> tuple[str, Any]:
        state = self.compiled.construct_expanded_state(values)
        for name, convert in [*self.to_driver, *state.processors.items()]:
            if name in state.parameters:
                state.parameters[name] = convert(state.parameters[name])
        return state.statement, state.positional_parameters if self.compiled.positional else state.parameters

    def read(self, found: Sequence[Sequence[Any]], origin: Origin) -> list[Any]:
        make = self.make
        if not self.from_driver:
            return [make(values, origin) for values in found]
        rows = []
        for values in map(list, found):
            for index, convert in self.from_driver:
                values[index] = convert(values[index])
            rows.append(make(values, origin))
        return rows

    @property
    def is_watched(self) -> bool:
        """Whether somebody listens for rows being loaded, which the driver would not tell."""
        for mapper in self.mappers:
            dispatch = mapper.class_manager.dispatch
            if dispatch.load or dispatch.refresh:
                return True
        return False


@lru_cache(maxsize=2048)
def plan(statement: Any, dialect: Dialect, guard: Any = None) -> Plan | Unfit:
    """Compile a select. Those that are constants, or made by a function that keeps them, are compiled once."""
    try:
        whole, make, mappers = _whole(statement)
        if guard is None or not mappers:
            return compiled(whole, dialect, make, mappers)
        return compiled(whole.add_columns(guard), dialect, make, mappers, is_guarded=True)
    except Unfit as reason:
        return reason


def as_tuple(values: Sequence[Any], _: Origin) -> Any:
    return tuple(values)


def compiled(
    statement: Any, dialect: Dialect, make: Make = as_tuple, mappers: Sequence[Any] = (), *, is_guarded: bool = False
) -> Plan:
    for element in visitors.iterate(statement):
        if isinstance(element, sa.TextClause):
            raise Unfit("text() says nothing of its types")
    compiled = statement.compile(dialect=dialect)
    types = {name: parameter.type for parameter, name in compiled.bind_names.items()}
    required = {name for parameter, name in compiled.bind_names.items() if parameter.required}
    given = compiled.construct_params(_check=False)
    columns = getattr(statement, "selected_columns", ())
    for type in [*(type for type in types.values() if not type._isnull), *(column.type for column in columns)]:
        check_type(type, dialect)
    return Plan(
        compiled,
        str(compiled),
        {name: value for name, value in given.items() if name not in required},
        [(name, convert) for name, type in types.items() if (convert := to_driver(type, dialect))],
        _in_order(compiled.positiontup) if compiled.positional else dict,
        [(i, convert) for i, column in enumerate(columns) if (convert := from_driver(column.type, dialect))],
        make,
        is_guarded,
        any(parameter.expanding for parameter in compiled.bind_names),
        mappers,
    )


def _in_order(names: Sequence[str]) -> Convert:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]  # itemgetter makes no list of one


def _whole(statement: Any) -> tuple[Any, Make, list[Any]]:
    """Select all columns of an entity, and of what is nested in it, one by one."""
    if not isinstance(statement, sa.Select):
        raise Unfit("it is not a plain select")
    if statement._with_options or statement._execution_options or statement._for_update_arg is not None:
        raise Unfit("it has options for the ORM, or locks rows")
    described = statement.column_descriptions
    entities = [one["expr"] for one in described if one["expr"] is one["entity"]]
    if not entities:
        return statement, as_tuple if len(described) > 1 else _scalar, []
    if len(described) > 1 or not isinstance(entities[0], type):
        raise Unfit("it selects several entities, or an alias of one")
    columns: list[Any] = []
    joins: list[tuple[Any, bool]] = []
    mappers: list[Any] = []
    make = _maker(entities[0], (), columns, joins, mappers)
    statement = statement.with_only_columns(*columns)
    for relationship, optional in joins:
        statement = statement.join(relationship, isouter=optional)
    return statement, make, mappers


def _scalar(values: Sequence[Any], _: Origin) -> Any:
    return values[0]


@lru_cache
def _names(mapper: Mapper[Any]) -> tuple[str, ...]:
    """What its rows consist of; raises if only the ORM can make them."""
    name = mapper.class_.__name__
    if not issubclass(mapper.class_, SQLModel) or mapper.inherits or mapper.polymorphic_on is not None:
        raise Unfit(f"{name} is not a table by itself")
    if [column.key for column in mapper.primary_key] != ["id"]:
        raise Unfit(f"the primary key of {name} is not `id` alone")
    plain = {*mapper.column_attrs, *mapper.relationships, *mapper.synonyms}
    for attribute in mapper.attrs:
        if attribute not in plain or getattr(attribute, "deferred", False) or len(getattr(attribute, "columns", "1")) > 1:
            raise Unfit(f"{name}.{attribute.key} is more than a column")
    prepare_class(mapper.class_)
    return tuple(mapper.column_attrs.keys())


def _joined(mapper: Mapper[Any]) -> Iterator[Any]:
    """The relationships that are loaded with the row."""
    for relationship in mapper.relationships:
        if relationship.lazy == "joined" and not relationship.uselist and relationship.secondary is None:
            yield relationship
        elif relationship.lazy not in {"select", "raise", "raise_on_sql", True}:
            raise Unfit(f"{mapper.class_.__name__}.{relationship.key} is loaded by the ORM")


def _maker(
    entity: Any,
    path: tuple[Any, ...],
    columns: list[Any],
    joins: list[tuple[Any, bool]],
    mappers: list[Any],
    outer: bool = False,
) -> Make:
    """What makes a row of the values from here on; the columns and joins that it needs are added to the lists.

    Within what may be absent, everything may be absent.
    """
    mapper = inspect(entity).mapper
    if mapper in path:
        raise Unfit(f"{mapper.class_.__name__} is nested in itself")
    mappers.append(mapper)
    model, first, names = mapper.class_, len(columns), _names(mapper)
    id = first + names.index("id")
    columns.extend(getattr(entity, name) for name in names)
    last = len(columns)
    nested: list[tuple[str, Make]] = []
    for relationship in _joined(mapper):
        other, optional = aliased(relationship.mapper.class_), outer or not relationship.innerjoin
        joins.append((getattr(entity, relationship.key).of_type(other), optional))
        nested.append((relationship.key, _maker(other, (*path, mapper), columns, joins, mappers, optional)))

    def make(values: Sequence[Any], origin: Origin) -> Any:
        return bare(model, dict(zip(names, values)), origin)  # noqa: B905  to be strict takes zip some time

    def make_nested(values: Sequence[Any], origin: Origin) -> Any:
        if values[id] is None:
            return None  # there is none
        has = dict(zip(names, values[first:last], strict=True))
        for name, make_one in nested:
            has[name] = make_one(values, origin)
        return bare(model, has, origin)

    return make_nested if path or nested else make
