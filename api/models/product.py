"""Products: name, price and stock."""

from typing import Annotated, Any, ClassVar

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Permission, Update, listed
from api.models.types import Money, Name, Text, Whole

MOST = 2_000_000_000  # slightly less than the maximum of a PostgreSQL INTEGER


class ProductPermission(Permission):
    write = "products:write"


Quantity = Annotated[int, Field(ge=0, le=MOST)]


class ProductBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "name": "Picture cards",
        "description": "Sixty cards with animals and their sounds.",
        "price": "12.50",
        "quantity": 40,
    }

    name: Name = Field(min_length=1, max_length=200, unique=True)
    description: Text = Field(default="", max_length=5000)
    price: Money = Field(
        max_digits=12, decimal_places=2, description="An exact amount of money, as a string."
    )
    quantity: Whole = Field(default=0, ge=0, le=MOST, description="The quantity in stock.")


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
    __examples__: ClassVar[dict[str, Any]] = {"change": -2}

    change: Whole = Field(
        ge=-MOST, le=MOST, description="The change in stock: positive adds, negative removes."
    )
