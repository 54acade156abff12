"""Stamps of my own."""

from typing import Annotated, Literal

from api.models.stamp import Stamp, StampCreate, StampPublic, StampUpdate
from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CallerId, mine, owned, scope_values
from api.lists import Page, PageQuery, paginate
from api.web import Router, repeatable

router = Router(prefix="/stamps", tags=["stamps"])

MINE = mine(Stamp)
MyStamp = Annotated[Stamp, Depends(owned(Stamp))]


class StampQuery(PageQuery[Stamp]):
    sort: Literal["id"] = "id"


@router.get("")
async def list_stamps(
    session: SessionDep, caller: CallerId, query: Annotated[StampQuery, Query()]
) -> Page[StampPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201)
async def create_stamp(session: SessionDep, caller: CallerId, body: StampCreate) -> StampPublic:
    stamp = Stamp.model_validate(body, update={"owner_id": caller})
    session.add(stamp)
    return stamp


@router.get("/{id}")
async def get_stamp(stamp: MyStamp) -> StampPublic:
    return stamp


@router.patch("/{id}")
@repeatable
async def update_stamp(stamp: MyStamp, body: StampUpdate) -> StampPublic:
    return body.apply(stamp)


@router.delete("/{id}", status_code=204)
async def give_away_stamp(stamp: MyStamp) -> None:
    """It is still shown afterwards."""
    stamp.motif = f"{stamp.motif[:90]}, gone"
