"""Parcels and what is in them: both are moved to the trash, alone or the one with the other."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import column_property
from sqlmodel import Field, SQLModel, func, select

from api.models.base import Create, Entity, Owned, Update, listed
from api.models.trashable import Trashable
from api.models.types import Line


class ParcelBase(SQLModel):
    code: Line = Field(min_length=1, max_length=40, unique=True)
    title: Line = Field(min_length=1, max_length=100)
    follows_id: UUID | None = Field(
        default=None, foreign_key="parcels.id", ondelete="SET NULL", index=True, description="The one before."
    )


class ParcelCreate(ParcelBase, Create): ...


class ParcelUpdate(ParcelBase, Update): ...


class ParcelRow(ParcelBase, Owned, Trashable, Entity): ...


class ParcelPublic(ParcelRow):
    __examples__: ClassVar[dict[str, Any]] = {"item_count": 3}

    item_count: int = Field(description="The number of things in it.")


class Parcel(ParcelRow, table=True):
    __live__ = ("created", "updated", "deleted")
    __history__ = True
    __table_args__ = listed("owner_id", by=("id", "title"))


class ParcelItemBase(SQLModel):
    label: Line = Field(min_length=1, max_length=100)
    parcel_id: UUID = Field(
        foreign_key="parcels.id", ondelete="CASCADE", index=True, description="The parcel that it is in."
    )


class ParcelItemCreate(ParcelItemBase, Create): ...


class ParcelItemUpdate(ParcelItemBase, Update): ...


class ParcelItemPublic(ParcelItemBase, Owned, Trashable, Entity): ...


class ParcelItem(ParcelItemPublic, table=True):
    __history__ = True
    __table_args__ = (UniqueConstraint("parcel_id", "label"), *listed("owner_id", by=("id",)))


class ParcelMark(Entity, table=True):
    """It has no routes. It goes and comes with its thing, or with the mark that it is on."""

    word: str = Field(max_length=40)
    item_id: UUID = Field(foreign_key="parcel_items.id", ondelete="CASCADE", index=True)
    on_id: UUID | None = Field(default=None, foreign_key="parcel_marks.id", ondelete="CASCADE", index=True)


Parcel.item_count = column_property(
    select(func.count())
    .where(ParcelItem.parcel_id == Parcel.id)
    .correlate_except(ParcelItem)
    .scalar_subquery()
)
