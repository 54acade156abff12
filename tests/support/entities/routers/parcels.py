"""Parcels of my own, and those in the trash."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query

from api.db import SessionDep, fresh, purge, restore
from api.deps import CallerId, check_reference, in_trash, mine, owned, scope_values
from api.lists import HistoryQuery, Page, PageQuery, Search, Searches, TrashQuery, history, paginate
from api.models.parcel import Parcel, ParcelCreate, ParcelPublic, ParcelUpdate
from api.models.row_change import Change
from api.models.types import Line
from api.problems import Code, problems
from api.web import Router

router = Router(prefix="/parcels", tags=["parcels"])

MINE = mine(Parcel)
MyParcel = Annotated[Parcel, Depends(owned(Parcel, ParcelPublic))]
TrashedParcel = Annotated[Parcel, Depends(in_trash(Parcel, MINE, ParcelPublic))]


class ParcelQuery(PageQuery[Parcel]):
    code: Line | None = None
    follows_id: UUID | None = None
    q: Annotated[Search | None, Searches("title")] = None
    sort: Literal["id", "title"] = "id"


class ParcelTrashQuery(TrashQuery[Parcel]):
    q: Annotated[Search | None, Searches("title")] = None


@router.get("", response_model=Page[ParcelPublic])
async def list_parcels(
    session: SessionDep, caller: CallerId, query: Annotated[ParcelQuery, Query()]
) -> Page[Parcel]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.get("/trash", response_model=Page[ParcelPublic])
async def list_trashed_parcels(
    session: SessionDep, caller: CallerId, query: Annotated[ParcelTrashQuery, Query()]
) -> Page[Parcel]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.delete("/trash/{id}", status_code=204)
async def purge_parcel(session: SessionDep, parcel: TrashedParcel) -> None:
    await purge(session, parcel)


@router.post("", status_code=201, response_model=ParcelPublic, responses=problems(Code.already_exists))
async def create_parcel(session: SessionDep, caller: CallerId, body: ParcelCreate) -> Parcel:
    await check_reference(session, Parcel, body.follows_id, "follows_id", MINE, **scope_values(caller))
    return await fresh(session, Parcel.model_validate(body, update={"owner_id": caller}))


@router.get("/{id}", response_model=ParcelPublic)
async def get_parcel(parcel: MyParcel) -> Parcel:
    return parcel


@router.get("/{id}/history")
async def list_parcel_changes(
    session: SessionDep, parcel: MyParcel, query: Annotated[HistoryQuery, Query()]
) -> Page[Change[ParcelPublic]]:
    return await history(session, query, parcel)


@router.patch("/{id}", response_model=ParcelPublic, responses=problems(Code.already_exists))
async def update_parcel(
    session: SessionDep, caller: CallerId, parcel: MyParcel, body: ParcelUpdate
) -> Parcel:
    await check_reference(session, Parcel, body.follows_id, "follows_id", MINE, **scope_values(caller))
    return body.apply(parcel)


@router.delete("/{id}", status_code=204)
async def delete_parcel(session: SessionDep, parcel: MyParcel) -> None:
    await session.delete(parcel)


@router.post(
    "/{id}/restore", response_model=ParcelPublic, responses=problems(Code.already_exists, Code.conflict)
)
async def restore_parcel(session: SessionDep, parcel: TrashedParcel) -> Parcel:
    return await restore(session, parcel)
