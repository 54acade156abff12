"""Vouchers."""

import secrets
from typing import Annotated, Literal

from fastapi import Depends, Path, Query, Request, Response
from sqlalchemy import bindparam
from sqlmodel import col, select

from api.db import SessionDep
from api.deps import PUBLIC, declares, load, visible
from api.lists import Page, PageQuery, paginate
from api.models.club import VISIBLE as CLUB_VISIBLE
from api.models.club import Club
from api.models.types import Line
from api.models.voucher import Voucher, VoucherCreate, VoucherMade, VoucherPublic
from api.problems import Code, ProblemError
from api.web import Router, not_kept

router = Router(tags=["vouchers"])

OF_CLUB = col(Voucher.club_id) == bindparam("club_id")
VisibleClub = Annotated[Club, Depends(visible(Club, CLUB_VISIBLE))]
Token = Annotated[Line, Path(max_length=64, description="What the voucher was made with.")]


@declares("", Code.not_found, Code.stale)
async def get_by_token(token: Token, request: Request, session: SessionDep) -> Voucher:
    found = (await session.exec(select(Voucher.id).where(col(Voucher.token) == token))).first()
    if found is None:
        raise ProblemError(Code.not_found)
    return await load(request, session, Voucher, found, VoucherPublic)


class VoucherQuery(PageQuery[Voucher]):
    sort: Literal["id"] = "id"


@router.get("/clubs/{id}/vouchers")
async def list_vouchers(
    session: SessionDep, club: VisibleClub, query: Annotated[VoucherQuery, Query()]
) -> Page[VoucherPublic]:
    return await paginate(session, query, OF_CLUB, club_id=club.id)


@router.post("/clubs/{id}/vouchers", status_code=201, response_model=VoucherMade)
@not_kept("The answer contains a token.")
async def create_voucher(
    session: SessionDep, club: VisibleClub, body: VoucherCreate, response: Response
) -> Voucher:
    update = {"club_id": club.id, "token": secrets.token_urlsafe(32)}
    voucher = Voucher.model_validate(body, update=update)
    session.add(voucher)
    response.headers["Location"] = f"/api/v1/vouchers/{voucher.token}"
    return voucher


@router.get("/vouchers/{token}", dependencies=[PUBLIC])
async def get_voucher(
    voucher: Annotated[Voucher, Depends(get_by_token)],
) -> VoucherPublic:
    return voucher
