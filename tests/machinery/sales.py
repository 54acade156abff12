"""Sales: an entity that only tests have, with numbers to add up and times to group by."""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from fastapi import Query
from sqlalchemy import Numeric
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from api.db import SessionDep
from api.deps import CallerId, mine, scope_values
from api.lists import CommaSeparated, Page, PageQuery, Summary, SummaryQuery, paginate, summarize
from api.models.base import Create, Entity
from api.models.types import Day, Flag, Line, Money, UtcDatetime, Whole
from api.web import Router


class Sold(SQLModel, registry=registry()):
    """What makes a table one of these."""


class SaleBase(SQLModel):
    shop: Line | None = Field(default=None, max_length=50)
    price: Money
    pieces: Whole = Field(default=1, ge=-(2**31), lt=2**31)
    tip: Money | None = Field(default=None, sa_type=Numeric(12, 2))
    is_paid: Flag = False
    sold_at: UtcDatetime | None = None
    due_on: Day | None = None


class SaleCreate(SaleBase, Create): ...


class SalePublic(SaleBase, Entity):
    owner_id: UUID


class Sale(SalePublic, Sold, table=True):
    __tablename__ = "apart_sales"


router = Router(prefix="/sales", tags=["sales"])
MINE = mine(Sale)


class SaleQuery(PageQuery[Sale]):
    is_paid: bool | None = None
    price_min: Money | None = None
    sort: Literal["id"] = "id"


class SaleSummary(SaleQuery, SummaryQuery[Sale]):
    time: ClassVar[str] = "sold_at"
    by: CommaSeparated[
        Literal["shop", "is_paid", "id", "day", "week", "month", "year", "sold_day", "due_week", "due_month"]
    ] = ()
    sum: CommaSeparated[Literal["price", "pieces", "tip"]] = ()


class SaleCount(SummaryQuery[Sale]): ...


@router.get("")
async def list_sales(
    session: SessionDep, caller: CallerId, query: Annotated[SaleQuery, Query()]
) -> Page[SalePublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.get("/summary")
async def summarize_sales(
    session: SessionDep, caller: CallerId, query: Annotated[SaleSummary, Query()]
) -> Summary[SaleSummary]:
    return await summarize(session, query, MINE, **scope_values(caller))


@router.get("/count")
async def count_sales(
    session: SessionDep, caller: CallerId, query: Annotated[SaleCount, Query()]
) -> Summary[SaleCount]:
    return await summarize(session, query, MINE, **scope_values(caller))


def sale(owner: Any, price: str = "1.00", **fields: Any) -> Sale:
    return Sale.model_validate(
        SaleCreate.model_validate({"price": price} | fields), update={"owner_id": owner}
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
