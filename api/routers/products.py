"""Products and their stock."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import PUBLIC, found, require
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.models.base import utcnow
from api.models.product import (
    MOST,
    Product,
    ProductCreate,
    ProductPermission,
    ProductPublic,
    ProductUpdate,
    Quantity,
    StockChange,
)
from api.models.types import Money
from api.problems import Code, ProblemCode, ProblemError, problems
from api.web import Router, repeatable

router = Router(prefix="/products", tags=["products"])

WRITER = require(ProductPermission.write)
AnyProduct = Annotated[Product, Depends(found(Product))]


class ProductCode(ProblemCode):
    out_of_stock = "out_of_stock", 409, "Not enough in stock."
    overstocked = "overstocked", 409, "The stock would exceed the maximum quantity."


class ProductQuery(PageQuery[Product]):
    price_min: Money | None = None
    price_max: Money | None = None
    quantity_min: Quantity | None = None
    q: Annotated[Search | None, Searches("name", "description", of_all=True)] = None
    sort: Literal["id", "name", "price", "quantity"] = "id"


@router.get("", dependencies=[PUBLIC])
async def list_products(session: SessionDep, query: Annotated[ProductQuery, Query()]) -> Page[ProductPublic]:
    return await paginate(session, query)


@router.post("", status_code=201, dependencies=[WRITER], responses=problems(Code.already_exists))
async def create_product(session: SessionDep, body: ProductCreate) -> ProductPublic:
    product = Product.model_validate(body)
    session.add(product)
    return product


@router.get("/{id}", dependencies=[PUBLIC])
async def get_product(product: AnyProduct) -> ProductPublic:
    return product


@router.patch("/{id}", dependencies=[WRITER], responses=problems(Code.already_exists))
@repeatable
async def update_product(product: AnyProduct, body: ProductUpdate) -> ProductPublic:
    return body.apply(product)


@router.delete("/{id}", status_code=204, dependencies=[WRITER])
@repeatable
async def delete_product(session: SessionDep, product: AnyProduct) -> None:
    await session.delete(product)


@router.post(
    "/{id}/stock",
    dependencies=[WRITER],
    responses=problems(ProductCode.out_of_stock, ProductCode.overstocked),
)
async def change_stock(product: AnyProduct, body: StockChange) -> ProductPublic:
    left = product.quantity + body.change  # the product's row is locked, so this stays valid
    if left < 0:
        raise ProblemError(ProductCode.out_of_stock)
    if left > MOST:
        raise ProblemError(ProductCode.overstocked)
    return product.sqlmodel_update({"quantity": left, "updated_at": utcnow()})
