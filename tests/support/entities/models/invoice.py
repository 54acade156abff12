"""Invoices of my own, each with a customer, lines in an order, and tags."""

from decimal import Decimal
from uuid import UUID

from sqlmodel import Field, Relationship, SQLModel

from api.models.base import Create, Entity, Owned, Update, listed
from api.models.children import Link, Positioned, to_many
from api.models.expanding import expandable
from api.models.types import Line, Money


class CustomerBase(SQLModel):
    name: Line = Field(min_length=1, max_length=100)
    city: Line = Field(default="", max_length=100)


class CustomerCreate(CustomerBase, Create): ...


class CustomerPublic(CustomerBase, Owned, Entity): ...


class Customer(CustomerPublic, table=True):
    __table_args__ = listed("owner_id", by=("id", "name"))


class LabelBase(SQLModel):
    name: Line = Field(min_length=1, max_length=30)


class LabelCreate(LabelBase, Create): ...


class LabelPublic(LabelBase, Owned, Entity): ...


class Label(LabelPublic, table=True):
    __table_args__ = listed("owner_id", by=("id", "name"))


class LabelSummary(SQLModel):
    """A label as part of an invoice."""

    id: UUID
    name: str


class InvoiceLineBase(SQLModel):
    text: Line = Field(min_length=1, max_length=200)
    amount: Money


class InvoiceLineCreate(InvoiceLineBase, Create): ...


class InvoiceLineUpdate(InvoiceLineBase, Update): ...


class InvoiceLinePublic(InvoiceLineBase, Positioned, Owned, Entity):
    invoice_id: UUID = Field(foreign_key="invoices.id", ondelete="CASCADE", description="Of which invoice.")


class InvoiceLine(InvoiceLinePublic, table=True):
    __table_args__ = (*listed("invoice_id", by=("position", "id")), *listed("owner_id", by=("id",)))
    __live__ = ("created", "updated", "deleted")


class InvoiceLabel(Link, table=True):
    invoice_id: UUID = Field(primary_key=True, foreign_key="invoices.id", ondelete="CASCADE")
    label_id: UUID = Field(primary_key=True, foreign_key="labels.id", ondelete="CASCADE", index=True)


class InvoiceBase(SQLModel):
    number: Line = Field(min_length=1, max_length=30)
    customer_id: UUID | None = Field(
        default=None,
        foreign_key="customers.id",
        ondelete="SET NULL",
        index=True,
        description="Whom it is for.",
    )


class InvoiceCreate(InvoiceBase, Create):
    lines: list[InvoiceLineCreate] = Field(default=[], max_length=100, description="The first lines.")
    label_ids: list[UUID] = Field(default=[], max_length=20, description="The ids of its labels.")


class InvoiceUpdate(InvoiceBase, Update): ...


class InvoiceRow(InvoiceBase, Owned, Entity):
    total: Decimal = Field(
        default=Decimal(0), max_digits=12, decimal_places=2, description="The sum of its lines."
    )


class CustomerSummary(SQLModel):
    """A customer as part of an invoice."""

    id: UUID
    name: str


class InvoicePublic(InvoiceRow):
    lines: list[InvoiceLinePublic]
    labels: list[LabelSummary]
    customer: CustomerSummary | None = expandable(description="Null if the customer was deleted.")


class Invoice(InvoiceRow, table=True):
    __table_args__ = listed("owner_id", by=("id", "number"))

    lines: list[InvoiceLine] = Relationship(sa_relationship_kwargs=to_many("InvoiceLine.position"))
    labels: list[Label] = Relationship(link_model=InvoiceLabel, sa_relationship_kwargs=to_many("Label.name"))
    customer: Customer | None = Relationship()
