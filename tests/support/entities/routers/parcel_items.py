"""What is in my parcels, and in the trash."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query

from api.db import SessionDep, purge, restore
from api.deps import CallerId, check_reference, in_trash, mine, owned, scope_values
from api.lists import HistoryQuery, Page, PageQuery, TrashQuery, history, paginate
from api.models.parcel import Parcel, ParcelItem, ParcelItemCreate, ParcelItemPublic, ParcelItemUpdate
from api.models.row_change import Change
from api.problems import Code, problems
from api.web import Router, repeatable

router = Router(prefix="/parcel-items", tags=["parcel-items"])

MINE, MY_PARCELS = mine(ParcelItem), mine(Parcel)
MyItem = Annotated[ParcelItem, Depends(owned(ParcelItem))]
TrashedItem = Annotated[ParcelItem, Depends(in_trash(ParcelItem, MINE))]


class ParcelItemQuery(PageQuery[ParcelItem]):
    parcel_id: UUID | None = None
    sort: Literal["id"] = "id"


class ParcelItemTrashQuery(TrashQuery[ParcelItem]): ...


@router.get("")
async def list_parcel_items(
    session: SessionDep, caller: CallerId, query: Annotated[ParcelItemQuery, Query()]
) -> Page[ParcelItemPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.get("/trash")
async def list_trashed_parcel_items(
    session: SessionDep, caller: CallerId, query: Annotated[ParcelItemTrashQuery, Query()]
) -> Page[ParcelItemPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.delete("/trash/{id}", status_code=204)
async def purge_parcel_item(session: SessionDep, item: TrashedItem) -> None:
    await purge(session, item)


@router.post("", status_code=201, responses=problems(Code.conflict))
async def create_parcel_item(
    session: SessionDep, caller: CallerId, body: ParcelItemCreate
) -> ParcelItemPublic:
    await check_reference(session, Parcel, body.parcel_id, "parcel_id", MY_PARCELS, **scope_values(caller))
    item = ParcelItem.model_validate(body, update={"owner_id": caller})
    session.add(item)
    return item


@router.get("/{id}")
async def get_parcel_item(item: MyItem) -> ParcelItemPublic:
    return item


@router.get("/{id}/history")
async def list_parcel_item_changes(
    session: SessionDep, item: MyItem, query: Annotated[HistoryQuery, Query()]
) -> Page[Change[ParcelItemPublic]]:
    return await history(session, query, item)


@router.patch("/{id}", responses=problems(Code.conflict))
@repeatable
async def update_parcel_item(
    session: SessionDep, caller: CallerId, item: MyItem, body: ParcelItemUpdate
) -> ParcelItemPublic:
    if body.parcel_id is not None:
        bound = scope_values(caller)
        await check_reference(session, Parcel, body.parcel_id, "parcel_id", MY_PARCELS, **bound)
    return body.apply(item)


@router.delete("/{id}", status_code=204)
@repeatable
async def delete_parcel_item(session: SessionDep, item: MyItem) -> None:
    await session.delete(item)


@router.post("/{id}/restore", responses=problems(Code.already_exists, Code.conflict))
async def restore_parcel_item(session: SessionDep, item: TrashedItem) -> ParcelItemPublic:
    return await restore(session, item)
