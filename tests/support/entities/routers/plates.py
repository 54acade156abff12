"""Plates on the crates of a team."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CallerId, check_reference, check_team, in_team, ours, scope_values, shared
from api.lists import Page, PageQuery, paginate
from api.models.crate import Crate, Plate, PlateCreate, PlatePublic, PlateUpdate
from api.problems import Code, problems
from api.web import Router, repeatable

router = Router(prefix="/plates", tags=["plates"])

OURS = ours(Plate)
OurPlate = Annotated[Plate, Depends(shared(Plate))]


class PlateQuery(PageQuery[Plate]):
    team_id: UUID | None = None
    crate_id: UUID | None = None
    sort: Literal["id"] = "id"


@router.get("")
async def list_plates(
    session: SessionDep, caller: CallerId, query: Annotated[PlateQuery, Query()]
) -> Page[PlatePublic]:
    return await paginate(session, query, OURS, **scope_values(caller))


@router.post("", status_code=201, responses=problems(Code.forbidden, Code.conflict))
async def create_plate(session: SessionDep, caller: CallerId, body: PlateCreate) -> PlatePublic:
    await check_team(session, body.team_id, caller)
    await check_reference(session, Crate, body.crate_id, "crate_id", in_team(Crate, body.team_id))
    plate = Plate.model_validate(body, update={"creator_id": caller})
    session.add(plate)
    return plate


@router.get("/{id}")
async def get_plate(plate: OurPlate) -> PlatePublic:
    return plate


@router.patch("/{id}", responses=problems(Code.conflict))
@repeatable
async def update_plate(session: SessionDep, plate: OurPlate, body: PlateUpdate) -> PlatePublic:
    await check_reference(session, Crate, body.crate_id, "crate_id", in_team(Crate, plate.team_id))
    return body.apply(plate)


@router.delete("/{id}", status_code=204)
@repeatable
async def delete_plate(session: SessionDep, plate: OurPlate) -> None:
    await session.delete(plate)
