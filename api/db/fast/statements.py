"""Statements for the driver: SQLAlchemy writes the SQL and knows the types, once; the driver runs it each time.

What a select of an entity finds are bare rows: objects of its class with all columns and with what TO_ONE nests in
them, but nothing of the ORM. They are less work than entities, they do not change the database when they
are changed, and a relationship that was not loaded is an AttributeError.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Dialect, Numeric, Uuid, inspect
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeEngine
from sqlmodel import UTCDateTime
from sqlmodel.sql.expression import Select, SelectOfScalar

from api.deps.claims import HOLDS
from api.models.base import bare, uuid_of

T = TypeVar("T")
Make = Callable[[Sequence[Any]], Any]
Convert = Callable[[Any], Any]

NUMERIC = 1700  # how PostgreSQL numbers the type, by which SQLAlchemy sees that the driver gives Decimals by itself


class Rows(list[T]):
    """What a select has found, to be asked like a result of SQLAlchemy."""

    def all(self) -> list[T]:
        return self

    def first(self) -> T | None:
        return self[0] if self else None

    def one_or_none(self) -> T | None:
        if len(self) > 1:
            raise MultipleResultsFound
        return self.first()

    def one(self) -> T:
        if not self:
            raise NoResultFound
        if len(self) > 1:
            raise MultipleResultsFound
        return self[0]


class Prepared(NamedTuple):
    """A statement as the driver takes it."""

    compiled: Any
    sql: str
    constants: Mapping[str, Any]
    to_driver: Sequence[tuple[str, Convert]]
    in_order: Convert  # makes a list of the values, for a driver that takes no mapping
    from_driver: Sequence[tuple[int, Convert]]
    make: Make
    says_whether_claim_holds: bool
    expands: bool  # it says IN of a list, and is another statement for each length of it

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

    def read(self, found: Sequence[Sequence[Any]]) -> Rows[Any]:
        make = self.make
        if not self.from_driver:
            return Rows(map(make, found))
        rows: Rows[Any] = Rows()
        for values in map(list, found):
            for index, convert in self.from_driver:
                values[index] = convert(values[index])
            rows.append(make(values))
        return rows


@lru_cache(maxsize=2048)
def prepare(statement: Select[Any] | SelectOfScalar[Any], dialect: Dialect, *, claimed: bool = False) -> Prepared:
    """Compile a statement. Those that are constants, or made by a function that keeps them, are compiled once.

    If rows are `claimed`, the last column of each says whether the claim holds.
    """
    whole, make = _whole(statement)
    if not claimed or make in {tuple, _scalar}:
        return _prepare(whole, make, dialect)
    return _prepare(whole.add_columns(HOLDS), make, dialect, says_whether_claim_holds=True)


def prepare_plain(statement: Any, dialect: Dialect) -> Prepared:
    """A statement whose rows are of no interest but as tuples."""
    return _prepare(statement, tuple, dialect)


def _prepare(statement: Any, make: Make, dialect: Dialect, *, says_whether_claim_holds: bool = False) -> Prepared:
    compiled = statement.compile(dialect=dialect)
    types = {name: parameter.type for parameter, name in compiled.bind_names.items()}
    required = {name for parameter, name in compiled.bind_names.items() if parameter.required}
    given = compiled.construct_params(_check=False)
    columns = getattr(statement, "selected_columns", ())
    return Prepared(
        compiled,
        str(compiled),
        {name: value for name, value in given.items() if name not in required},
        [(name, convert) for name, type in types.items() if (convert := _to_driver(type, dialect))],
        _in_order(compiled.positiontup) if compiled.positional else dict,
        [(i, convert) for i, column in enumerate(columns) if (convert := _from_driver(column.type, dialect))],
        make,
        says_whether_claim_holds,
        any(parameter.expanding for parameter in compiled.bind_names),
    )


def _in_order(names: Sequence[str]) -> Convert:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]  # itemgetter makes no list of one


def _to_driver(type: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return type.dialect_impl(dialect).bind_processor(dialect)


def _from_driver(type: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if isinstance(type, UTCDateTime):  # on PostgreSQL the connection is in UTC, and the driver gives the right thing at once
        return None if dialect.name == "postgresql" else _to_moment
    if isinstance(type, Uuid) and dialect.name == "sqlite":
        return _to_uuid
    code = NUMERIC if isinstance(type, Numeric) else None
    convert: Convert | None = type.dialect_impl(dialect).result_processor(dialect, code)
    return convert


def _to_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


def _to_uuid(text: str | None) -> UUID | None:
    return None if text is None else uuid_of(int(text, 16))


def _whole(statement: Any) -> tuple[Any, Make]:
    """Select all columns of an entity, and of what is nested in it, one by one."""
    described = statement.column_descriptions
    if len(described) > 1:
        return statement, tuple
    entity = described[0]["expr"]
    if not isinstance(entity, type):
        return statement, _scalar
    columns: list[Any] = []
    joins: list[tuple[Any, bool]] = []
    make = _maker(entity, columns, joins)
    statement = statement.with_only_columns(*columns)
    for relationship, optional in joins:
        statement = statement.join(relationship, isouter=optional)
    return statement, make


def _scalar(values: Sequence[Any]) -> Any:
    return values[0]


def _maker(entity: Any, columns: list[Any], joins: list[tuple[Any, bool]], outer: bool = False) -> Make:
    """What makes a bare row of the values from here on; the columns and joins that it needs are added to the lists.

    Within what may be absent, everything may be absent.
    """
    mapper = inspect(entity).mapper
    model, first = mapper.class_, len(columns)
    names = tuple(attribute.key for attribute in mapper.column_attrs)
    id = first + names.index("id") if "id" in names else None
    columns.extend(getattr(entity, name) for name in names)
    last = len(columns)
    nested: list[tuple[str, Make]] = []
    for relationship in mapper.relationships:
        other, optional = aliased(relationship.mapper.class_), outer or not relationship.innerjoin
        joins.append((getattr(entity, relationship.key).of_type(other), optional))
        nested.append((relationship.key, _maker(other, columns, joins, optional)))

    def make(values: Sequence[Any]) -> Any:
        return bare(model, dict(zip(names, values)))  # noqa: B905  to be told that it is not strict takes zip some time

    def make_nested(values: Sequence[Any]) -> Any:
        if id is not None and values[id] is None:
            return None  # there is none
        has = dict(zip(names, values[first:last], strict=True))
        for name, make_one in nested:
            has[name] = make_one(values)
        return bare(model, has)

    return make_nested if first or nested else make
