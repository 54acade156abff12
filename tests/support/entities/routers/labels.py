"""Labels of my own."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CallerId, mine, owned, scope_values
from api.lists import Page, PageQuery, paginate
from api.models.invoice import Label, LabelCreate, LabelPublic
from api.web import Router

router = Router(prefix="/labels", tags=["labels"])

MINE = mine(Label)
MyLabel = Annotated[Label, Depends(owned(Label))]


class LabelQuery(PageQuery[Label]):
    sort: Literal["id", "name"] = "id"


@router.get("")
async def list_labels(
    session: SessionDep, caller: CallerId, query: Annotated[LabelQuery, Query()]
) -> Page[LabelPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201)
async def create_label(session: SessionDep, caller: CallerId, body: LabelCreate) -> LabelPublic:
    label = Label.model_validate(body, update={"owner_id": caller})
    session.add(label)
    return label


@router.get("/{id}")
async def get_label(label: MyLabel) -> LabelPublic:
    return label


@router.delete("/{id}", status_code=204)
async def delete_label(session: SessionDep, label: MyLabel) -> None:
    await session.delete(label)
