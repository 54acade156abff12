"""Summaries: how many rows of a list there are, and what their numbers add up to, group by group.

class InvoiceSummary(InvoiceFilters, SummaryQuery[Invoice]):
    time: ClassVar = "issued_on"  # the column whose `day`, `week`, `month` and `year` are meant
    by: CommaSeparated[Literal["status", "month", "paid_month"]] = ()
    sum: CommaSeparated[Literal["total"]] = ()

The statement for each combination of filters, groups and sums is built once; later requests only bind values.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from pydantic import BaseModel
from sqlalchemy import Select, String, bindparam, func, select
from sqlalchemy.exc import DBAPIError

from api.db.problems import sqlstate
from api.db.session import Session
from api.lists.aggregates import ExactSum, read_sum
from api.lists.conditions import Condition
from api.lists.filters import NO_FILTERS, Filters, Model
from api.lists.groups import OWN, CommaSeparated, Zone, answer_of, check, columns_of, group_of
from api.lists.pagination import Shape, asked, conditions_of
from api.problems import invalid

MOST_GROUPS = 1_000
UNKNOWN_ZONE = "22023"  # the SQLSTATE of a time zone that PostgreSQL does not know
__all__ = ["CommaSeparated", "Summary", "SummaryQuery", "summarize"]


class SummaryQuery(Filters[Model], Generic[Model], frozen=True):
    """The query parameters of a summary: the filters of a list, without its order and its pages."""

    time: ClassVar[str] = ""

    by: tuple[str, ...] = ()
    sum: tuple[str, ...] = ()
    zone: Zone = "UTC"

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        fields = cls.model_fields
        own = {name: fields.pop(name) for name in OWN}
        super().__pydantic_init_subclass__(**kwargs)
        for name in NO_FILTERS & fields.keys():
            setattr(cls, name, "id" if name == "sort" else fields[name].default)
            del fields[name]
        generic = cls.__pydantic_generic_metadata__
        if not generic["origin"] and not generic["parameters"]:
            own = check(cls, own)
        fields.update(own)
        cls.model_rebuild(force=True)

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in super().given().items() if name not in OWN}


Query = TypeVar("Query", bound=SummaryQuery[Any])

if TYPE_CHECKING:

    class Summary(BaseModel, Generic[Query]):
        """The answer to a summary. `groups` are sorted by what they are grouped by."""

        groups: list[Any]

else:

    class Summary(BaseModel):
        """The answer to a summary. `groups` are sorted by what they are grouped by."""

        def __class_getitem__(cls, query: Any) -> Any:
            return answer_of(query, cls) if isinstance(query, type) else cls


class Grouping(NamedTuple):
    """The parts of a summary that change the statement. All other values are bound."""

    shape: Shape
    by: tuple[str, ...]
    sum: tuple[str, ...]


async def summarize(
    session: Session, query: Query, scope: Condition | None = None, **bound: Any
) -> Summary[Query]:
    """The groups of the query's rows within the scope, of which there are at most `MOST_GROUPS`.

    As for `paginate`, a scope is a constant of its module, and the values of its parameters are passed by
    name.
    """
    shape, given = asked(query, scope, bound)
    shape = shape._replace(part="all")
    by, sums = tuple(sorted(query.by)), tuple(sorted(query.sum))
    values = given | {"summary_zone": query.zone}
    try:
        found = await session.rows(_statement(Grouping(shape, by, sums)), **values)
    except DBAPIError as error:
        if sqlstate(error) != UNKNOWN_ZONE:
            raise
        raise invalid(["query", "zone"], "The database does not know this time zone.") from None
    if len(found) > MOST_GROUPS:
        said = f"These are more than {MOST_GROUPS:,} groups. Filter the rows, or group by less."
        raise invalid(["query", "by"], said, "too_many_groups")
    groups = [_read(query, by, sums, tuple(row)) for row in found]
    groups.sort(key=lambda group: [(group[name] is None, group[name] or 0) for name in query.by])
    return answer_of(type(query), Summary)(groups=groups)  # type: ignore[no-any-return]


@lru_cache(maxsize=512)
def _statement(grouping: Grouping) -> Select[Any]:
    """Each row's groups and numbers are a subquery, so that the groups are named, and not written twice."""
    query: Any = grouping.shape.query
    zone = bindparam("summary_zone", type_=String())
    groups = [group_of(query, name).expression(zone).label(f"by_{name}") for name in grouping.by]
    numbers = [columns_of(query)[name].label(f"sum_{name}") for name in grouping.sum]
    rows = select(columns_of(query)["id"], *groups, *numbers)
    inner = rows.where(*conditions_of(grouping.shape)).subquery()
    keys = [inner.c[f"by_{name}"] for name in grouping.by]
    sums = [ExactSum(inner.c[f"sum_{name}"]).label(f"sum_{name}") for name in grouping.sum]
    counted = select(*keys, func.count(inner.c.id).label("count"), *sums)
    return counted.group_by(*keys).limit(MOST_GROUPS + 1)


def _read(
    query: SummaryQuery[Any], by: tuple[str, ...], sums: tuple[str, ...], row: tuple[Any, ...]
) -> dict[str, Any]:
    keys, count, totals = row[: len(by)], row[len(by)], row[len(by) + 1 :]
    columns = columns_of(type(query))
    group = dict(zip(by, keys, strict=True)) | {"count": count}
    if "sum" in type(query).model_fields:
        group["sums"] = {
            name: read_sum(found, columns[name].type) for name, found in zip(sums, totals, strict=True)
        }
    return group
