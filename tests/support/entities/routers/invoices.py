"""Invoices of my own."""

from decimal import Decimal
from typing import Annotated, Literal

from fastapi import Depends, Query

from api.db import SessionDep, fresh, link, link_only, unlink
from api.deps import CallerId, check_reference, mine, other, owned, scope_values
from api.lists import Expands, Names, Page, PageQuery, Shown, Shows, expand, paginate
from api.models.invoice import (
    Customer,
    Invoice,
    InvoiceCreate,
    InvoiceLabel,
    InvoicePublic,
    InvoiceUpdate,
    Label,
)
from api.problems import Code, problems
from api.web import Router

router = Router(prefix="/invoices", tags=["invoices"])

MINE = mine(Invoice)
MyInvoice = Annotated[Invoice, Depends(owned(Invoice, InvoicePublic))]
MyLabel = Annotated[Label, Depends(other(owned(Label), "label_id"))]


class InvoiceShown(Shown[Invoice]):
    expand: Annotated[Names | None, Expands("customer")] = None
    fields: Annotated[Names | None, Shows(InvoicePublic)] = None


class InvoiceQuery(InvoiceShown, PageQuery[Invoice]):
    sort: Literal["id", "number"] = "id"


@router.get("", response_model=Page[InvoicePublic])
async def list_invoices(
    session: SessionDep, caller: CallerId, query: Annotated[InvoiceQuery, Query()]
) -> Page[Invoice]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201, response_model=InvoicePublic, responses=problems(Code.conflict))
async def create_invoice(session: SessionDep, caller: CallerId, body: InvoiceCreate) -> Invoice:
    values = scope_values(caller)
    await check_reference(session, Customer, body.customer_id, "customer_id", mine(Customer), **values)
    await check_reference(session, Label, body.label_ids, "label_ids", mine(Label), **values)
    total = sum((line.amount for line in body.lines), Decimal(0))
    invoice = Invoice.model_validate(body, update={"owner_id": caller, "total": total})
    session.add(invoice)
    await link_only(session, InvoiceLabel, invoice, Label, body.label_ids)
    return await fresh(session, invoice)


@router.get("/{id}", response_model=InvoicePublic)
async def get_invoice(
    session: SessionDep, invoice: MyInvoice, shown: Annotated[InvoiceShown, Query()]
) -> Invoice:
    return await expand(session, invoice, shown)


@router.patch("/{id}", response_model=InvoicePublic, responses=problems(Code.conflict))
async def update_invoice(
    session: SessionDep, caller: CallerId, invoice: MyInvoice, body: InvoiceUpdate
) -> Invoice:
    values = scope_values(caller)
    await check_reference(session, Customer, body.customer_id, "customer_id", mine(Customer), **values)
    return await fresh(session, body.apply(invoice))


@router.delete("/{id}", status_code=204)
async def delete_invoice(session: SessionDep, invoice: MyInvoice) -> None:
    await session.delete(invoice)


@router.put("/{id}/labels/{label_id}", status_code=204)
async def add_label(session: SessionDep, invoice: MyInvoice, label: MyLabel) -> None:
    await link(session, InvoiceLabel, invoice, label)


@router.delete("/{id}/labels/{label_id}", status_code=204)
async def remove_label(session: SessionDep, invoice: MyInvoice, label: MyLabel) -> None:
    await unlink(session, InvoiceLabel, invoice, label)
