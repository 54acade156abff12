"""Customers of my own."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CallerId, mine, owned, scope_values
from api.lists import Page, PageQuery, paginate
from api.models.invoice import Customer, CustomerCreate, CustomerPublic
from api.web import Router

router = Router(prefix="/customers", tags=["customers"])

MINE = mine(Customer)
MyCustomer = Annotated[Customer, Depends(owned(Customer))]


class CustomerQuery(PageQuery[Customer]):
    sort: Literal["id", "name"] = "id"


@router.get("")
async def list_customers(
    session: SessionDep, caller: CallerId, query: Annotated[CustomerQuery, Query()]
) -> Page[CustomerPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201)
async def create_customer(session: SessionDep, caller: CallerId, body: CustomerCreate) -> CustomerPublic:
    customer = Customer.model_validate(body, update={"owner_id": caller})
    session.add(customer)
    return customer


@router.get("/{id}")
async def get_customer(customer: MyCustomer) -> CustomerPublic:
    return customer


@router.delete("/{id}", status_code=204)
async def delete_customer(session: SessionDep, customer: MyCustomer) -> None:
    await session.delete(customer)
