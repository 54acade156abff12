"""My packets."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from sqlmodel import col

from api.db import SessionDep
from api.deps import CallerId, check_reference, mine, owned, scope_values
from api.lists import By, Page, PageQuery, paginate
from api.models.packet import Packet, PacketCreate, PacketPublic, PacketStatus, PacketUpdate, Sender
from api.models.types import Line, UtcDatetime
from api.web import Router

router = Router(prefix="/packets", tags=["packets"])

MINE = mine(Packet)
MyPacket = Annotated[Packet, Depends(owned(Packet))]


class PacketQuery(PageQuery[Packet]):
    id_in: list[UUID] | None = None
    name: Annotated[list[Line] | None, By(lambda names: col(Packet.name).in_(names))] = None
    status: list[PacketStatus] | None = None
    status_not: PacketStatus | None = None
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
    stickers_name: Line | None = None
    sticker_name_not: Line | None = None
    sticker_id: list[UUID] | None = None
    sort: Literal["id", "weight"] = "id"


@router.get("")
async def list_packets(
    session: SessionDep, caller: CallerId, query: Annotated[PacketQuery, Query()]
) -> Page[PacketPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201)
async def create_packet(session: SessionDep, caller: CallerId, body: PacketCreate) -> PacketPublic:
    await check_reference(session, Sender, body.sender_id, "sender_id")
    packet = Packet.model_validate(body, update={"owner_id": caller})
    session.add(packet)
    return packet


@router.get("/{id}")
async def get_packet(packet: MyPacket) -> PacketPublic:
    return packet


@router.patch("/{id}")
async def update_packet(session: SessionDep, packet: MyPacket, body: PacketUpdate) -> PacketPublic:
    await check_reference(session, Sender, body.sender_id, "sender_id")
    return body.apply(packet)


@router.delete("/{id}", status_code=204)
async def delete_packet(session: SessionDep, packet: MyPacket) -> None:
    await session.delete(packet)
