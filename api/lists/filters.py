"""Filters, sort and search, declared on a query class. They are typed, and part of the OpenAPI document.

class TaskQuery(PageQuery[Task]):
    status: list[TaskStatus] | None = None            # equals one of these; without list: equals
    deadline_before: UtcDatetime | None = None        # by suffix, see api/lists/conditions.py
    project_title: Line | None = None                 # through a relationship
    role: Annotated[RoleName | None, By(...)] = None  # anything else, as an expression
    q: Annotated[Search | None, Searches("description", "category")] = None
    sort: Literal["id", "deadline"] = "id"
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from annotated_types import MaxLen, MinLen
from pydantic import AfterValidator, BaseModel, Field
from pydantic.fields import FieldInfo
from sqlalchemy import String, bindparam, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from api.lists.conditions import (
    MOST_VALUES,
    Condition,
    Meaning,
    condition_of,
    kinds_of,
    meaning,
    parameters,
    size_of,
    values_of,
)
from api.models.base import Entity
from api.models.types import Verbatim, pure

NO_FILTERS = {"limit", "cursor", "skip", "sort", "order", "count"}
Model = TypeVar("Model", bound=Entity)


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
        for base in cls.__mro__:
            arguments = getattr(base, "__pydantic_generic_metadata__", {}).get("args", ())
            if arguments and isinstance(arguments[0], type):
                cls.model = arguments[0]
        is_new = [cls._prepare(name, field) for name, field in cls.model_fields.items()]
        if any(is_new):
            cls.model_rebuild(force=True)

    @classmethod
    def _prepare(cls, name: str, field: FieldInfo) -> bool:
        """Check and describe a filter. Whether its type has changed: lists get bounds."""
        how = next((one for one in field.metadata if isinstance(one, By | Searches)), None)
        said = "The field to sort by." if name == "sort" else f"Only rows with this `{name}`."
        if isinstance(how, Searches):
            said = f"Search in {', '.join(how.columns)}. Upper and lower case are equal."
        elif name not in NO_FILTERS and how is None and hasattr(cls, "model"):
            said = meaning(cls, name, field).words or said
        if isinstance(how, Searches) or field.description is None:
            field.description = said
        if name in NO_FILTERS or kinds_of(field.annotation) != {list}:
            return False
        bounds = [MinLen(1), MaxLen(MOST_VALUES)]
        missing = [one for one in bounds if not any(isinstance(known, type(one)) for known in field.metadata)]
        field.metadata += missing
        return bool(missing)

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


def condition(query: type[Filters[Any]], name: str, known: bool | int | None) -> Condition:
    """The condition of a filter. `known` is the value of a bool, or the size of a list (see `shaped`)."""
    field = query.model_fields[name]
    for how in field.metadata:
        if isinstance(how, By):
            return how.condition(_value_of(name, known))
        if isinstance(how, Searches):
            pattern = func.lower(bindparam(name, type_=String()))
            columns = (column_of(query.model, column) for column in how.columns)
            return or_(*(func.lower(column).like(pattern, escape="/") for column in columns))
    return condition_of(meaning(query, name, field), name, known)


def _value_of(name: str, known: bool | int | None) -> Any:
    if known is None or isinstance(known, bool):
        return bindparam(name) if known is None else known
    return parameters(name, known)


def shaped(value: Any) -> bool | int | None:
    """What the statement depends on of a filter's value: that of a bool, and the size of a list."""
    if isinstance(value, list):
        return size_of(value)
    return value if isinstance(value, bool) else None


def bound_values(given: dict[str, Any]) -> dict[str, Any]:
    """The values of parameters, by name."""
    found = dict(given)
    for name, value in given.items():
        if isinstance(value, list):
            found |= values_of(name, found.pop(name))
    return found


def compared(query: type[Filters[Any]], name: str) -> Meaning:
    """What a filter without By or Searches compares."""
    return meaning(query, name, query.model_fields[name])


def column_of(model: type[Any], name: str) -> InstrumentedAttribute[Any]:
    column: InstrumentedAttribute[Any] = getattr(model, name)
    return column


def sorted_by(model: type[Entity], name: str) -> str:
    """The column to sort by: for folded names the key, which has an index and ignores case."""
    return f"{name}_key" if f"{name}_key" in model.model_fields else name
