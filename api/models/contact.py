"""Contacts of a team: those who may become its customers, and those who have."""

from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from api.models.account_types import Email
from api.models.base import Create, Entity, Update, listed
from api.models.states import StateField
from api.models.team import Shared, TeamRef
from api.models.trashable import Trashable
from api.models.types import Line


class ContactStage(StrEnum):
    lead = "lead"
    customer = "customer"
    former = "former"


class ContactBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "name": "Riverside clinic",
        "email": "desk@riverside.example",
        "city": "Hamburg",
        "external_id": "C-1042",
    }

    name: Line = Field(min_length=1, max_length=200)
    email: Email | None = Field(default=None, max_length=254)
    city: Line | None = Field(default=None, max_length=100)
    external_id: Line | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="The id in another system, unique in the team.",
    )
    stage: ContactStage = StateField(
        ContactStage,
        ContactStage.lead,
        initial=[ContactStage.customer],
        transitions={
            ContactStage.lead: [ContactStage.customer, ContactStage.former],
            ContactStage.customer: [ContactStage.former],
            ContactStage.former: [ContactStage.customer],
        },
    )


class ContactCreate(ContactBase, TeamRef, Create): ...


class ContactUpdate(ContactBase, Update):
    __examples__: ClassVar[dict[str, Any]] = {"stage": "customer"}


class ContactPublic(ContactBase, Shared, Trashable, Entity): ...


class Contact(ContactPublic, table=True):
    __live__ = ("created", "updated", "deleted")
    __history__ = True
    __table_args__ = (UniqueConstraint("team_id", "external_id"), *listed("team_id", by=("id", "name")))
