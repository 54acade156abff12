"""What a club knows."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request, Response
from sqlalchemy import bindparam
from sqlmodel import col, select

from api.db import SessionDep
from api.deps import CurrentUser, declares, load, visible
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.models.club import VISIBLE as CLUB_VISIBLE
from api.models.club import Club
from api.models.wiki_page import VISIBLE, Slug, WikiPage, WikiPageCreate, WikiPagePublic, WikiPageUpdate
from api.problems import Code, ProblemError, problems
from api.web import Router

router = Router(tags=["wiki pages"])

OF_CLUB = col(WikiPage.club_id) == bindparam("club_id")
VisibleClub = Annotated[Club, Depends(visible(Club, CLUB_VISIBLE))]
SlugInPath = Annotated[Slug, Path(max_length=80, description="The page's name in addresses.")]


@declares("own", Code.not_found, Code.stale)
async def get_page_of_my_club(
    slug: SlugInPath, request: Request, session: SessionDep, user: CurrentUser
) -> WikiPage:
    found = (await session.exec(select(WikiPage.id).where(col(WikiPage.slug) == slug))).first()
    if found is None:
        raise ProblemError(Code.not_found)
    return await load(request, session, WikiPage, found, WikiPagePublic, VISIBLE, user)


ClubPage = Annotated[WikiPage, Depends(get_page_of_my_club)]


class WikiPageQuery(PageQuery[WikiPage]):
    q: Annotated[Search | None, Searches("title", "text")] = None
    sort: Literal["id", "title"] = "id"


@router.get("/clubs/{id}/wiki-pages")
async def list_wiki_pages(
    session: SessionDep, club: VisibleClub, query: Annotated[WikiPageQuery, Query()]
) -> Page[WikiPagePublic]:
    return await paginate(session, query, OF_CLUB, club_id=club.id)


@router.post(
    "/clubs/{id}/wiki-pages", status_code=201, responses=problems(Code.already_exists, Code.conflict)
)
async def create_wiki_page(
    session: SessionDep, club: VisibleClub, body: WikiPageCreate, response: Response
) -> WikiPagePublic:
    page = WikiPage.model_validate(body, update={"club_id": club.id})
    session.add(page)
    response.headers["Location"] = f"/api/v1/wiki-pages/{page.slug}"
    return page


@router.get("/wiki-pages/{slug}")
async def get_wiki_page(page: ClubPage) -> WikiPagePublic:
    return page


@router.get("/wiki-pages/{slug}/outline", response_model=WikiPagePublic, response_model_exclude={"text"})
async def get_outline(page: ClubPage) -> Any:
    return page


@router.patch("/wiki-pages/{slug}", responses=problems(Code.already_exists, Code.conflict))
async def update_wiki_page(page: ClubPage, body: WikiPageUpdate) -> WikiPagePublic:
    return body.apply(page)


@router.delete("/wiki-pages/{slug}", status_code=204)
async def delete_wiki_page(session: SessionDep, page: ClubPage) -> None:
    await session.delete(page)
