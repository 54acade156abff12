"""Crates of a team."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CallerId, check_team, ours, scope_values, shared
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.models.crate import Crate, CrateCreate, CratePermission, CratePublic, CrateUpdate, Wood
from api.problems import Code, problems
from api.web import Router, repeatable

router = Router(prefix="/crates", tags=["crates"])

OURS = ours(Crate)
OurCrate = Annotated[Crate, Depends(shared(Crate))]
SealedCrate = Annotated[Crate, Depends(shared(Crate, may=CratePermission.seal))]


class CrateQuery(PageQuery[Crate]):
    team_id: UUID | None = None
    wood: Wood | None = None
    q: Annotated[Search | None, Searches("content")] = None
    sort: Literal["id", "content"] = "id"


@router.get("")
async def list_crates(
    session: SessionDep, caller: CallerId, query: Annotated[CrateQuery, Query()]
) -> Page[CratePublic]:
    return await paginate(session, query, OURS, **scope_values(caller))


@router.post("", status_code=201, responses=problems(Code.forbidden))
async def create_crate(session: SessionDep, caller: CallerId, body: CrateCreate) -> CratePublic:
    await check_team(session, body.team_id, caller)
    crate = Crate.model_validate(body, update={"creator_id": caller})
    session.add(crate)
    return crate


@router.get("/{id}")
async def get_crate(crate: OurCrate) -> CratePublic:
    return crate


@router.patch("/{id}")
@repeatable
async def update_crate(crate: OurCrate, body: CrateUpdate) -> CratePublic:
    return body.apply(crate)


@router.delete("/{id}", status_code=204)
async def delete_crate(session: SessionDep, crate: OurCrate) -> None:
    await session.delete(crate)


@router.post("/{id}/seal")
async def seal_crate(crate: SealedCrate) -> CratePublic:
    crate.content = "Sealed"
    return crate
