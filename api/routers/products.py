from typing import Annotated, Literal

from fastapi import Depends, Query

from api.db.session import SessionDep
from api.deps.authentication import PUBLIC, require
from api.deps.idempotency import ONCE
from api.deps.rows import found
from api.lists.filters import Search, Searches
from api.lists.pagination import Page, PageQuery, paginate
from api.models import Permission, Product, ProductCreate, ProductPublic, ProductUpdate, StockChange
from api.models.base import utcnow
from api.models.product import MOST, Quantity
from api.models.types import Money
from api.problems import Code, ProblemError, problems
from api.web.retries import repeatable
from api.web.routes import Router

router = Router(prefix="/products", tags=["products"])

WRITER = require(Permission.products_write)
AnyProduct = Annotated[Product, Depends(found(Product))]


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


@router.post("/{id}/stock", dependencies=[WRITER, ONCE], responses=problems(Code.out_of_stock, Code.overstocked))
async def change_stock(product: AnyProduct, body: StockChange) -> ProductPublic:
    left = product.quantity + body.change  # the product's row is locked: nobody takes any in between
    if left < 0:
        raise ProblemError(Code.out_of_stock)
    if left > MOST:
        raise ProblemError(Code.overstocked)
    return product.sqlmodel_update({"quantity": left, "updated_at": utcnow()})
