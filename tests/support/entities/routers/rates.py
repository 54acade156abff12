"""What money is worth."""

from typing import Annotated, Literal

from api.models.rate import Currency, Rate, RatePublic
from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import PUBLIC, found
from api.lists import Page, PageQuery, paginate
from api.models.types import Day
from api.web import Router

router = Router(prefix="/rates", tags=["rates"], dependencies=[PUBLIC])


class RateQuery(PageQuery[Rate]):
    currency: Currency | None = None
    day_min: Day | None = None
    sort: Literal["id", "day", "amount"] = "id"


@router.get("")
async def list_rates(session: SessionDep, query: Annotated[RateQuery, Query()]) -> Page[RatePublic]:
    return await paginate(session, query)


@router.get("/{id}")
async def get_rate(rate: Annotated[Rate, Depends(found(Rate))]) -> RatePublic:
    return rate
