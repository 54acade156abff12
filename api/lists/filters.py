"""Filters, sort and search, declared on a query class. They are typed, and part of the OpenAPI document.

class TaskQuery(PageQuery[Task]):
    status: TaskStatus | None = None                  # equals
    deadline_before: UtcDatetime | None = None        # by suffix: _before _after _min _max
    role: Annotated[RoleName | None, By(...)] = None  # anything else, as an expression
    q: Annotated[Search | None, Searches("description", "category")] = None
    sort: Literal["id", "deadline"] = "id"
"""

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import ColumnElement, Select, String, bindparam, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from api.models.base import Entity
from api.models.types import Verbatim, pure

Model = TypeVar("Model", bound=Entity)
Condition = ColumnElement[bool]
Statement = TypeVar("Statement", bound=Select[Any])

SUFFIXES: dict[str, tuple[Callable[[Any, Any], Condition], str]] = {
    "_before": (operator.lt, "Only rows before this time."),
    "_after": (operator.gt, "Only rows after this time."),
    "_min": (operator.ge, "Only rows with at least this value."),
    "_max": (operator.le, "Only rows with at most this value."),
}


@pure
def _as_pattern(text: str) -> str:
    return "%" + re.sub(r"([%_/])", r"/\1", text) + "%"


Search = Annotated[Verbatim, Field(min_length=1, max_length=100), AfterValidator(_as_pattern)]


@dataclass(frozen=True)
class By:
    """A filter with its own condition, a function of the bound value (or of a bool itself)."""

    condition: Callable[[Any], Condition]


class Searches:
    """The columns that `q` searches.

    With `of_all`, the list has rows of all users, and PostgreSQL gets an index.

    Migrations derive the index from this (see alembic/env.py), so no migration names it.
    """

    def __init__(self, *columns: str, of_all: bool = False) -> None:
        self.columns, self.of_all = columns, of_all


class Order(StrEnum):
    asc = "asc"
    desc = "desc"


class Filters(BaseModel, Generic[Model], extra="forbid", frozen=True):
    """The filters and the order of a list."""

    model: ClassVar[type[Any]]

    sort: str = "id"
    order: Order = Field(
        default=Order.desc, description="The sort direction. By id, `desc` lists the newest first."
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for base in cls.__mro__:
            arguments = getattr(base, "__pydantic_generic_metadata__", {}).get("args", ())
            if arguments and isinstance(arguments[0], type):
                cls.model = arguments[0]
        for name, field in cls.model_fields.items():
            if name == "q":
                columns = next(m.columns for m in field.metadata if isinstance(m, Searches))
                field.description = f"Search in {', '.join(columns)}. Upper and lower case are equal."
            elif field.description is None:
                said = next((words for suffix, (_, words) in SUFFIXES.items() if name.endswith(suffix)), None)
                field.description = said or (
                    "The field to sort by." if name == "sort" else f"Only rows with this `{name}`."
                )

    @classmethod
    def read(cls, statement: Statement) -> Statement:
        """The statement of this list, or as a subclass reads it."""
        return statement

    def given(self) -> dict[str, Any]:
        """The filters of this request, by name."""
        names = (name for name in type(self).model_fields if name not in NO_FILTERS)
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def searches(query: type[Filters[Any]] = Filters) -> Iterator[tuple[type[Entity], Searches]]:
    """The models of all searchable lists, with their searches."""
    for kind in query.__subclasses__():
        metadata = kind.model_fields["q"].metadata if "q" in kind.model_fields else ()
        yield from ((kind.model, how) for how in metadata if isinstance(how, Searches))
        yield from searches(kind)


NO_FILTERS = {"limit", "cursor", "skip", "sort", "order", "count", "expand", "fields", "dry_run"}


def condition(query: type[Filters[Any]], name: str, known: bool | None) -> Condition:
    """The condition of a filter. `known` is the value of a bool; other values are bound by name."""
    model = query.model
    for how in query.model_fields[name].metadata:
        if isinstance(how, By):
            return how.condition(bindparam(name) if known is None else known)
        if isinstance(how, Searches):
            pattern = func.lower(bindparam(name, type_=String()))
            return or_(
                *(func.lower(column_of(model, column)).like(pattern, escape="/") for column in how.columns)
            )
    column, compare = compared(model, name)
    return column.is_(known) if known is not None else compare(column, bindparam(name, type_=column.type))


def compared(
    model: type[Any], name: str
) -> tuple[InstrumentedAttribute[Any], Callable[[Any, Any], Condition]]:
    """The column and the comparison of a filter."""
    for suffix, (compare, _) in SUFFIXES.items():
        if name.endswith(suffix):
            stem = name.removesuffix(suffix)
            return column_of(model, stem if stem in model.model_fields else f"{stem}_at"), compare
    return column_of(model, name), operator.eq


def column_of(model: type[Any], name: str) -> InstrumentedAttribute[Any]:
    column: InstrumentedAttribute[Any] = getattr(model, name)
    return column


def sorted_by(model: type[Entity], name: str) -> str:
    """The column to sort by: for folded names the key, which has an index and ignores case."""
    return f"{name}_key" if f"{name}_key" in model.model_fields else name
