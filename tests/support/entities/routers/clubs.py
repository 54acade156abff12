"""Clubs."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CurrentUser, scope_values, visible
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.models.club import VISIBLE, Club, ClubCreate, ClubMember, ClubPublic
from api.problems import Code, problems
from api.web import Router

router = Router(prefix="/clubs", tags=["clubs"])

VisibleClub = Annotated[Club, Depends(visible(Club, VISIBLE))]


class ClubQuery(PageQuery[Club]):
    q: Annotated[Search | None, Searches("name", of_all=True)] = None
    sort: Literal["id", "name"] = "id"


@router.get("")
async def list_clubs(
    session: SessionDep, user: CurrentUser, query: Annotated[ClubQuery, Query()]
) -> Page[ClubPublic]:
    return await paginate(session, query, VISIBLE, **scope_values(user))


@router.post("", status_code=201, responses=problems(Code.already_exists))
async def create_club(session: SessionDep, user: CurrentUser, body: ClubCreate) -> ClubPublic:
    club = Club.model_validate(body, update={"name_key": body.name.casefold()})
    session.add(club)
    await session.flush()
    session.add(ClubMember(club_id=club.id, user_id=user.id))
    return club


@router.get("/{id}")
async def get_club(club: VisibleClub) -> ClubPublic:
    return club
