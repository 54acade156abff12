"""Compiles statements for the driver once. SQLAlchemy writes the SQL and knows the types; the driver runs it.

A statement qualifies if all of it is in the lists of this module, for which the ORM and the driver return the
same rows. Otherwise `Unfit` names the reason, and the ORM runs the statement.
"""

from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Dialect
from sqlalchemy.engine.result import result_tuple
from sqlalchemy.orm import Bundle
from sqlalchemy.sql import visitors
from sqlmodel.sql.expression import SelectOfScalar

from api.db.fast.children import lists_of
from api.db.fast.entities import Make, maker_of
from api.db.fast.plans import Many, Plan
from api.db.fast.rows import Origin
from api.db.fast.types import Convert, Unfit, check_type, from_driver, to_driver

LEANS_ON = (
    "sqlalchemy.engine.result:result_tuple",
    "sqlalchemy.sql.compiler:SQLCompiler._result_columns",
    "sqlalchemy.sql.compiler:SQLCompiler.bind_names",
    "sqlalchemy.sql.compiler:SQLCompiler.positiontup",
)

LARGEST = 16_384  # characters of the values in a statement that is remembered


def plan(statement: Any, dialect: Dialect, guard: Any = None) -> Plan | Unfit:
    """The plan of a select, or the reason why the ORM has to run it.

    It is cached by statement, so a statement must be a constant, or cached by the function that builds it.
    """
    try:
        return _remembered(statement, dialect, guard)
    except _TooLargeError as found:
        return found.plan


class _TooLargeError(Exception):
    """The plan of a statement with large values. It is raised, so that `lru_cache` does not keep it."""

    def __init__(self, plan: Plan | Unfit) -> None:
        self.plan = plan


@lru_cache(maxsize=512)
def _remembered(statement: Any, dialect: Dialect, guard: Any) -> Plan | Unfit:
    made = _planned(statement, dialect, guard)
    parts = visitors.iterate(statement) if isinstance(statement, sa.ClauseElement) else ()
    values = (repr(part.value) for part in parts if isinstance(part, sa.BindParameter))
    if sum(map(len, values)) > LARGEST:
        raise _TooLargeError(made)
    return made


def _planned(statement: Any, dialect: Dialect, guard: Any) -> Plan | Unfit:
    try:
        return _with_many(statement, dialect, guard, frozenset())
    except Unfit as reason:
        return reason


def _with_many(statement: Any, dialect: Dialect, more: Any, path: frozenset[Any]) -> Plan:
    """The plan of a select, with one more column if it selects rows, and the plans for the lists in these."""
    whole, make, mappers = _whole(statement)
    if not mappers:
        return compiled(whole, dialect, make)
    if not path.isdisjoint(mappers):
        raise Unfit(f"{mappers[0].class_.__name__} is nested in itself")
    lists = [
        Many(name, _with_many(inner, dialect, owner, path | {*mappers}))
        for name, inner, owner in lists_of(mappers[0])
    ]
    within = [mapper for one in lists for mapper in one.plan.mappers]
    if more is not None:
        whole = whole.add_columns(more)
    plan = compiled(whole, dialect, make, [*mappers, *within], is_guarded=more is not None)
    return plan._replace(many=lists)


def compiled(
    statement: Any,
    dialect: Dialect,
    make: Make | None = None,
    mappers: Sequence[Any] = (),
    *,
    is_guarded: bool = False,
) -> Plan:
    for element in visitors.iterate(statement):
        if isinstance(element, sa.TextClause):
            raise Unfit("text() declares no types")
    compiled = statement.compile(dialect=dialect)
    if make is None:
        entries = compiled._result_columns
        row = result_tuple([entry.keyname for entry in entries], [entry.objects for entry in entries])

        def make(values: Sequence[Any], _: Origin) -> Any:
            return row(values)

    types = {name: parameter.type for parameter, name in compiled.bind_names.items()}
    required = {name for parameter, name in compiled.bind_names.items() if parameter.required}
    given = compiled.construct_params(_check=False)
    columns = getattr(statement, "selected_columns", ())
    for type in [
        *(type for type in types.values() if not type._isnull),
        *(column.type for column in columns),
    ]:
        check_type(type, dialect)
    expands = any(parameter.expanding for parameter in compiled.bind_names)
    return Plan(
        compiled if expands else None,
        str(compiled),
        {name: value for name, value in given.items() if name not in required},
        [(name, convert) for name, type in types.items() if (convert := to_driver(type, dialect))],
        _in_order(compiled.positiontup) if compiled.positional else dict,
        [(i, convert) for i, column in enumerate(columns) if (convert := from_driver(column.type, dialect))],
        make,
        is_guarded,
        expands,
        mappers,
    )


def _in_order(names: Sequence[str]) -> Convert:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]  # itemgetter with one name returns no sequence


def _whole(statement: Any) -> tuple[Any, Make | None, list[Any]]:
    """Replace an entity by all its columns, and by those of its nested rows."""
    if not isinstance(statement, sa.Select):
        raise Unfit("it is not a plain select")
    if statement._with_options or statement._execution_options or statement._for_update_arg is not None:
        raise Unfit("it has options for the ORM, or locks rows")
    is_scalar = isinstance(statement, SelectOfScalar)
    described = statement.column_descriptions
    if any(isinstance(one["expr"], Bundle) for one in described):
        raise Unfit("it selects a bundle")
    entities = [one["expr"] for one in described if one["expr"] is one.get("entity")]
    if not entities:
        return statement, _scalar if is_scalar else None, []
    if not is_scalar or not isinstance(entities[0], type):
        raise Unfit("it selects rows with entities, or an alias of one")
    columns: list[Any] = []
    joins: list[tuple[Any, bool]] = []
    mappers: list[Any] = []
    entity: Any = entities[0]
    repeats = statement.get_final_froms() != [entity.__table__]
    make = maker_of(entity, (), columns, joins, mappers, repeats=repeats)
    if joins and (statement._distinct or statement._group_by_clauses):
        raise Unfit("it groups rows, or leaves out equal ones, before it joins what is nested in them")
    statement = statement.with_only_columns(*columns)
    for relationship, optional in joins:
        statement = statement.join(relationship, isouter=optional)
    return statement, make, mappers


def _scalar(values: Sequence[Any], _: Origin) -> Any:
    return values[0]
