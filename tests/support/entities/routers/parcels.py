"""Parcels of my own, many at once."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import Field

from api.db import SessionDep
from api.deps import Bulk, CallerId, Many, Partial, Upsert, bulk, mine, owned, scope_values, upserts
from api.lists import Affected, AllRows, Filters, Page, PageQuery, change_all, delete_all, paginate
from api.models.parcel import Parcel, ParcelCreate, ParcelPublic, ParcelStatus, ParcelUpdate
from api.models.types import Line
from api.problems import Code, problems
from api.web import Router, repeatable

router = Router(prefix="/parcels", tags=["parcels"])

MINE = mine(Parcel)
MyParcel = Annotated[Parcel, Depends(owned(Parcel))]
ByNumber = Annotated[Upsert[Parcel], Depends(upserts(Parcel, "carrier_number"))]


class ParcelFilters(Filters[Parcel]):
    status: ParcelStatus | None = None
    grams_min: int | None = Field(default=None, ge=0, le=50_000)
    sort: Literal["id", "carrier_number"] = "id"


class ParcelQuery(ParcelFilters, PageQuery[Parcel]): ...


class AllParcels(ParcelFilters, AllRows[Parcel]): ...


@router.get("")
async def list_parcels(
    session: SessionDep, caller: CallerId, query: Annotated[ParcelQuery, Query()]
) -> Page[ParcelPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201, responses=problems(Code.conflict))
async def create_parcel(session: SessionDep, caller: CallerId, body: ParcelCreate) -> ParcelPublic:
    parcel = Parcel.model_validate(body, update={"owner_id": caller})
    session.add(parcel)
    return parcel


@router.post("/bulk", status_code=201)
async def create_parcels(
    session: SessionDep, caller: CallerId, body: Many[ParcelCreate], partial: Partial = False
) -> Bulk[ParcelPublic]:
    return await bulk(session, body, lambda one: create_parcel(session, caller, one), partial=partial)


@router.put("/by/{carrier_number}")
async def put_parcel(
    upsert: ByNumber, caller: CallerId, carrier_number: Line, body: ParcelCreate
) -> ParcelPublic:
    return await upsert(body, carrier_number, owner_id=caller)


@router.patch("", responses=problems(Code.conflict))
async def update_parcels(
    session: SessionDep, caller: CallerId, query: Annotated[AllParcels, Query()], body: ParcelUpdate
) -> Affected:
    return await change_all(session, query, MINE, body, **scope_values(caller))


@router.delete("")
async def delete_parcels(
    session: SessionDep, caller: CallerId, query: Annotated[AllParcels, Query()]
) -> Affected:
    return await delete_all(session, query, MINE, **scope_values(caller))


@router.get("/{id}")
async def get_parcel(parcel: MyParcel) -> ParcelPublic:
    return parcel


@router.patch("/{id}", responses=problems(Code.conflict))
@repeatable
async def update_parcel(parcel: MyParcel, body: ParcelUpdate) -> ParcelPublic:
    return body.apply(parcel)


@router.delete("/{id}", status_code=204)
@repeatable
async def delete_parcel(session: SessionDep, parcel: MyParcel) -> None:
    await session.delete(parcel)
