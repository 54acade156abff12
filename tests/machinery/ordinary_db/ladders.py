"""Models as the house has them, for its lists and rows: alone, and in relationships of each kind."""

from decimal import Decimal
from typing import Optional
from uuid import UUID

from sqlmodel import Field, Relationship, SQLModel

from tests.machinery.ordinary_db.house import TO_ONE_OR_NONE, Create, Entity, Owned, Update, listed
from tests.machinery.ordinary_db.models import Apart


class OrdinaryThingBase(SQLModel):
    name: str = Field(min_length=1, max_length=50)
    price: Decimal = Field(default=Decimal(0), max_digits=12, decimal_places=2)
    count: int = 0
    remark: str | None = Field(default=None, max_length=200)


class OrdinaryThingCreate(OrdinaryThingBase, Create): ...


class OrdinaryThingUpdate(OrdinaryThingBase, Update): ...


class OrdinaryThingPublic(OrdinaryThingBase, Owned, Entity): ...


class OrdinaryThing(OrdinaryThingPublic, Apart, table=True):
    """A row alone."""

    __table_args__ = listed("owner_id", by=("id", "name"))


class OrdinaryFolderBase(SQLModel):
    name: str = Field(min_length=1, max_length=50)
    parent_id: UUID | None = Field(default=None, foreign_key="ordinary_folders.id", index=True)


class OrdinaryFolderPublic(OrdinaryFolderBase, Owned, Entity): ...


class OrdinaryFolder(OrdinaryFolderPublic, Apart, table=True):
    """A row with many others, which are loaded in every way there is."""

    papers: list["OrdinaryPaper"] = Relationship(
        back_populates="folder", sa_relationship_kwargs={"lazy": "selectin", "order_by": "OrdinaryPaper.id"}
    )
    stamps: list["OrdinaryStamp"] = Relationship(
        sa_relationship_kwargs={"lazy": "joined", "order_by": "OrdinaryStamp.id"}
    )
    notes: list["OrdinaryLeaf"] = Relationship(
        back_populates="folder", cascade_delete=True, sa_relationship_kwargs={"order_by": "OrdinaryLeaf.id"}
    )
    parent: Optional["OrdinaryFolder"] = Relationship(
        back_populates="children", sa_relationship_kwargs={"remote_side": "OrdinaryFolder.id"}
    )
    children: list["OrdinaryFolder"] = Relationship(
        back_populates="parent", sa_relationship_kwargs={"order_by": "OrdinaryFolder.id"}
    )


class OrdinaryPaperBase(SQLModel):
    title: str
    folder_id: UUID | None = Field(default=None, foreign_key="ordinary_folders.id", index=True)


class OrdinaryPaperPublic(OrdinaryPaperBase, Owned, Entity): ...


class OrdinaryPaper(OrdinaryPaperPublic, Apart, table=True):
    """A row whose folder comes with it."""

    folder: OrdinaryFolder | None = Relationship(
        back_populates="papers", sa_relationship_kwargs=TO_ONE_OR_NONE
    )


class OrdinaryStampBase(SQLModel):
    colour: str
    folder_id: UUID = Field(foreign_key="ordinary_folders.id", index=True)


class OrdinaryStampCreate(OrdinaryStampBase, Create): ...


class OrdinaryStampUpdate(OrdinaryStampBase, Update): ...


class OrdinaryStampPublic(OrdinaryStampBase, Owned, Entity): ...


class OrdinaryStamp(OrdinaryStampPublic, Apart, table=True):
    """A row that knows its folder's id and no more."""


class OrdinaryLeafPublic(Owned, Entity):
    text: str
    folder_id: UUID = Field(foreign_key="ordinary_folders.id", index=True)


class OrdinaryLeaf(OrdinaryLeafPublic, Apart, table=True):
    """A row whose folder is loaded when it is asked for."""

    __tablename__ = "ordinary_leaves"

    folder: OrdinaryFolder = Relationship(back_populates="notes")


class OrdinaryBranchPublic(Owned, Entity):
    name: str
    parent_id: UUID | None = Field(default=None, foreign_key="ordinary_branches.id", index=True)


class OrdinaryBranch(OrdinaryBranchPublic, Apart, table=True):
    """A row whose parent, of the same table, comes with it, and not the parent's own."""

    __tablename__ = "ordinary_branches"

    parent: Optional["OrdinaryBranch"] = Relationship(
        sa_relationship_kwargs=TO_ONE_OR_NONE | {"remote_side": "OrdinaryBranch.id", "join_depth": 1}
    )


LADDERS = (OrdinaryThing, OrdinaryFolder, OrdinaryPaper, OrdinaryStamp, OrdinaryLeaf, OrdinaryBranch)
