"""Rates of exchange: something else writes them, and everybody reads them."""

from typing import Annotated

from pydantic import StringConstraints
from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from api.models.base import Entity, listed
from api.models.types import Day, Money

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class RatePublic(Entity):
    currency: Currency = Field(max_length=3)
    day: Day
    amount: Money


class Rate(RatePublic, table=True):
    __table_args__ = (UniqueConstraint("currency", "day"), *listed(by=("day", "amount")))
