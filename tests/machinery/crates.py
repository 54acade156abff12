"""Crates: entities that only tests have, which are moved to the trash with what belongs to them.

Their tables have a registry of their own, as those of `books.py`.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import column_property, registry
from sqlmodel import Field, SQLModel, func, select

from api.db import SessionDep, fresh, purge, restore
from api.db.trash_tables import make_trash
from api.deps import CallerId, check_reference, in_trash, mine, owned, scope_values
from api.lists import Page, PageQuery, TrashQuery, paginate
from api.models.base import Create, Entity, Update, listed
from api.models.trashable import Trashable
from api.models.types import Line
from api.problems import Code, problems
from api.web import Router, repeatable


class Stored(SQLModel, registry=registry()):
    """What makes a table one of these."""


class CrateBase(SQLModel):
    code: Line = Field(min_length=1, max_length=100, unique=True)
    name: Line = Field(default="", max_length=100)


class CrateCreate(CrateBase, Create): ...


class CrateUpdate(CrateBase, Update): ...


class CrateRow(CrateBase, Trashable, Entity):
    owner_id: UUID


class CratePublic(CrateRow):
    item_count: int


class Crate(CrateRow, Stored, table=True):
    __tablename__ = "apart_crates"

    __table_args__ = (UniqueConstraint("owner_id", "name"), *listed("owner_id", by=("id",)))


class ItemBase(SQLModel):
    label: Line = Field(min_length=1, max_length=100)
    crate_id: UUID = Field(foreign_key="apart_crates.id", ondelete="CASCADE", index=True)
    next_to_id: UUID | None = Field(
        default=None, foreign_key="apart_items.id", ondelete="SET NULL", index=True
    )


class ItemCreate(ItemBase, Create): ...


class ItemPublic(ItemBase, Trashable, Entity):
    owner_id: UUID


class Item(ItemPublic, Stored, table=True):
    __tablename__ = "apart_items"

    __table_args__ = (UniqueConstraint("crate_id", "label"), *listed("owner_id", by=("id",)))


class Sticker(Entity, Stored, table=True):
    """It goes and comes with its item or its crate, and in a tree."""

    __tablename__ = "apart_stickers"

    word: Line = Field(max_length=100, unique=True)
    item_id: UUID | None = Field(default=None, foreign_key="apart_items.id", ondelete="CASCADE", index=True)
    crate_id: UUID | None = Field(default=None, foreign_key="apart_crates.id", ondelete="CASCADE", index=True)
    under_id: UUID | None = Field(
        default=None, foreign_key="apart_stickers.id", ondelete="CASCADE", index=True
    )


class ItemLink(Stored, table=True):
    __tablename__ = "apart_item_links"

    item_id: UUID = Field(primary_key=True, foreign_key="apart_items.id", ondelete="CASCADE")
    other_id: UUID = Field(primary_key=True, foreign_key="apart_items.id", ondelete="CASCADE", index=True)


class Remark(Entity, Stored, table=True):
    """It stays when its crate is deleted."""

    __tablename__ = "apart_remarks"

    crate_id: UUID | None = Field(
        default=None, foreign_key="apart_crates.id", ondelete="SET NULL", index=True
    )


class Seal(Entity, Stored, table=True):
    """It keeps its crate from being deleted."""

    __tablename__ = "apart_seals"

    crate_id: UUID = Field(foreign_key="apart_crates.id", ondelete="RESTRICT", index=True)


Crate.item_count = column_property(
    select(func.count()).where(Item.crate_id == Crate.id).correlate_except(Item).scalar_subquery()
)
make_trash([Crate, Item])

crates = Router(prefix="/crates", tags=["crates"])
items = Router(prefix="/items", tags=["items"])
MINE, MY_ITEMS = mine(Crate), mine(Item)
MyCrate = Annotated[Crate, Depends(owned(Crate, CratePublic))]
TrashedCrate = Annotated[Crate, Depends(in_trash(Crate, MINE, CratePublic))]
MyItem = Annotated[Item, Depends(owned(Item))]
TrashedItem = Annotated[Item, Depends(in_trash(Item, MY_ITEMS))]
CONFLICTS: Any = problems(Code.already_exists, Code.conflict)


class CrateQuery(PageQuery[Crate]):
    name: str | None = None


class CrateTrashQuery(TrashQuery[Crate]):
    name: str | None = None


class ItemTrashQuery(TrashQuery[Item]): ...


class ItemQuery(PageQuery[Item]): ...


@crates.get("", response_model=Page[CratePublic])
async def list_crates(
    session: SessionDep, caller: CallerId, query: Annotated[CrateQuery, Query()]
) -> Page[Crate]:
    return await paginate(session, query, MINE, **scope_values(caller))


@crates.get("/trash", response_model=Page[CratePublic])
async def list_crate_trash(
    session: SessionDep, caller: CallerId, query: Annotated[CrateTrashQuery, Query()]
) -> Page[Crate]:
    return await paginate(session, query, MINE, **scope_values(caller))


@crates.get("/trash/{id}", response_model=CratePublic)
async def get_trashed_crate(crate: TrashedCrate) -> Crate:
    return crate


@crates.delete("/trash/{id}", status_code=204)
async def purge_crate(session: SessionDep, crate: TrashedCrate) -> None:
    await purge(session, crate)


@crates.post("", status_code=201, response_model=CratePublic, responses=CONFLICTS)
async def create_crate(session: SessionDep, caller: CallerId, body: CrateCreate) -> Crate:
    return await fresh(session, Crate.model_validate(body, update={"owner_id": caller}))


@crates.post("/{id}/restore", response_model=CratePublic, responses=CONFLICTS)
async def restore_crate(session: SessionDep, crate: TrashedCrate) -> Crate:
    return await restore(session, crate)


@crates.get("/{id}", response_model=CratePublic)
async def get_crate(crate: MyCrate) -> Crate:
    return crate


@crates.patch("/{id}", response_model=CratePublic, responses=CONFLICTS)
async def update_crate(crate: MyCrate, body: CrateUpdate) -> Crate:
    return body.apply(crate)


@crates.delete("/{id}", status_code=204, responses=CONFLICTS)
async def delete_crate(session: SessionDep, crate: MyCrate) -> None:
    await session.delete(crate)


@items.get("")
async def list_items(
    session: SessionDep, caller: CallerId, query: Annotated[ItemQuery, Query()]
) -> Page[ItemPublic]:
    return await paginate(session, query, MY_ITEMS, **scope_values(caller))


@items.get("/trash")
async def list_item_trash(
    session: SessionDep, caller: CallerId, query: Annotated[ItemTrashQuery, Query()]
) -> Page[ItemPublic]:
    return await paginate(session, query, MY_ITEMS, **scope_values(caller))


@items.post("", status_code=201, responses=CONFLICTS)
async def create_item(session: SessionDep, caller: CallerId, body: ItemCreate) -> ItemPublic:
    await check_reference(session, Crate, body.crate_id, "crate_id", MINE, **scope_values(caller))
    await check_reference(session, Item, body.next_to_id, "next_to_id", MY_ITEMS, **scope_values(caller))
    item = Item.model_validate(body, update={"owner_id": caller})
    session.add(item)
    return item


@items.post("/{id}/restore", responses=CONFLICTS)
async def restore_item(session: SessionDep, item: TrashedItem) -> ItemPublic:
    return await restore(session, item)


@items.get("/{id}")
async def get_item(item: MyItem) -> ItemPublic:
    return item


@items.delete("/{id}", status_code=204)
@repeatable
async def delete_item(session: SessionDep, item: MyItem) -> None:
    await session.delete(item)
