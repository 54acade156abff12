"""Contacts of your teams."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import Depends, Query

from api.db import SessionDep, purge, restore
from api.deps import (
    Bulk,
    CallerId,
    Many,
    Partial,
    Upsert,
    bulk,
    check_team,
    in_trash,
    ours,
    scope_values,
    shared,
    upserts,
)
from api.lists import (
    Affected,
    AllRows,
    CommaSeparated,
    Filters,
    HistoryQuery,
    Page,
    PageQuery,
    Search,
    Searches,
    Summary,
    SummaryQuery,
    TrashQuery,
    change_all,
    delete_all,
    history,
    paginate,
    summarize,
)
from api.models.contact import Contact, ContactCreate, ContactPublic, ContactStage, ContactUpdate
from api.models.row_change import Change
from api.models.types import Line
from api.problems import Code, problems
from api.web import Router

router = Router(prefix="/contacts", tags=["contacts"])

OURS = ours(Contact)
OurContact = Annotated[Contact, Depends(shared(Contact))]
TrashedContact = Annotated[Contact, Depends(in_trash(Contact, OURS))]
ByExternalId = Annotated[Upsert[Contact], Depends(upserts(Contact, "external_id"))]


class ContactFilters(Filters[Contact]):
    team_id: UUID | None = None
    stage: list[ContactStage] | None = None
    stage_not: list[ContactStage] | None = None
    city: Line | None = None
    external_id_is_null: bool | None = None
    q: Annotated[Search | None, Searches("name", "email", "city", words=True)] = None


class ContactQuery(ContactFilters, PageQuery[Contact]):
    sort: Literal["id", "name", "rank"] = "id"


class AllContacts(ContactFilters, AllRows[Contact]): ...


class ContactTrashQuery(TrashQuery[Contact]):
    team_id: UUID | None = None


class ContactSummary(ContactFilters, SummaryQuery[Contact]):
    time: ClassVar[str] = "created_at"
    by: CommaSeparated[Literal["team_id", "stage", "month"]] = ()


@router.get("")
async def list_contacts(
    session: SessionDep, caller: CallerId, query: Annotated[ContactQuery, Query()]
) -> Page[ContactPublic]:
    return await paginate(session, query, OURS, **scope_values(caller))


@router.post("", status_code=201, responses=problems(Code.forbidden, Code.conflict))
async def create_contact(session: SessionDep, caller: CallerId, body: ContactCreate) -> ContactPublic:
    await check_team(session, body.team_id, caller)
    contact = Contact.model_validate(body, update={"creator_id": caller})
    session.add(contact)
    return contact


@router.post("/bulk", status_code=201)
async def create_contacts(
    session: SessionDep, caller: CallerId, body: Many[ContactCreate], partial: Partial = False
) -> Bulk[ContactPublic]:
    return await bulk(session, body, lambda one: create_contact(session, caller, one), partial=partial)


@router.put("/by/{external_id}", responses=problems(Code.forbidden))
async def put_contact(
    session: SessionDep, caller: CallerId, upsert: ByExternalId, external_id: Line, body: ContactCreate
) -> ContactPublic:
    await check_team(session, body.team_id, caller)
    return await upsert(body, external_id, team_id=body.team_id, new={"creator_id": caller})


@router.patch("", responses=problems(Code.conflict))
async def update_contacts(
    session: SessionDep, caller: CallerId, query: Annotated[AllContacts, Query()], body: ContactUpdate
) -> Affected:
    return await change_all(session, query, OURS, body, **scope_values(caller))


@router.delete("")
async def delete_contacts(
    session: SessionDep, caller: CallerId, query: Annotated[AllContacts, Query()]
) -> Affected:
    return await delete_all(session, query, OURS, **scope_values(caller))


@router.get("/summary")
async def summarize_contacts(
    session: SessionDep, caller: CallerId, query: Annotated[ContactSummary, Query()]
) -> Summary[ContactSummary]:
    return await summarize(session, query, OURS, **scope_values(caller))


@router.get("/trash")
async def list_trashed_contacts(
    session: SessionDep, caller: CallerId, query: Annotated[ContactTrashQuery, Query()]
) -> Page[ContactPublic]:
    return await paginate(session, query, OURS, **scope_values(caller))


@router.delete("/trash/{id}", status_code=204)
async def purge_contact(session: SessionDep, contact: TrashedContact) -> None:
    await purge(session, contact)


@router.post("/{id}/restore", responses=problems(Code.conflict))
async def restore_contact(session: SessionDep, contact: TrashedContact) -> ContactPublic:
    return await restore(session, contact)


@router.get("/{id}")
async def get_contact(contact: OurContact) -> ContactPublic:
    return contact


@router.patch("/{id}", responses=problems(Code.conflict))
async def update_contact(contact: OurContact, body: ContactUpdate) -> ContactPublic:
    return body.apply(contact)


@router.delete("/{id}", status_code=204)
async def delete_contact(session: SessionDep, contact: OurContact) -> None:
    await session.delete(contact)


@router.get("/{id}/history")
async def list_contact_changes(
    session: SessionDep, contact: OurContact, query: Annotated[HistoryQuery, Query()]
) -> Page[Change[ContactPublic]]:
    return await history(session, query, contact)
