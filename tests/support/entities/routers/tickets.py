"""What a club has to do."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field

from api.db import SessionDep
from api.deps import CurrentUser, check_reference, declares, scope_values, visible
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.models.base import utcnow
from api.models.club import VISIBLE as CLUB_VISIBLE
from api.models.club import Club
from api.models.ticket import VISIBLE, Ticket, TicketCreate, TicketPublic, TicketUpdate, Urgency
from api.models.types import UtcDatetime
from api.problems import Code, problems
from api.web import Router

router = Router(prefix="/tickets", tags=["tickets"])

visible_ticket = visible(Ticket, VISIBLE)
VisibleTicket = Annotated[Ticket, Depends(visible_ticket)]


@declares("own")
async def get_ticket_of_my_club(ticket: VisibleTicket) -> Ticket:
    """Who sees it is in its club, and may change it."""
    return ticket


ClubTicket = Annotated[Ticket, Depends(get_ticket_of_my_club)]


class TicketQuery(PageQuery[Ticket]):
    club_id: UUID | None = None
    urgency: list[Urgency] | None = None
    urgency_not: Urgency | None = None
    due_at_is_null: bool | None = None
    id_in: list[UUID] | None = None
    due_before: UtcDatetime | None = None
    due_after: UtcDatetime | None = None
    points_min: int | None = Field(default=None, ge=0, le=100)
    q: Annotated[Search | None, Searches("title", words=True)] = None
    sort: Literal["id", "due_at", "title", "rank"] = "id"


@router.get("")
async def list_tickets(
    session: SessionDep, user: CurrentUser, query: Annotated[TicketQuery, Query()]
) -> Page[TicketPublic]:
    return await paginate(session, query, VISIBLE, **scope_values(user))


@router.post("", status_code=201, responses=problems(Code.conflict))
async def create_ticket(session: SessionDep, user: CurrentUser, body: TicketCreate) -> TicketPublic:
    await check_reference(session, Club, body.club_id, "club_id", CLUB_VISIBLE, **scope_values(user))
    ticket = Ticket.model_validate(body)
    session.add(ticket)
    return ticket


@router.get("/{id}")
async def get_ticket(ticket: VisibleTicket) -> TicketPublic:
    return ticket


@router.patch("/{id}", responses=problems(Code.conflict))
async def update_ticket(ticket: ClubTicket, body: TicketUpdate) -> TicketPublic:
    return body.apply(ticket)


@router.delete("/{id}", status_code=204)
async def delete_ticket(ticket: ClubTicket) -> None:
    ticket.deleted_at = utcnow()
