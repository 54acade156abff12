"""What a summary may be grouped by, and the schema of its answer. Both come from the columns of the table."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, TypeVar, get_args
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import MISSING, AfterValidator, BaseModel, BeforeValidator, Field, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from sqlalchemy import Column, ColumnElement, Date, TypeDecorator
from sqlmodel import UTCDateTime

from api.lists.aggregates import FIRST_DAY, PERIODS, scale_of
from api.lists.shown import COMMAS
from api.models.types import pure

OWN = ("by", "sum", "zone")  # the parameters of a summary that are no filters
KEYS = (str, UUID, bool, int, date, Enum)  # the types of columns whose values make groups
Name = TypeVar("Name")


@pure
def _separated(given: Any) -> Any:
    """`a,b` as a query string has it. FastAPI passes each parameter of this name as an item of a list."""
    if not isinstance(given, list | tuple) or len(given) != 1 or not isinstance(given[0], str):
        if isinstance(given, list) and len(given) > 1:
            raise PydanticCustomError("duplicate", "Give this only once, with commas between its values.")
        return given
    return given[0].split(",") if given[0] else []


@pure
def _different(given: Collection[Any]) -> Collection[Any]:
    if len(set(given)) < len(given):
        raise PydanticCustomError("duplicate", "Give each value only once.")
    return given


IS_SEPARATED = BeforeValidator(_separated)
CommaSeparated = Annotated[
    tuple[Name, ...],
    IS_SEPARATED,
    AfterValidator(_different),
    Field(json_schema_extra={"uniqueItems": True, COMMAS: True}),
]


ZONES = frozenset(available_timezones()) | {"UTC"}


@pure
def _known(zone: str) -> str:
    if zone not in ZONES:
        raise PydanticCustomError("time_zone", "Write the name of a time zone, like Europe/Berlin.")
    return zone


IS_KNOWN = AfterValidator(_known)
Zone = Annotated[
    str,
    Field(
        max_length=64,
        description="The time zone in which days, weeks, months and years begin, by its IANA name.",
        examples=["Europe/Berlin"],
    ),
    IS_KNOWN,
]


class Group(NamedTuple):
    """What rows are grouped by: a column, or a period of a column with times or dates."""

    column: Column[Any]
    period: str = ""

    def expression(self, zone: ColumnElement[str]) -> ColumnElement[Any]:
        if not self.period:
            return self.column
        made: ColumnElement[Any] = FIRST_DAY[self.period](self.column, zone)
        return made

    @property
    def type(self) -> Any:
        kind: Any = date if self.period else kind_of(self.column)
        return kind | None if self.column.nullable else kind


def kind_of(column: Column[Any]) -> type[Any]:
    """The Python type of the column's values."""
    type: Any = column.type
    while isinstance(type, TypeDecorator):
        type = type.impl
    return type.python_type  # type: ignore[no-any-return]


def columns_of(query: Any) -> dict[str, Any]:
    return dict(query.model.__table__.columns.items())


def group_of(query: Any, name: str) -> Group:
    """What a name means: a column, `month` of the query's `time`, or `paid_month` of paid_at or paid_on."""
    columns, said = columns_of(query), f"{query.__name__}.by names {name!r}"
    stem, _, period = name.rpartition("_")
    if name in columns:
        kind = kind_of(columns[name])
        if not issubclass(kind, KEYS) or issubclass(kind, datetime):
            raise TypeError(f"{said}, which makes no groups. Of a time, name a period: created_month.")
        return Group(columns[name])
    if period not in PERIODS:
        raise TypeError(f"{said}, which is no column of {query.model.__name__}, and no period of one.")
    if not stem and not query.time:
        raise TypeError(f'{said}. Say of which column: `time: ClassVar = "created_at"`.')
    for column in (query.time,) if not stem else (stem, f"{stem}_at", f"{stem}_on"):
        if column in columns:
            if not isinstance(columns[column].type, UTCDateTime | Date):
                raise TypeError(f"{said}, but {column} is no time and no date.")
            return Group(columns[column], period)
    raise TypeError(f"{said}, but {query.model.__name__} has no time or date of this name.")


def names(field: FieldInfo) -> tuple[str, ...]:
    """The names in `CommaSeparated[Literal[…]]`; none if the field is not declared anew."""
    [item, *_] = get_args(field.annotation) or [str]
    return tuple(get_args(item))


def check(query: Any, own: dict[str, FieldInfo]) -> dict[str, FieldInfo]:
    """The summary's own parameters, described. Those that it does not use are left out."""
    said = query.__name__
    for name, mark in (("by", IS_SEPARATED), ("sum", IS_SEPARATED), ("zone", IS_KNOWN)):
        if own[name].annotation != tuple[str, ...] and mark not in own[name].metadata:
            raise TypeError(f"{said}.{name} is no filter: summaries use this name. Declare it as they do.")
    groups = {name: group_of(query, name) for name in names(own["by"])}
    for name in {*groups} & {"count", "sums"}:
        raise TypeError(f"{said}.by names {name!r}, which each group has already.")
    for name in names(own["sum"]):
        if name not in columns_of(query):
            raise TypeError(f"{said}.sum names {name!r}, which is no column of {query.model.__name__}.")
        try:
            scale_of(columns_of(query)[name].type)
        except TypeError as reason:
            raise TypeError(f"{said}.sum names {name!r}: {reason}.") from None
    periods = [f"`{name}` is its first day." for name, one in groups.items() if one.period]
    own["by"].description = " ".join(["What to group by, with commas between several.", *periods])
    own["sum"].description = "The numbers to add up, with commas between several. Nulls count as 0."
    used = {"by": groups, "sum": names(own["sum"]), "zone": periods}
    for name in OWN:
        if not used[name]:
            setattr(query, name, own[name].default)
    return {name: own[name] for name in OWN if used[name]}


@lru_cache
def answer_of(query: Any, base: type[BaseModel]) -> Any:
    """The schema of the answer. Each group has the fields that it was asked for, typed as their columns."""
    name = query.__name__.removesuffix("Query")
    fields: dict[str, Any] = {
        one: (group_of(query, one).type | MISSING, _field(f"Only if asked for by `by={one}`."))
        for one in _names_of(query, "by")
    }
    fields["count"] = int, Field(description="The number of rows.")
    if summed := _names_of(query, "sum"):
        sums: dict[str, Any] = {
            one: (_number(query, one) | MISSING, _field(f"Only if asked for by `sum={one}`."))
            for one in summed
        }
        said = "The sums of a group: those that were asked for."
        fields["sums"] = create_model(f"{name}Sums", __doc__=said, **sums), Field(description=said)
    group = create_model(f"{name}Group", __doc__="Rows that are alike in what was asked for.", **fields)
    groups: Any = list[group], Field(description="Sorted by what they are grouped by, null last.")
    return create_model(name, __base__=base, __doc__="Rows, counted by group.", groups=groups)


def _names_of(query: Any, parameter: str) -> tuple[str, ...]:
    return names(query.model_fields[parameter]) if parameter in query.model_fields else ()


def _number(query: Any, name: str) -> Any:
    return Decimal if kind_of(columns_of(query)[name]) is Decimal else int


def _field(description: str) -> Any:
    return Field(default=MISSING, description=description)
