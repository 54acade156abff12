"""Products: what is sold, at what price, and how much of it is left."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Line, Text, Update, Whole, listed

MOST = 2_000_000_000  # an INTEGER of PostgreSQL holds a little more


def _as_text(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError('Write the amount as text, like "12.50": a number in JSON is not exact.')
    return value


Price = Annotated[
    Decimal,
    Field(ge=0, max_digits=12, decimal_places=2),
    BeforeValidator(_as_text),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,10}([.][0-9]{1,2})?$", "examples": ["12.50"]}),
]
Quantity = Annotated[int, Field(ge=0, le=MOST)]


class ProductBase(SQLModel):
    name: Line = Field(min_length=1, max_length=200, unique=True)
    description: Text = Field(default="", max_length=5000)
    price: Price = Field(max_digits=12, decimal_places=2, description="An amount of money, as text: it is exact.")
    quantity: Whole = Field(default=0, ge=0, le=MOST, description="How many are in stock.")


class ProductCreate(ProductBase, Create): ...


class ProductUpdate(ProductBase, Update): ...


class ProductPublic(ProductBase, Entity): ...


class Product(ProductPublic, table=True):
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        *listed(by=("price", "quantity")),
    )


class StockChange(Create):
    change: Whole = Field(ge=-MOST, le=MOST, description="How many come in, or, if negative, go out.")
