"""Crates of a team."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query

from api.db import SessionDep, purge, restore
from api.deps import CallerId, check_team, in_trash, ours, scope_values, shared
from api.lists import (
    Affected,
    AllRows,
    Filters,
    Page,
    PageQuery,
    Search,
    Searches,
    TrashQuery,
    change_all,
    delete_all,
    paginate,
)
from api.models.crate import Crate, CrateCreate, CratePermission, CratePublic, CrateUpdate, Wood
from api.problems import Code, problems
from api.web import Router, repeatable

router = Router(prefix="/crates", tags=["crates"])

OURS = ours(Crate)
OurCrate = Annotated[Crate, Depends(shared(Crate))]
TrashedCrate = Annotated[Crate, Depends(in_trash(Crate, OURS))]
SealedCrate = Annotated[Crate, Depends(shared(Crate, may=CratePermission.seal))]


class CrateFilters(Filters[Crate]):
    team_id: UUID | None = None
    id: list[UUID] | None = None
    wood: Wood | None = None


class CrateQuery(CrateFilters, PageQuery[Crate]):
    q: Annotated[Search | None, Searches("content")] = None
    sort: Literal["id", "content"] = "id"


class AllCrates(CrateFilters, AllRows[Crate]): ...


class CrateTrashQuery(TrashQuery[Crate]): ...


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


@router.patch("")
async def update_crates(
    session: SessionDep, caller: CallerId, query: Annotated[AllCrates, Query()], body: CrateUpdate
) -> Affected:
    return await change_all(session, query, OURS, body, **scope_values(caller))


@router.delete("")
async def delete_crates(
    session: SessionDep, caller: CallerId, query: Annotated[AllCrates, Query()]
) -> Affected:
    return await delete_all(session, query, OURS, **scope_values(caller))


@router.get("/trash")
async def list_trashed_crates(
    session: SessionDep, caller: CallerId, query: Annotated[CrateTrashQuery, Query()]
) -> Page[CratePublic]:
    return await paginate(session, query, OURS, **scope_values(caller))


@router.delete("/trash/{id}", status_code=204)
async def purge_crate(session: SessionDep, crate: TrashedCrate) -> None:
    await purge(session, crate)


@router.post("/{id}/restore", responses=problems(Code.already_exists, Code.conflict))
async def restore_crate(session: SessionDep, crate: TrashedCrate) -> CratePublic:
    return await restore(session, crate)


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
