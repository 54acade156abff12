"""Shelves of my own."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import Field
from sqlmodel import col

from api.db import SessionDep, fresh
from api.deps import CallerId, check_reference, mine, scope_values, visible
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.models.base import utcnow
from api.models.shelf import Shelf, ShelfCreate, ShelfPublic, ShelfUpdate
from api.problems import Code, problems
from api.web import Router

router = Router(prefix="/shelves", tags=["shelves"])

MINE = mine(Shelf) & col(Shelf.deleted_at).is_(None)
MyShelf = Annotated[Shelf, Depends(visible(Shelf, MINE))]


class ShelfQuery(PageQuery[Shelf]):
    size: int | None = Field(default=None, ge=0, le=100)
    q: Annotated[Search | None, Searches("name")] = None
    sort: Literal["id", "name", "size"] = "id"


@router.get("")
async def list_shelves(
    session: SessionDep, caller: CallerId, query: Annotated[ShelfQuery, Query()]
) -> Page[ShelfPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201, responses=problems(Code.conflict))
async def create_shelf(session: SessionDep, caller: CallerId, body: ShelfCreate) -> ShelfPublic:
    await check_reference(session, Shelf, body.parent_id, "parent_id", MINE, **scope_values(caller))
    return await fresh(session, Shelf.model_validate(body, update={"owner_id": caller}))


@router.get("/{id}")
async def get_shelf(shelf: MyShelf) -> ShelfPublic:
    return shelf


@router.patch("/{id}", responses=problems(Code.conflict))
async def update_shelf(
    session: SessionDep, caller: CallerId, shelf: MyShelf, body: ShelfUpdate
) -> ShelfPublic:
    await check_reference(session, Shelf, body.parent_id, "parent_id", MINE, **scope_values(caller))
    return await fresh(session, body.apply(shelf))


@router.delete("/{id}", status_code=204)
async def delete_shelf(shelf: MyShelf) -> None:
    shelf.deleted_at = utcnow()
