"""Shelves in a tree, deleted softly, and their lines, which have no id and no routes."""

from datetime import datetime
from typing import Optional
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Computed, Integer, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from api.models.base import Create, Entity, Owned, Update, listed
from api.models.types import Line, Number


class ShelfBase(SQLModel):
    name: Line = Field(min_length=1, max_length=100)
    weight: Number = Field(default=0.0, ge=0, le=1e6)
    parent_id: UUID | None = Field(
        default=None, foreign_key="shelfs.id", ondelete="SET NULL", index=True, description="In which shelf."
    )


class ShelfCreate(ShelfBase, Create): ...


class ShelfUpdate(ShelfBase, Update): ...


class ShelfPublic(ShelfBase, Owned, Entity):
    size: int | None = Field(
        default=None,
        sa_column=Column(Integer, Computed("length(name)", persisted=True)),
        description="Of its name.",
    )


class Shelf(ShelfPublic, table=True):
    __table_args__ = (
        UniqueConstraint("owner_id", "name"),
        CheckConstraint("weight >= 0", name="weight"),
        *listed("owner_id", by=("id", "name", "size")),
    )

    deleted_at: datetime | None = None
    parent: Optional["Shelf"] = Relationship(
        back_populates="inner", sa_relationship_kwargs={"remote_side": "Shelf.id"}
    )
    inner: list["Shelf"] = Relationship(
        back_populates="parent", sa_relationship_kwargs={"passive_deletes": True}
    )
    lines: list["ShelfLine"] = Relationship(sa_relationship_kwargs={"passive_deletes": True})


class Ware(Entity, table=True):
    name: Line = Field(max_length=100, unique=True)


class ShelfLine(SQLModel, table=True):
    shelf_id: UUID = Field(primary_key=True, foreign_key="shelfs.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    ware_id: UUID = Field(foreign_key="wares.id", ondelete="RESTRICT", index=True)
