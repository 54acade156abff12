"""My parcels."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from sqlmodel import col

from api.db import SessionDep
from api.deps import CallerId, check_reference, mine, owned, scope_values
from api.lists import By, Page, PageQuery, paginate
from api.models.parcel import Parcel, ParcelCreate, ParcelPublic, ParcelStatus, ParcelUpdate, Sender
from api.models.types import Line, UtcDatetime
from api.web import Router

router = Router(prefix="/parcels", tags=["parcels"])

MINE = mine(Parcel)
MyParcel = Annotated[Parcel, Depends(owned(Parcel))]


class ParcelQuery(PageQuery[Parcel]):
    id_in: list[UUID] | None = None
    name: Annotated[list[Line] | None, By(lambda names: col(Parcel.name).in_(names))] = None
    status: list[ParcelStatus] | None = None
    status_not: ParcelStatus | None = None
    weight_in: list[int] | None = None
    weight_not: list[int] | None = None
    weight_is_null: bool | None = None
    sent_after: UtcDatetime | None = None
    sent_at_is_null: bool | None = None
    sender_id: UUID | None = None
    sender_city: list[Line] | None = None
    sender_city_not: Line | None = None
    sender_city_is_null: bool | None = None
    sender_created_before: UtcDatetime | None = None
    labels_name: Line | None = None
    label_name_not: Line | None = None
    label_id: list[UUID] | None = None
    sort: Literal["id", "weight"] = "id"


@router.get("")
async def list_parcels(
    session: SessionDep, caller: CallerId, query: Annotated[ParcelQuery, Query()]
) -> Page[ParcelPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201)
async def create_parcel(session: SessionDep, caller: CallerId, body: ParcelCreate) -> ParcelPublic:
    await check_reference(session, Sender, body.sender_id, "sender_id")
    parcel = Parcel.model_validate(body, update={"owner_id": caller})
    session.add(parcel)
    return parcel


@router.get("/{id}")
async def get_parcel(parcel: MyParcel) -> ParcelPublic:
    return parcel


@router.patch("/{id}")
async def update_parcel(session: SessionDep, parcel: MyParcel, body: ParcelUpdate) -> ParcelPublic:
    await check_reference(session, Sender, body.sender_id, "sender_id")
    return body.apply(parcel)


@router.delete("/{id}", status_code=204)
async def delete_parcel(session: SessionDep, parcel: MyParcel) -> None:
    await session.delete(parcel)
