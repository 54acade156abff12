"""Filters, sort and search, declared on a query class: what they mean is said here once, all of it typed and in OpenAPI.

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
from sqlalchemy import ColumnElement, String, bindparam, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from api.models.base import Entity
from api.models.types import Text, pure

Model = TypeVar("Model", bound=Entity)
Condition = ColumnElement[bool]

SUFFIXES: dict[str, tuple[Callable[[Any, Any], Condition], str]] = {
    "_before": (operator.lt, "Only rows before this time."),
    "_after": (operator.gt, "Only rows after this time."),
    "_min": (operator.ge, "Only rows with at least this value."),
    "_max": (operator.le, "Only rows with at most this value."),
}


@pure
def _as_pattern(text: str) -> str:
    return "%" + re.sub(r"([%_/])", r"/\1", text) + "%"


Search = Annotated[Text, Field(min_length=1, max_length=100), AfterValidator(_as_pattern)]


@dataclass(frozen=True)
class By:
    """A filter that is no plain comparison: the condition, given the bound value (of a bool, the value itself)."""

    condition: Callable[[Any], Condition]


class Searches:
    """What `q` looks into: the columns that may contain it. Among the rows of all, PostgreSQL finds them by an index.

    The index is derived from this when migrations run (see alembic/env.py), so no migration has to name it.
    """

    def __init__(self, *columns: str, of_all: bool = False) -> None:
        self.columns, self.of_all = columns, of_all


class Order(StrEnum):
    asc = "asc"
    desc = "desc"


class Filters(BaseModel, Generic[Model], extra="forbid", frozen=True):
    """Which rows, in which order."""

    model: ClassVar[type[Any]]

    sort: str = "id"
    order: Order = Field(default=Order.desc, description="The sort direction. By id, `desc` lists the newest first.")

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
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
                field.description = said or ("The field to sort by." if name == "sort" else f"Only rows with this `{name}`.")

    def given(self) -> dict[str, Any]:
        """The filters that are set."""
        names = (name for name in type(self).model_fields if name not in NO_FILTERS)
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def searches(query: type[Filters[Any]] = Filters) -> Iterator[tuple[type[Entity], Searches]]:
    """Each list that can be searched, with what its `q` looks into."""
    for kind in query.__subclasses__():
        metadata = kind.model_fields["q"].metadata if "q" in kind.model_fields else ()
        yield from ((kind.model, how) for how in metadata if isinstance(how, Searches))
        yield from searches(kind)


NO_FILTERS = {"limit", "cursor", "skip", "sort", "order", "count"}


def condition(query: type[Filters[Any]], name: str, known: bool | None) -> Condition:
    """What one filter demands: of a bool, `known` is the value; any other value is bound to the filter's name."""
    model = query.model
    for how in query.model_fields[name].metadata:
        if isinstance(how, By):
            return how.condition(bindparam(name) if known is None else known)
        if isinstance(how, Searches):
            pattern = func.lower(bindparam(name, type_=String()))
            return or_(*(func.lower(column_of(model, column)).like(pattern, escape="/") for column in how.columns))
    column, compare = compared(model, name)
    return column.is_(known) if known is not None else compare(column, bindparam(name, type_=column.type))


def compared(model: type[Any], name: str) -> tuple[InstrumentedAttribute[Any], Callable[[Any, Any], Condition]]:
    """The column that a filter is about, and how it compares it."""
    for suffix, (compare, _) in SUFFIXES.items():
        if name.endswith(suffix):
            stem = name.removesuffix(suffix)
            return column_of(model, stem if stem in model.model_fields else f"{stem}_at"), compare
    return column_of(model, name), operator.eq


def column_of(model: type[Any], name: str) -> InstrumentedAttribute[Any]:
    column: InstrumentedAttribute[Any] = getattr(model, name)
    return column


def sorted_by(model: type[Entity], name: str) -> str:
    """Names that are unique in folded form are sorted by it too: it has the index, and a before B before c."""
    return f"{name}_key" if f"{name}_key" in model.model_fields else name
