"""Repairs of my own."""

from typing import Annotated, ClassVar, Literal

from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CallerId, CurrentUser, mine, owned, scope_values
from api.lists import CommaSeparated, Page, PageQuery, Summary, SummaryQuery, paginate, summarize
from api.models.repair import Repair, RepairCreate, RepairPublic, RepairStatus, RepairUpdate
from api.web import Router, repeatable

router = Router(prefix="/repairs", tags=["repairs"])

MINE = mine(Repair)
MyRepair = Annotated[Repair, Depends(owned(Repair))]


class RepairQuery(PageQuery[Repair]):
    status: RepairStatus | None = None
    sort: Literal["id", "status"] = "id"


class RepairSummary(RepairQuery, SummaryQuery[Repair]):
    time: ClassVar[str] = "brought_at"
    by: CommaSeparated[Literal["status", "day", "month", "due_week", "created_year"]] = ()
    sum: CommaSeparated[Literal["price", "hours"]] = ()


@router.get("")
async def list_repairs(
    session: SessionDep, caller: CallerId, query: Annotated[RepairQuery, Query()]
) -> Page[RepairPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.get("/summary")
async def summarize_repairs(
    session: SessionDep, caller: CallerId, query: Annotated[RepairSummary, Query()]
) -> Summary[RepairSummary]:
    return await summarize(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201)
async def create_repair(session: SessionDep, caller: CallerId, body: RepairCreate) -> RepairPublic:
    repair = Repair.model_validate(body, update={"owner_id": caller})
    session.add(repair)
    return repair


@router.get("/{id}")
async def get_repair(repair: MyRepair) -> RepairPublic:
    return repair


@router.patch("/{id}")
@repeatable
async def update_repair(user: CurrentUser, repair: MyRepair, body: RepairUpdate) -> RepairPublic:
    return body.apply(repair, by=user)


@router.delete("/{id}", status_code=204)
@repeatable
async def delete_repair(session: SessionDep, repair: MyRepair) -> None:
    await session.delete(repair)
