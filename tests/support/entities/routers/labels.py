"""Labels on the crates of a team."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CallerId, check_reference, check_team, in_team, ours, scope_values, shared
from api.lists import Page, PageQuery, paginate
from api.models.crate import Crate, Label, LabelCreate, LabelPublic, LabelUpdate
from api.problems import Code, problems
from api.web import Router, repeatable

router = Router(prefix="/labels", tags=["labels"])

OURS = ours(Label)
OurLabel = Annotated[Label, Depends(shared(Label))]


class LabelQuery(PageQuery[Label]):
    team_id: UUID | None = None
    crate_id: UUID | None = None
    sort: Literal["id"] = "id"


@router.get("")
async def list_labels(
    session: SessionDep, caller: CallerId, query: Annotated[LabelQuery, Query()]
) -> Page[LabelPublic]:
    return await paginate(session, query, OURS, **scope_values(caller))


@router.post("", status_code=201, responses=problems(Code.forbidden, Code.conflict))
async def create_label(session: SessionDep, caller: CallerId, body: LabelCreate) -> LabelPublic:
    await check_team(session, body.team_id, caller)
    await check_reference(session, Crate, body.crate_id, "crate_id", in_team(Crate, body.team_id))
    label = Label.model_validate(body, update={"creator_id": caller})
    session.add(label)
    return label


@router.get("/{id}")
async def get_label(label: OurLabel) -> LabelPublic:
    return label


@router.patch("/{id}", responses=problems(Code.conflict))
@repeatable
async def update_label(session: SessionDep, label: OurLabel, body: LabelUpdate) -> LabelPublic:
    await check_reference(session, Crate, body.crate_id, "crate_id", in_team(Crate, label.team_id))
    return body.apply(label)


@router.delete("/{id}", status_code=204)
@repeatable
async def delete_label(session: SessionDep, label: OurLabel) -> None:
    await session.delete(label)
