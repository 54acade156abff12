"""Parcels, their senders and their labels: entities that only tests of lists have."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import registry
from sqlmodel import Field, Relationship, SQLModel

from api.db import SessionDep
from api.deps import PUBLIC
from api.lists import By, Page, PageQuery, paginate
from api.models.base import Entity
from api.models.types import EnumField, Line, UtcDatetime
from api.web import Router


class Apart(SQLModel, registry=registry()):
    """What makes a table one of these."""


class Status(StrEnum):
    packed = "packed"
    sent = "sent"
    lost = "lost"


class Labelling(Apart, table=True):
    __tablename__ = "apart_labelling"

    parcel_id: UUID = Field(primary_key=True, foreign_key="apart_parcels.id", ondelete="CASCADE")
    label_id: UUID = Field(primary_key=True, foreign_key="apart_labels.id", ondelete="CASCADE", index=True)


class Label(Entity, Apart, table=True):
    __tablename__ = "apart_labels"

    name: Line = Field(max_length=100)


class Country(Entity, Apart, table=True):
    __tablename__ = "apart_countrys"

    name: Line = Field(max_length=100)


class Sender(Entity, Apart, table=True):
    __tablename__ = "apart_senders"

    city: Line | None = Field(default=None, max_length=100)
    is_known: bool = False
    country_id: UUID | None = Field(default=None, foreign_key="apart_countrys.id", ondelete="SET NULL")
    country: Country | None = Relationship()


class ParcelPublic(Entity):
    name: Line = Field(max_length=100)
    status: Status = EnumField(Status, Status.packed)
    weight: int | None = None
    sent_at: UtcDatetime | None = None
    is_open: bool | None = None
    sender_id: UUID | None = Field(default=None, foreign_key="apart_senders.id", ondelete="SET NULL")
    inside_id: UUID | None = Field(default=None, foreign_key="apart_parcels.id", ondelete="SET NULL")


class Parcel(ParcelPublic, Apart, table=True):
    __tablename__ = "apart_parcels"

    sender: Sender | None = Relationship()
    labels: list[Label] = Relationship(link_model=Labelling)
    inside: "Parcel" = Relationship(
        back_populates="contents", sa_relationship_kwargs={"remote_side": "Parcel.id"}
    )
    contents: list["Parcel"] = Relationship(back_populates="inside")


class ParcelQuery(PageQuery[Parcel]):
    status: list[Status] | None = None
    status_not: list[Status] | None = None
    weight_in: list[int] | None = None
    weight_not: int | None = None
    weight_is_null: bool | None = None
    weight_min: int | None = None
    is_open: bool | None = None
    is_open_not: bool | None = None
    id_in: list[UUID] | None = None
    sent_after: UtcDatetime | None = None
    sent_at_is_null: bool | None = None
    named: Annotated[list[Line] | None, By(lambda names: Parcel.name.in_(names))] = None
    sender_id: UUID | None = None
    sender_city: Line | None = None
    sender_city_not: list[Line] | None = None
    sender_city_is_null: bool | None = None
    sender_is_known: bool | None = None
    sender_created_before: UtcDatetime | None = None
    sender_country_name: list[Line] | None = None
    labels_name: Line | None = None
    label_id: list[UUID] | None = None
    label_name_not: Line | None = None
    inside_name: Line | None = None
    contents_weight_min: int | None = None
    sort: Literal["id", "weight", "name"] = "id"


router = Router(prefix="/parcels", tags=["parcels"])


@router.get("", dependencies=[PUBLIC])
async def list_parcels(session: SessionDep, query: Annotated[ParcelQuery, Query()]) -> Page[ParcelPublic]:
    return await paginate(session, query)
