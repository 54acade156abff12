"""Lists: typed filters, sort, search and keyset pages, declared on a query class and run from one place.

    class TaskQuery(PageQuery[Task]):
        status: TaskStatus | None = None                # equals
        deadline_before: UtcDatetime | None = None      # by suffix: _before _after _min _max
        role: Annotated[RoleName | None, By(...)] = None  # anything else, as an expression
        q: Annotated[Search | None, Searches("description", "category")] = None
        sort: Literal["id", "deadline"] = "id"

A keyset page starts after a row's (sort key, id): inserts do not shift it, and page 1000 costs what page 1 costs.
The statement of each combination is built once and only bound afterwards.
"""

import base64
import json
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Generic, Literal, NamedTuple, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, TypeAdapter
from sqlalchemy import ColumnElement, String, bindparam, func, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from api.models.base import Entity, Text, UtcDatetime
from api.problems import invalid

Item = TypeVar("Item", covariant=True)
Model = TypeVar("Model", bound=Entity)


def _as_pattern(text: str) -> str:
    return "%" + re.sub(r"([%_/])", r"/\1", text) + "%"


Search = Annotated[Text, Field(min_length=1, max_length=100), AfterValidator(_as_pattern)]

SUFFIXES: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "_before": operator.lt,
    "_after": operator.gt,
    "_min": operator.ge,
    "_max": operator.le,
}
Number = Annotated[int | float | Decimal, Field(gt=-(2**63), lt=2**63)]
KEY: TypeAdapter[Any] = TypeAdapter(Text | UtcDatetime | date | UUID | bool | Number | None)  # what every database can compare
MEANINGS = {"_before": "Earlier than this.", "_after": "Later than this.", "_min": "At least this.", "_max": "At most this."}


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: Sequence[Item]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null on the last page.")
    total: int | None = Field(default=None, description="How many there are in all; only with `count=true`.")

    model_config = {"from_attributes": True, "json_schema_serialization_defaults_required": True}

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return str(params[0].__name__).removesuffix("Public") + "Page"  # NotePage, not Page_NotePublic_


@dataclass(frozen=True)
class By:
    """A filter that is no plain comparison: the condition, given the bound value (of a bool, the value itself)."""

    condition: Callable[[Any], ColumnElement[bool]]


class Searches:
    """What `q` looks into: the columns that may contain it."""

    def __init__(self, *columns: str) -> None:
        self.columns = columns


class PageQuery(BaseModel, Generic[Model], extra="forbid", frozen=True):
    """The query parameters of every list."""

    model: ClassVar[type[Any]]

    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")
    cursor: str | None = Field(default=None, max_length=1000, description="The `next_cursor` of the page before.")
    skip: int = Field(default=0, ge=0, le=1_000_000, description="Leave out this many; for numbered pages.")
    sort: str = "id"
    order: Literal["asc", "desc"] = Field(default="desc", description="By id, `desc` is newest first.")
    count: bool = Field(default=False, description="Whether to count the `total`.")

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        if arguments := getattr(cls.__bases__[0], "__pydantic_generic_metadata__", {}).get("args"):
            (cls.model,) = arguments
        for name, field in cls.model_fields.items():
            for suffix, meaning in MEANINGS.items():
                if name.endswith(suffix) and field.description is None:
                    field.description = meaning
            if name == "q":
                columns = next(m.columns for m in field.metadata if isinstance(m, Searches))
                field.description = f"Search in {', '.join(columns)}; upper and lower case are the same."


class Shape(NamedTuple):
    """What a statement depends on; everything else is bound."""

    query: type[PageQuery[Any]]
    filters: tuple[tuple[str, bool | None], ...]
    sort: str
    order: str
    after: Literal["start", "value", "null"]
    scope: ColumnElement[bool] | None


async def paginate(
    session: AsyncSession, query: PageQuery[Model], scope: ColumnElement[bool] | None = None, **bound: Any
) -> Page[Model]:
    """One page of the rows that the query asks for within the scope.

    The scope is a constant of its module: what it compares with is a `bindparam`, given here by name.
    """
    values: dict[str, Any] = {
        name: value
        for name in type(query).model_fields
        if name not in PageQuery.model_fields and (value := getattr(query, name)) is not None
    }
    filters = tuple((name, value if isinstance(value, bool) else None) for name, value in values.items())
    shape = Shape(type(query), filters, query.sort, query.order, "start", scope)
    bound |= values
    total = (await session.exec(_count(shape), params=bound)).one() if query.count else None
    if query.cursor:
        key, id = _decode(query)
        shape = shape._replace(after="null" if key is None else "value")
        bound |= {"after_key": key, "after_id": id}
    bound |= {"page_limit": query.limit + 1, "page_skip": query.skip}
    found: Sequence[Model] = (await session.exec(_page(shape), params=bound)).all()
    items, more = found[: query.limit], len(found) > query.limit
    return Page(items=items, next_cursor=_encode(items[-1], query) if more else None, total=total)


@lru_cache(maxsize=1024)
def _page(shape: Shape) -> SelectOfScalar[Any]:
    model, down = shape.query.model, shape.order == "desc"
    key, id = _column(model, _sorted_by(model, shape.sort)), _column(model, "id")
    nullable = key.property.columns[0].nullable
    statement = select(model).where(*_conditions(shape))
    if shape.after != "start":
        last_key, last_id = bindparam("after_key", type_=key.type), bindparam("after_id", type_=id.type)
        if shape.after == "null":
            statement = statement.where(key.is_(None), id < last_id if down else id > last_id)
        else:
            here, there = tuple_(key, id), tuple_(last_key, last_id)
            beyond = here < there if down else here > there
            statement = statement.where(or_(beyond, key.is_(None)) if nullable else beyond)
    order = [key.desc() if down else key.asc(), id.desc() if down else id.asc()]
    if nullable:
        order[0] = order[0].nulls_last()
    return statement.order_by(*order).limit(bindparam("page_limit")).offset(bindparam("page_skip"))


@lru_cache(maxsize=1024)
def _count(shape: Shape) -> SelectOfScalar[int]:
    return select(func.count(_column(shape.query.model, "id"))).where(*_conditions(shape))


def _conditions(shape: Shape) -> list[ColumnElement[bool]]:
    conditions = [_condition(shape.query, name, known) for name, known in shape.filters]
    return conditions if shape.scope is None else [shape.scope, *conditions]


def _condition(query: type[PageQuery[Any]], name: str, known: bool | None) -> ColumnElement[bool]:
    model = query.model
    for how in query.model_fields[name].metadata:
        if isinstance(how, By):
            return how.condition(bindparam(name) if known is None else known)
        if isinstance(how, Searches):
            pattern = func.lower(bindparam(name, type_=String()))
            return or_(*(func.lower(_column(model, column)).like(pattern, escape="/") for column in how.columns))
    for suffix, compare in SUFFIXES.items():
        if name.endswith(suffix):
            stem = name.removesuffix(suffix)
            column = _column(model, stem if stem in model.model_fields else f"{stem}_at")
            return compare(column, bindparam(name, type_=column.type))
    column = _column(model, name)
    return column.is_(known) if known is not None else column == bindparam(name, type_=column.type)


def _column(model: type[Any], name: str) -> InstrumentedAttribute[Any]:
    column: InstrumentedAttribute[Any] = getattr(model, name)
    return column


def _sorted_by(model: type[Entity], name: str) -> str:
    """Names that are unique in folded form are sorted by it too: it has the index, and a before B before c."""
    return f"{name}_key" if f"{name}_key" in model.model_fields else name


def _encode(row: Entity, query: PageQuery[Any]) -> str:
    key = _sorted_by(type(row), query.sort)
    values = row.model_dump(mode="json", include={key, "id"})
    text = json.dumps([query.sort, query.order, values[key], values["id"]])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(query: PageQuery[Any]) -> tuple[Any, UUID]:
    try:
        sort, order, key, id = json.loads(base64.urlsafe_b64decode(f"{query.cursor}==="))
        if (sort, order) != (query.sort, query.order):
            raise ValueError
        field = TypeAdapter(query.model.model_fields[_sorted_by(query.model, sort)].rebuild_annotation())
        return KEY.validate_python(field.validate_json(json.dumps(key)), strict=True), UUID(id)
    except (ValueError, TypeError, AttributeError, RecursionError):  # pydantic's and binascii's errors are ValueErrors
        raise invalid(["query", "cursor"], "This cursor was not made by this list in this order.", "cursor") from None
