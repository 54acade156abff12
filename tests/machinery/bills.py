"""Bills, whose payer and items are answered only when a client asks for them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from sqlmodel import Field, Relationship, SQLModel

from api.db import SessionDep, fresh
from api.deps import CallerId, mine, owned, scope_values
from api.lists import Expands, Names, Page, PageQuery, Shown, Shows, expand, paginate
from api.models.base import Create, Entity, Update
from api.models.children import Positioned, to_many
from api.models.expanding import expandable
from api.models.types import Line, Whole
from api.web import Router
from tests.machinery.books import Apart


class PayerSummary(SQLModel):
    """Who pays."""

    id: UUID
    name: str


class PayerPublic(Entity):
    name: Line
    secret: str


class Payer(PayerPublic, Apart, table=True):
    __tablename__ = "apart_payers"


class ItemBase(SQLModel):
    text: Line = Field(max_length=100)


class ItemCreate(ItemBase, Create): ...


class ItemPublic(ItemBase, Positioned, Entity):
    bill_id: UUID = Field(foreign_key="apart_bills.id", ondelete="CASCADE", index=True)


class Item(ItemPublic, Apart, table=True):
    __tablename__ = "apart_bill_items"


class BillBase(SQLModel):
    number: Line = Field(max_length=30)
    amount: Whole = 0
    payer_id: UUID | None = Field(default=None, foreign_key="apart_payers.id")


class BillCreate(BillBase, Create):
    items: list[ItemCreate] = Field(default=[], max_length=10)


class BillUpdate(BillBase, Update): ...


class BillRow(BillBase, Entity):
    owner_id: UUID


class BillPublic(BillRow):
    items: list[ItemPublic] = expandable(description="The items.")
    payer: PayerSummary | None = expandable(description="Who pays.")


class Bill(BillRow, Apart, table=True):
    __tablename__ = "apart_bills"

    items: list[Item] = Relationship(sa_relationship_kwargs=to_many("Item.position", lazy="raise"))
    payer: Payer | None = Relationship()


router = Router(prefix="/bills", tags=["bills"])
MINE = mine(Bill)
MyBill = Annotated[Bill, Depends(owned(Bill, BillPublic))]


class BillShown(Shown[Bill]):
    expand: Annotated[Names | None, Expands("items", "payer")] = None
    fields: Annotated[Names | None, Shows(BillPublic)] = None


class BillQuery(BillShown, PageQuery[Bill]):
    sort: Literal["id", "number"] = "id"


@router.get("", response_model=Page[BillPublic])
async def list_bills(
    session: SessionDep, caller: CallerId, query: Annotated[BillQuery, Query()]
) -> Page[Bill]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201, response_model=BillPublic)
async def create_bill(session: SessionDep, caller: CallerId, body: BillCreate) -> Bill:
    return await fresh(session, Bill.model_validate(body, update={"owner_id": caller}))


@router.get("/{id}", response_model=BillPublic)
async def get_bill(session: SessionDep, bill: MyBill, shown: Annotated[BillShown, Query()]) -> Bill:
    return await expand(session, bill, shown)


@router.patch("/{id}", response_model=BillPublic)
async def update_bill(bill: MyBill, body: BillUpdate) -> Bill:
    return body.apply(bill)


@router.delete("/{id}", status_code=204)
async def delete_bill(session: SessionDep, bill: MyBill) -> None:
    await session.delete(bill)
