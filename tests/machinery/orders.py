"""Orders with lines, parts of lines, and tags: entities that only tests have, like `books.py`."""

import asyncio
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import bindparam
from sqlmodel import Field, Relationship, SQLModel, col, func, select

from api.db import (
    PositionCode,
    RowOrder,
    SessionDep,
    append,
    fresh,
    link,
    link_only,
    remove,
    reorder,
    unlink,
)
from api.deps import CallerId, check_reference, child, mine, other, owned, parent, scope_values
from api.lists import Page, PageQuery, paginate
from api.lists.filters import SortOrder
from api.models.base import TO_ONE_OR_NONE, Create, Entity, Update
from api.models.children import Link, Positioned, to_many
from api.models.types import Line as Words
from api.models.types import Whole
from api.problems import Code, ProblemError, problems
from api.web import Router, repeatable
from tests.machinery.books import Apart


class BuyerBase(SQLModel):
    name: Words = Field(min_length=1, max_length=100)


class BuyerPublic(BuyerBase, Entity):
    owner_id: UUID


class Buyer(BuyerPublic, Apart, table=True):
    __tablename__ = "apart_buyers"


class BuyerSummary(SQLModel):
    """A buyer as part of an order."""

    id: UUID
    name: str


class TagBase(SQLModel):
    name: Words = Field(min_length=1, max_length=30)


class TagCreate(TagBase, Create): ...


class TagPublic(TagBase, Entity):
    owner_id: UUID


class Tag(TagPublic, Apart, table=True):
    __tablename__ = "apart_order_tags_of_mine"


class TagSummary(SQLModel):
    """A tag as part of an order."""

    id: UUID
    name: str


class PartPublic(Entity):
    name: str
    line_id: UUID = Field(foreign_key="apart_order_lines.id", ondelete="CASCADE", index=True)


class Part(PartPublic, Apart, table=True):
    __tablename__ = "apart_parts"


class LineBase(SQLModel):
    text: Words = Field(default="Cloth", min_length=1, max_length=100)
    amount: Whole = Field(ge=0, le=1000)


class LineCreate(LineBase, Create): ...


class LineUpdate(LineBase, Update): ...


class LineRow(LineBase, Positioned, Entity):
    order_id: UUID = Field(foreign_key="apart_orders.id", ondelete="CASCADE", index=True)


class LinePublic(LineRow):
    parts: list[PartPublic]


class OrderLine(LineRow, Apart, table=True):
    __tablename__ = "apart_order_lines"

    parts: list[Part] = Relationship(sa_relationship_kwargs=to_many("Part.id"))


class OrderTag(Link, Apart, table=True):
    __tablename__ = "apart_order_tags"

    order_id: UUID = Field(primary_key=True, foreign_key="apart_orders.id", ondelete="CASCADE")
    tag_id: UUID = Field(
        primary_key=True, foreign_key="apart_order_tags_of_mine.id", ondelete="CASCADE", index=True
    )


class OrderBase(SQLModel):
    number: Words = Field(min_length=1, max_length=30)
    buyer_id: UUID | None = Field(
        default=None, foreign_key="apart_buyers.id", ondelete="SET NULL", index=True
    )


class OrderCreate(OrderBase, Create):
    lines: list[LineCreate] = Field(default=[], max_length=100)
    tag_ids: list[UUID] = Field(default=[], max_length=20)


class OrderUpdate(OrderBase, Update):
    tag_ids: list[UUID] = Field(default=[], max_length=20)


class OrderRow(OrderBase, Entity):
    owner_id: UUID
    total: int = 0


class OrderPublic(OrderRow):
    lines: list[LinePublic]
    tags: list[TagSummary]
    buyer: BuyerSummary | None


class Order(OrderRow, Apart, table=True):
    __tablename__ = "apart_orders"

    lines: list[OrderLine] = Relationship(sa_relationship_kwargs=to_many("OrderLine.position"))
    tags: list[Tag] = Relationship(link_model=OrderTag, sa_relationship_kwargs=to_many("Tag.name"))
    buyer: Buyer | None = Relationship(sa_relationship_kwargs=TO_ONE_OR_NONE)


MOST = 1000  # of the total

router = Router(tags=["orders"])
MINE, OF_ORDER = mine(Order), col(OrderLine.order_id) == bindparam("order_id")
my_order, my_tag = owned(Order, OrderPublic), owned(Tag)
MyOrder = Annotated[Order, Depends(my_order)]
OfOrder = Annotated[Order, Depends(parent(my_order, "order_id"))]
MyLine = Annotated[OrderLine, Depends(child(OrderLine, my_order, "order_id", LinePublic))]
MyTag = Annotated[Tag, Depends(other(my_tag, "tag_id"))]


class OrderQuery(PageQuery[Order]):
    sort: Literal["id", "number"] = "id"


class LineQuery(PageQuery[OrderLine]):
    sort: Literal["position"] = "position"
    order: SortOrder = SortOrder.asc


@router.get("/orders", response_model=Page[OrderPublic])
async def list_orders(
    session: SessionDep, caller: CallerId, query: Annotated[OrderQuery, Query()]
) -> Page[Order]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("/orders", status_code=201, response_model=OrderPublic)
async def create_order(session: SessionDep, caller: CallerId, body: OrderCreate) -> Order:
    await check_reference(session, Tag, body.tag_ids, "tag_ids", mine(Tag), **scope_values(caller))
    total = sum(line.amount for line in body.lines)
    order = Order.model_validate(body, update={"owner_id": caller, "total": total})
    session.add(order)
    await link_only(session, OrderTag, order, Tag, body.tag_ids)
    return await fresh(session, order)


@router.get("/orders/{id}", response_model=OrderPublic)
async def get_order(order: MyOrder) -> Order:
    return order


@router.patch("/orders/{id}", response_model=OrderPublic)
async def update_order(session: SessionDep, caller: CallerId, order: MyOrder, body: OrderUpdate) -> Order:
    if "tag_ids" in body.model_fields_set:
        await check_reference(session, Tag, body.tag_ids, "tag_ids", mine(Tag), **scope_values(caller))
        await link_only(session, OrderTag, order, Tag, body.tag_ids)
    return await fresh(session, body.apply(order))


@router.delete("/orders/{id}", status_code=204)
async def delete_order(session: SessionDep, order: MyOrder) -> None:
    await session.delete(order)


@router.post("/order-tags", status_code=201)
async def create_tag(session: SessionDep, caller: CallerId, body: TagCreate) -> TagPublic:
    tag = Tag.model_validate(body, update={"owner_id": caller})
    session.add(tag)
    return tag


@router.put("/orders/{id}/tags/{tag_id}", status_code=204)
async def add_tag(session: SessionDep, order: MyOrder, tag: MyTag) -> None:
    await link(session, OrderTag, order, tag)


@router.delete("/orders/{id}/tags/{tag_id}", status_code=204)
async def remove_tag(session: SessionDep, order: MyOrder, tag: MyTag) -> None:
    await unlink(session, OrderTag, order, tag)


@router.get("/orders/{order_id}/lines", response_model=Page[LinePublic])
async def list_lines(
    session: SessionDep, order: OfOrder, query: Annotated[LineQuery, Query()]
) -> Page[OrderLine]:
    return await paginate(session, query, OF_ORDER, order_id=order.id)


@router.post(
    "/orders/{order_id}/lines", status_code=201, response_model=LinePublic, responses=problems(Code.conflict)
)
async def create_line(session: SessionDep, order: OfOrder, body: LineCreate) -> OrderLine:
    line = OrderLine.model_validate(body, update={"order_id": order.id})
    await append(session, order, line)
    await add_up(session, order)
    return await fresh(session, line)


@router.put(
    "/orders/{order_id}/lines/order", status_code=204, responses=problems(PositionCode.order_outdated)
)
async def reorder_lines(session: SessionDep, order: OfOrder, body: RowOrder) -> None:
    await reorder(session, order, OrderLine, body.ids)


@router.get("/orders/{order_id}/lines/{id}", response_model=LinePublic)
async def get_line(line: MyLine) -> OrderLine:
    return line


@router.patch("/orders/{order_id}/lines/{id}", response_model=LinePublic, responses=problems(Code.conflict))
@repeatable
async def update_line(session: SessionDep, order: OfOrder, line: MyLine, body: LineUpdate) -> OrderLine:
    body.apply(line)
    await add_up(session, order)
    return line


@router.delete("/orders/{order_id}/lines/{id}", status_code=204)
async def delete_line(session: SessionDep, order: OfOrder, line: MyLine) -> None:
    await remove(session, order, line)
    await add_up(session, order)


async def add_up(session: SessionDep, order: Order) -> None:
    amounts = select(func.coalesce(func.sum(OrderLine.amount), 0)).where(OrderLine.order_id == order.id)
    total = (await session.exec(amounts)).one()
    await asyncio.sleep(0.005)  # other requests come in between, unless the order is locked
    order.total = total
    if order.total > MOST:
        raise ProblemError(Code.conflict)
