"""Shipments of my own, many at once."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import Field

from api.db import SessionDep
from api.deps import Bulk, CallerId, Many, Partial, Upsert, bulk, mine, owned, scope_values, upserts
from api.lists import Affected, AllRows, Filters, Page, PageQuery, change_all, delete_all, paginate
from api.models.shipment import Shipment, ShipmentCreate, ShipmentPublic, ShipmentStatus, ShipmentUpdate
from api.models.types import Line
from api.problems import Code, problems
from api.web import Router, repeatable

router = Router(prefix="/shipments", tags=["shipments"])

MINE = mine(Shipment)
MyShipment = Annotated[Shipment, Depends(owned(Shipment))]
ByNumber = Annotated[Upsert[Shipment], Depends(upserts(Shipment, "carrier_number"))]


class ShipmentFilters(Filters[Shipment]):
    status: ShipmentStatus | None = None
    grams_min: int | None = Field(default=None, ge=0, le=50_000)
    sort: Literal["id", "carrier_number"] = "id"


class ShipmentQuery(ShipmentFilters, PageQuery[Shipment]): ...


class AllShipments(ShipmentFilters, AllRows[Shipment]): ...


@router.get("")
async def list_shipments(
    session: SessionDep, caller: CallerId, query: Annotated[ShipmentQuery, Query()]
) -> Page[ShipmentPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201, responses=problems(Code.conflict))
async def create_shipment(session: SessionDep, caller: CallerId, body: ShipmentCreate) -> ShipmentPublic:
    shipment = Shipment.model_validate(body, update={"owner_id": caller})
    session.add(shipment)
    return shipment


@router.post("/bulk", status_code=201)
async def create_shipments(
    session: SessionDep, caller: CallerId, body: Many[ShipmentCreate], partial: Partial = False
) -> Bulk[ShipmentPublic]:
    return await bulk(session, body, lambda one: create_shipment(session, caller, one), partial=partial)


@router.put("/by/{carrier_number}")
async def put_shipment(
    upsert: ByNumber, caller: CallerId, carrier_number: Line, body: ShipmentCreate
) -> ShipmentPublic:
    return await upsert(body, carrier_number, owner_id=caller)


@router.patch("", responses=problems(Code.conflict))
async def update_shipments(
    session: SessionDep, caller: CallerId, query: Annotated[AllShipments, Query()], body: ShipmentUpdate
) -> Affected:
    return await change_all(session, query, MINE, body, **scope_values(caller))


@router.delete("")
async def delete_shipments(
    session: SessionDep, caller: CallerId, query: Annotated[AllShipments, Query()]
) -> Affected:
    return await delete_all(session, query, MINE, **scope_values(caller))


@router.get("/{id}")
async def get_shipment(shipment: MyShipment) -> ShipmentPublic:
    return shipment


@router.patch("/{id}", responses=problems(Code.conflict))
@repeatable
async def update_shipment(shipment: MyShipment, body: ShipmentUpdate) -> ShipmentPublic:
    return body.apply(shipment)


@router.delete("/{id}", status_code=204)
@repeatable
async def delete_shipment(session: SessionDep, shipment: MyShipment) -> None:
    await session.delete(shipment)
