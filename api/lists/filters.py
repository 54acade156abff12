"""Filters, sort and search, declared on a query class. They are typed, and part of the OpenAPI document.

class IssueQuery(PageQuery[Issue]):
    status: list[IssueStatus] | None = None            # equals one of these; without list: equals
    deadline_before: UtcDatetime | None = None        # by suffix, see api/lists/conditions.py
    project_title: Line | None = None                 # through a relationship
    role: Annotated[RoleName | None, By(...)] = None  # anything else, as an expression
    q: Annotated[Search | None, Searches("description", "category")] = None
    sort: Literal["id", "deadline"] = "id"
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Generic, Literal, TypeVar, get_args

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo
from sqlalchemy import Select, bindparam

from api.lists.conditions import (
    MOST_VALUES,
    Condition,
    Meaning,
    condition_of,
    is_column,
    kinds_of,
    meaning,
    parameters,
    size_of,
    values_of,
)
from api.lists.searches import Searches
from api.lists.words import check_columns
from api.models.base import Entity

NO_FILTERS = {"limit", "cursor", "skip", "sort", "order", "count", "expand", "fields", "dry_run"}
Model = TypeVar("Model", bound=Entity)
Statement = TypeVar("Statement", bound=Select[Any])


RANK = "rank"  # the order of a search for words: the best first


@dataclass(frozen=True)
class By:
    """A filter with its own condition, a function of the bound value (or of a bool itself)."""

    condition: Callable[[Any], Condition]


class SortOrder(StrEnum):
    asc = "asc"
    desc = "desc"


class Filters(BaseModel, Generic[Model], extra="forbid", frozen=True):
    """The filters and the order of a list."""

    model: ClassVar[type[Any]]
    search: ClassVar[Searches | None] = None
    is_of_trash: ClassVar[bool] = False

    sort: str = "id"
    order: SortOrder = Field(
        SortOrder.desc, description="The sort direction. By id, `desc` lists the newest first."
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for base in cls.__mro__:
            arguments = getattr(base, "__pydantic_generic_metadata__", {}).get("args", ())
            if arguments and isinstance(arguments[0], type):
                cls.model = arguments[0]
        is_new = [cls._prepare(name, field) for name, field in cls.model_fields.items()]
        sort = cls.model_fields.get("sort")  # a summary has no order
        if sort is not None and sort.annotation is str:
            sort.annotation = Literal["id"]
            is_new = [True]
        is_sorted_by_rank = sort is not None and RANK in get_args(sort.annotation)
        if is_sorted_by_rank and cls.is_ranked(RANK) == is_column(cls.model, RANK):
            said = "the trash has no ranks" if cls.is_of_trash else "write q with Searches(…, words=True)"
            said = "this is a column too: give the column another name" if cls.is_ranked(RANK) else said
            raise TypeError(f"{cls.__name__} sorts by rank: {said}.")
        if any(is_new):
            cls.model_rebuild(force=True)

    @classmethod
    def _prepare(cls, name: str, field: FieldInfo) -> bool:
        """Check and describe a filter. Whether its type has changed: lists get bounds."""
        how = next((one for one in field.metadata if isinstance(one, By | Searches)), None)
        said = "The field to sort by." if name == "sort" else f"Only rows with this `{name}`."
        if isinstance(how, Searches):
            cls.search, said = how, how.description
            if how.words:
                check_columns(cls, how.columns)
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

    @classmethod
    def is_ranked(cls, sort: str) -> bool:
        """Whether this order is that of a search for words."""
        return sort == RANK and cls.search is not None and cls.search.words and not cls.is_of_trash

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


def condition(query: type[Filters[Any]], name: str, known: bool | int | None) -> Condition:
    """The condition of a filter. `known` is the value of a bool, or the size of a list (see `shaped`)."""
    field = query.model_fields[name]
    for how in field.metadata:
        if isinstance(how, By):
            return how.condition(_value_of(name, known))
        if isinstance(how, Searches):
            return how.condition(query, name)
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


def bound_values(query: type[Filters[Any]], given: dict[str, Any]) -> dict[str, Any]:
    """The values of the parameters, by name."""
    found = dict(given)
    for name, value in given.items():
        if isinstance(value, list):
            found |= values_of(name, found.pop(name))
        elif name == "q" and query.search:
            found[name] = query.search.value(value)
    return found


def compared(query: type[Filters[Any]], name: str) -> Meaning:
    """What a filter without By or Searches compares."""
    return meaning(query, name, query.model_fields[name])


def sorted_by(model: type[Entity], name: str) -> str:
    """The column to sort by: for folded names the key, which has an index and ignores case."""
    return f"{name}_key" if f"{name}_key" in model.model_fields else name
