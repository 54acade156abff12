"""Keyset pagination: each page starts after a row's (sort key, id).

So inserts do not shift pages, and page 1000 costs as much as page 1. The statement for each combination of
filters and order is built once; later requests only bind values.

Rows without a sort key come last in both directions. They are a separate part of the list: when the rows with
a key end, the page continues with this part. An index of the list serves each part.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import lru_cache
from operator import and_, eq
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, Field
from sqlalchemy import BinaryExpression, bindparam, func, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from api.db.session import Session
from api.lists.conditions import READER, Condition
from api.lists.cursors import Place, cursor_of, place_after, place_of
from api.lists.filters import Filters, Model, bound_values, condition, shaped, sorted_by
from api.lists.searches import column_of
from api.lists.shown import loading, names_in, noted
from api.lists.words import ranked
from api.problems import invalid

Item = TypeVar("Item", covariant=True)

Part = Literal["keyed", "keyless", "all"]
CHUNK = 500  # rows that `walk` reads at a time


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    if TYPE_CHECKING:
        items: Sequence[Item]  # covariant: a page of rows is a page of their Public
    else:
        items: list[Item]  # Pydantic serializes a list faster than a Sequence
    next_cursor: str | None = Field(description="The `cursor` of the next page. Null on the last page.")
    total: int | None = Field(default=None, description="The number of all rows. Only with `count=true`.")

    model_config = {"from_attributes": True, "json_schema_serialization_defaults_required": True}

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return str(params[0].__name__).removesuffix("Public") + "Page"  # BookPage, not Page_BookPublic_


class PageQuery(Filters[Model], Generic[Model], frozen=True):
    """The query parameters of every list."""

    limit: int = Field(default=50, ge=1, le=200, description="The maximum number of rows on the page.")
    cursor: str | None = Field(
        default=None, max_length=1000, description="The previous page's `next_cursor`."
    )
    skip: int = Field(default=0, ge=0, le=1_000_000, description="The number of rows to skip.")
    count: bool = Field(default=False, description="Whether to return `total`.")


class Shape(NamedTuple):
    """The parts of a query that change the statement. All other values are bound."""

    query: type[Filters[Any]]
    filters: tuple[tuple[str, bool | int | None], ...]
    sort: str
    order: str
    scope: Condition | None
    expand: tuple[str, ...] = ()
    part: Part = "keyed"
    begun: bool = False


async def paginate(
    session: Session, query: PageQuery[Model], scope: Condition | None = None, **bound: Any
) -> Page[Model]:
    """One page of the query's rows within the scope.

    A scope is a constant of its module. Its parameters are `bindparam`s; their values are passed by name.
    """
    shape, bound = asked(query, scope, bound)
    total = (await session.rows(_count(shape._replace(part="all")), **bound))[0] if query.count else None
    place = place_of(query) if query.cursor else None
    found = await _fetch(session, shape, bound, place, query.limit + 1, query.skip)
    items, next_cursor = noted(found[: query.limit], shape.expand), None
    if len(found) > query.limit:
        next_cursor = cursor_of(place_after(query, items[-1], place, query.skip + query.limit), query)
    return Page(items=items, next_cursor=next_cursor, total=total)


async def walk(
    read: Callable[[], Session], query: Filters[Model], scope: Condition | None = None, **bound: Any
) -> AsyncIterator[Sequence[Model]]:
    """All rows of the query, in chunks. Each chunk has its own session, so none is open between chunks."""
    shape, bound = asked(query, scope, bound)
    place = None
    while True:
        async with read() as session:
            rows = await _fetch(session, shape, bound, place, CHUNK)
        if rows:
            yield rows
        if len(rows) < CHUNK:
            return
        place = place_after(query, rows[-1], place, CHUNK)


def asked(
    query: Filters[Any], scope: Condition | None, bound: Mapping[str, Any]
) -> tuple[Shape, dict[str, Any]]:
    """The shape of the query, and all values."""
    given = query.given()
    if query.is_ranked(query.sort) and "q" not in given:
        raise invalid(["query", "sort"], "Rank is the order of a search: send q too.", "rank")
    filters = tuple((name, shaped(one)) for name, one in given.items())
    shape = Shape(type(query), filters, query.sort, query.order, scope, names_in(query))
    return shape, {READER: bound.get("caller"), **bound, **bound_values(type(query), given)}


async def _fetch(
    session: Session, shape: Shape, bound: dict[str, Any], place: Place | None, limit: int, skip: int = 0
) -> list[Any]:
    if shape.query.is_ranked(shape.sort):
        start = skip + (place.key if place else 0)
        return list(await session.rows(_best(shape), **bound, page_limit=limit, page_skip=start))
    if place is not None:
        part: Part = "keyed" if place.key is not None else "keyless"
        shape = shape._replace(part=part, begun=True)
        bound = bound | {"place_key": place.key, "place_id": place.id}
    rows = list(await session.rows(_page(shape), **bound, page_limit=limit, page_skip=skip))
    if len(rows) == limit or shape.part == "keyless" or not _nullable(shape):
        return rows
    if skip:  # the rows that are still to be skipped in the keyless part
        skip = max(0, skip - (await session.rows(_count(shape), **bound))[0])
    rest = _page(shape._replace(part="keyless", begun=False))
    return rows + list(await session.rows(rest, **bound, page_limit=limit - len(rows), page_skip=skip))


@lru_cache(maxsize=512)
def _page(shape: Shape) -> SelectOfScalar[Any]:
    alike = [column for column, _ in _parts(shape)[0]]
    order = [column.desc() if shape.order == "desc" else column.asc() for column in (*alike, *_order(shape))]
    rows = select(shape.query.model).options(*loading(shape.query.model, shape.expand))
    rows = rows.where(*conditions_of(shape)).order_by(*order)
    return shape.query.read(rows.limit(bindparam("page_limit")).offset(bindparam("page_skip")))


@lru_cache(maxsize=256)
def _best(shape: Shape) -> SelectOfScalar[Any]:
    """The rows that a search for words finds, the best first. Their pages are counted: ranks are no keys."""
    model, search = shape.query.model, shape.query.search
    best, id = ranked(model, search.columns if search else (), "q"), column_of(model, "id")
    others = tuple(one for one in shape.filters if one[0] != "q")
    conditions = conditions_of(shape._replace(filters=others, sort="id", part="all"))
    order = [one.desc() if shape.order == "desc" else one.asc() for one in (best.c.score, id)]
    rows = select(model).options(*loading(model, shape.expand))
    rows = rows.join(best, best.c.place == id).where(*conditions).order_by(*order)
    return shape.query.read(rows.limit(bindparam("page_limit")).offset(bindparam("page_skip")))


@lru_cache(maxsize=256)
def _count(shape: Shape) -> SelectOfScalar[int]:
    rows = select(func.count(column_of(shape.query.model, "id"))).where(*conditions_of(shape))
    return shape.query.read(rows)


def _parts(shape: Shape) -> tuple[list[tuple[Any, Any]], list[Condition]]:
    """The scope's first equality (`owner_id = :caller`), if it has one, and its other conditions.

    A page replaces the equality by `<=` and `>=`, and sorts by this column first. Otherwise PostgreSQL, which
    makes one plan for all callers, may read the rows of all users in the order of ids until it has enough
    rows of the caller. A caller with a few rows among a million would wait a thousand times as long.
    """
    scope: Any = shape.scope
    if scope is None:
        return [], []
    parts = list(scope.clauses) if getattr(scope, "operator", None) is and_ else [scope]
    equal = [part for part in parts if isinstance(part, BinaryExpression) and part.operator is eq]
    if shape.part != "keyed" or not equal:
        return [], parts
    return [(equal[0].left, equal[0].right)], [part for part in parts if part is not equal[0]]


def conditions_of(shape: Shape) -> list[Condition]:
    alike, others = _parts(shape)
    conditions = [condition(shape.query, name, known) for name, known in shape.filters] + others
    if shape.part == "all":
        return conditions
    key, id = _order(shape)
    down = shape.order == "desc"
    if _nullable(shape):
        conditions.append(key.is_not(None) if shape.part == "keyed" else key.is_(None))
    for column, value in alike:
        far, near = (column >= value, column <= value) if down else (column <= value, column >= value)
        conditions += [far] if shape.begun else [far, near]  # the place already limits the other side
    if shape.begun:
        start = [(key, bindparam("place_key", type_=key.type)), (id, bindparam("place_id", type_=id.type))]
        here = [*alike, *start]
        columns, values = zip(*(here if shape.part == "keyed" else here[-1:]), strict=True)
        place, last = tuple_(*columns), tuple_(*values)
        conditions.append(place < last if down else place > last)
    return conditions


def _order(shape: Shape) -> tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]]:
    model = shape.query.model
    return column_of(model, sorted_by(model, shape.sort)), column_of(model, "id")


def _nullable(shape: Shape) -> bool:
    return bool(_order(shape)[0].property.columns[0].nullable)
