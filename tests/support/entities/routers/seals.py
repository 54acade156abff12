"""Seals of my own."""

from typing import Annotated, Literal

from api.models.seal import Seal, SealCreate, SealPublic, SealUpdate
from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CallerId, mine, owned, scope_values
from api.lists import Page, PageQuery, paginate
from api.web import Router, repeatable

router = Router(prefix="/seals", tags=["seals"])

MINE = mine(Seal)
MySeal = Annotated[Seal, Depends(owned(Seal))]


class SealQuery(PageQuery[Seal]):
    sort: Literal["id"] = "id"


@router.get("")
async def list_seals(
    session: SessionDep, caller: CallerId, query: Annotated[SealQuery, Query()]
) -> Page[SealPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201)
async def create_seal(session: SessionDep, caller: CallerId, body: SealCreate) -> SealPublic:
    seal = Seal.model_validate(body, update={"owner_id": caller})
    session.add(seal)
    return seal


@router.get("/{id}")
async def get_seal(seal: MySeal) -> SealPublic:
    return seal


@router.patch("/{id}")
@repeatable
async def update_seal(seal: MySeal, body: SealUpdate) -> SealPublic:
    return body.apply(seal)
