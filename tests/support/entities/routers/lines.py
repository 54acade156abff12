"""The lines of an invoice."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from sqlalchemy import bindparam
from sqlmodel import col, func, select

from api.db import PositionCode, RowOrder, SessionDep, append, remove, reorder
from api.deps import child, owned, parent
from api.lists import Page, PageQuery, paginate
from api.lists.filters import SortOrder
from api.models.invoice import (
    Invoice,
    InvoiceLine,
    InvoiceLineCreate,
    InvoiceLinePublic,
    InvoiceLineUpdate,
    InvoicePublic,
)
from api.problems import problems
from api.web import Router

router = Router(prefix="/invoices/{invoice_id}/lines", tags=["lines"])

OF_INVOICE = col(InvoiceLine.invoice_id) == bindparam("invoice_id")
my_invoice = owned(Invoice, InvoicePublic)
OfInvoice = Annotated[Invoice, Depends(parent(my_invoice, "invoice_id"))]
MyLine = Annotated[InvoiceLine, Depends(child(InvoiceLine, my_invoice, "invoice_id"))]


class InvoiceLineQuery(PageQuery[InvoiceLine]):
    sort: Literal["position", "id"] = "position"
    order: SortOrder = SortOrder.asc


@router.get("")
async def list_lines(
    session: SessionDep, invoice: OfInvoice, query: Annotated[InvoiceLineQuery, Query()]
) -> Page[InvoiceLinePublic]:
    return await paginate(session, query, OF_INVOICE, invoice_id=invoice.id)


@router.post("", status_code=201)
async def create_line(session: SessionDep, invoice: OfInvoice, body: InvoiceLineCreate) -> InvoiceLinePublic:
    of = {"invoice_id": invoice.id, "owner_id": invoice.owner_id}
    line = InvoiceLine.model_validate(body, update=of)
    await append(session, invoice, line)
    await add_up(session, invoice)
    return line


@router.put("/order", status_code=204, responses=problems(PositionCode.order_outdated))
async def reorder_lines(session: SessionDep, invoice: OfInvoice, body: RowOrder) -> None:
    await reorder(session, invoice, InvoiceLine, body.ids)


@router.get("/{id}")
async def get_line(line: MyLine) -> InvoiceLinePublic:
    return line


@router.patch("/{id}")
async def update_line(
    session: SessionDep, invoice: OfInvoice, line: MyLine, body: InvoiceLineUpdate
) -> InvoiceLinePublic:
    body.apply(line)
    await add_up(session, invoice)
    return line


@router.delete("/{id}", status_code=204)
async def delete_line(session: SessionDep, invoice: OfInvoice, line: MyLine) -> None:
    await remove(session, invoice, line)
    await add_up(session, invoice)


async def add_up(session: SessionDep, invoice: Invoice) -> None:
    """The invoice is locked, so its total is right when this is committed."""
    total = select(func.coalesce(func.sum(InvoiceLine.amount), 0)).where(InvoiceLine.invoice_id == invoice.id)
    invoice.total = (await session.exec(total)).one()
