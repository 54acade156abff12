"""Tools of a team, with marks, and plans of one's own that refer to tools: entities that only tests have.

Their tables have a registry of their own, as those of `books.py`.
"""

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Query
from sqlalchemy.orm import registry
from sqlmodel import Field, Relationship, SQLModel

from api.db import SessionDep, fresh, link, link_only, restore, unlink
from api.db.trash_tables import make_trash
from api.deps import (
    Bulk,
    CallerId,
    Many,
    Partial,
    bulk,
    check_reference,
    check_team,
    in_trash,
    mine,
    other,
    ours,
    owned,
    scope_values,
    shared,
    visible,
)
from api.lists import (
    Affected,
    AllRows,
    Expands,
    Names,
    Page,
    PageQuery,
    Shown,
    TrashQuery,
    change_all,
    expand,
    paginate,
)
from api.models.base import Create, Entity, Owned, Update, listed
from api.models.children import Link, to_many
from api.models.expanding import expandable
from api.models.team import Shared, TeamRef
from api.models.trashable import Trashable
from api.models.types import Line
from api.problems import Code, problems
from api.web import Router


class Shed(SQLModel, registry=registry()):
    """What makes a table one of these."""


for _name in ("users", "teams"):  # what they refer to
    sa.Table(_name, Shed.metadata, sa.Column("id", sa.Uuid(), primary_key=True))


class MarkBase(SQLModel):
    name: Line = Field(min_length=1, max_length=30)


class MarkCreate(MarkBase, TeamRef, Create): ...


class MarkPublic(MarkBase, Shared, Entity): ...


class Mark(MarkPublic, Shed, table=True):
    __tablename__ = "apart_marks"

    __table_args__ = listed("team_id", by=("id",))


class MarkSummary(SQLModel):
    """A mark as part of a tool."""

    id: UUID
    name: str


class ToolMark(Link, Shed, table=True):
    __tablename__ = "apart_tool_marks"

    tool_id: UUID = Field(primary_key=True, foreign_key="apart_tools.id", ondelete="CASCADE")
    mark_id: UUID = Field(primary_key=True, foreign_key="apart_marks.id", ondelete="CASCADE", index=True)


class ToolBase(SQLModel):
    name: Line = Field(min_length=1, max_length=100)
    first_mark_id: UUID | None = Field(
        default=None, foreign_key="apart_marks.id", ondelete="SET NULL", index=True
    )


class ToolCreate(ToolBase, TeamRef, Create):
    mark_ids: list[UUID] = Field(default=[], max_length=20)


class ToolUpdate(ToolBase, Update): ...


class ToolRow(ToolBase, Shared, Trashable, Entity): ...


class ToolPublic(ToolRow):
    marks: list[MarkSummary]


class Tool(ToolRow, Shed, table=True):
    __tablename__ = "apart_tools"

    __table_args__ = (sa.UniqueConstraint("team_id", "name"), *listed("team_id", by=("id",)))

    marks: list[Mark] = Relationship(link_model=ToolMark, sa_relationship_kwargs=to_many("Mark.name"))


class ToolSummary(SQLModel):
    """A tool as part of a plan."""

    id: UUID
    name: str


class PlanBase(SQLModel):
    title: Line = Field(min_length=1, max_length=100)
    tool_id: UUID | None = Field(default=None, foreign_key="apart_tools.id", ondelete="SET NULL", index=True)


class PlanCreate(PlanBase, Create): ...


class PlanRow(PlanBase, Owned, Trashable, Entity): ...


class PlanPublic(PlanRow):
    tool: ToolSummary | None = expandable(description="With which tool.")


class Plan(PlanRow, Shed, table=True):
    __tablename__ = "apart_plans"

    __table_args__ = listed("owner_id", by=("id",))

    tool: Tool | None = Relationship()


make_trash([Tool, Plan])
TABLES = [table for name, table in Shed.metadata.tables.items() if name not in {"users", "teams"}]

router = Router()
OURS, OUR_MARKS, MINE = ours(Tool), ours(Mark), mine(Plan)
TrashedTool = Annotated[Tool, Depends(in_trash(Tool, OURS, ToolPublic))]
OurTool = Annotated[Tool, Depends(shared(Tool, ToolPublic))]
SeenTool = Annotated[Tool, Depends(visible(Tool, OURS, ToolPublic))]
OtherMark = Annotated[Mark, Depends(other(shared(Mark), "mark_id"))]
SeenMark = Annotated[Mark, Depends(other(visible(Mark, OUR_MARKS & (Mark.name != "")), "mark_id"))]
MyPlan = Annotated[Plan, Depends(owned(Plan, PlanPublic))]


class ToolQuery(PageQuery[Tool]):
    mark_name: Line | None = None
    mark_name_not: Line | None = None


class AllTools(AllRows[Tool]):
    name: Line | None = None
    team_id: UUID | None = None


class PlanShown(Shown[Plan]):
    expand: Annotated[Names | None, Expands("tool")] = None


class PlanQuery(PlanShown, PageQuery[Plan]):
    tool_name: Line | None = None
    tool_name_not: Line | None = None
    tool_name_is_null: bool | None = None


class PlanTrashQuery(TrashQuery[Plan]):
    tool_name: Line | None = None


@router.post("/marks", status_code=201)
async def create_mark(session: SessionDep, caller: CallerId, body: MarkCreate) -> MarkPublic:
    await check_team(session, body.team_id, caller)
    mark = Mark.model_validate(body, update={"creator_id": caller})
    session.add(mark)
    return mark


@router.get("/tools", response_model=Page[ToolPublic])
async def list_tools(
    session: SessionDep, caller: CallerId, query: Annotated[ToolQuery, Query()]
) -> Page[Tool]:
    return await paginate(session, query, OURS, **scope_values(caller))


@router.post("/tools", status_code=201, response_model=ToolPublic, responses=problems(Code.conflict))
async def create_tool(session: SessionDep, caller: CallerId, body: ToolCreate) -> Tool:
    await check_team(session, body.team_id, caller)
    tool = Tool.model_validate(body, update={"creator_id": caller})
    session.add(tool)
    await link_only(session, ToolMark, tool, Mark, body.mark_ids)
    return await fresh(session, tool)


@router.post("/tools/bulk", status_code=201, response_model=Bulk[ToolPublic])
async def create_tools(
    session: SessionDep, caller: CallerId, body: Many[ToolCreate], partial: Partial = False
) -> Bulk[Tool]:
    return await bulk(session, body, lambda one: create_tool(session, caller, one), partial=partial)


@router.patch("/tools")
async def update_tools(
    session: SessionDep, caller: CallerId, query: Annotated[AllTools, Query()], body: ToolUpdate
) -> Affected:
    return await change_all(session, query, OURS, body, **scope_values(caller))


@router.get("/tools/{id}", response_model=ToolPublic)
async def get_tool(tool: SeenTool) -> Tool:
    return tool


@router.patch("/tools/{id}", response_model=ToolPublic)
async def update_tool(tool: SeenTool, body: ToolUpdate) -> Tool:
    return body.apply(tool)


@router.post("/tools/{id}/sharpen", response_model=ToolSummary)
async def sharpen_tool(session: SessionDep, tool: OurTool) -> Tool:
    await session.flush()
    return tool


@router.delete("/tools/{id}", status_code=204)
async def delete_tool(session: SessionDep, tool: OurTool) -> None:
    await session.delete(tool)


@router.post("/tools/{id}/restore", response_model=ToolPublic)
async def restore_tool(session: SessionDep, tool: TrashedTool) -> Tool:
    return await restore(session, tool)


@router.put("/tools/{id}/marks/{mark_id}", status_code=204)
async def add_mark(session: SessionDep, tool: OurTool, mark: OtherMark) -> None:
    session.add(ToolMark(tool_id=tool.id, mark_id=mark.id))


@router.put("/tools/{id}/seen-marks/{mark_id}", status_code=204)
async def add_seen_mark(session: SessionDep, mark: SeenMark, tool: SeenTool) -> None:
    session.add(ToolMark(tool_id=tool.id, mark_id=mark.id))


@router.put("/tools/{id}/any-marks/{mark_id}", status_code=204)
async def add_any_mark(session: SessionDep, tool: OurTool, mark_id: UUID) -> None:
    await link(session, ToolMark, tool, await session.get_one(Mark, mark_id))


@router.delete("/tools/{id}/marks/{mark_id}", status_code=204)
async def remove_mark(session: SessionDep, tool: OurTool, mark: OtherMark) -> None:
    await unlink(session, ToolMark, tool, mark)


@router.get("/plans", response_model=Page[PlanPublic])
async def list_plans(
    session: SessionDep, caller: CallerId, query: Annotated[PlanQuery, Query()]
) -> Page[Plan]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("/plans", status_code=201, response_model=PlanPublic)
async def create_plan(session: SessionDep, caller: CallerId, body: PlanCreate) -> Plan:
    await check_reference(session, Tool, body.tool_id, "tool_id", OURS, **scope_values(caller))
    plan = Plan.model_validate(body, update={"owner_id": caller})
    session.add(plan)
    return plan


@router.get("/plans/trash", response_model=Page[PlanPublic])
async def list_trashed_plans(
    session: SessionDep, caller: CallerId, query: Annotated[PlanTrashQuery, Query()]
) -> Page[Plan]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.delete("/plans/{id}", status_code=204)
async def delete_plan(session: SessionDep, plan: MyPlan) -> None:
    await session.delete(plan)


@router.get("/plans/{id}", response_model=PlanPublic)
async def get_plan(session: SessionDep, plan: MyPlan, shown: Annotated[PlanShown, Query()]) -> Plan:
    return await expand(session, plan, shown)
