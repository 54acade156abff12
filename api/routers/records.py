"""Records about users."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

from api.db import DatabaseDep, SessionDep, fresh
from api.deps import CurrentUser, check_reference, found, mine, owned, require, scope_values, within
from api.flows.notifications import notify
from api.lists import Csv, Filters, Page, PageQuery, Search, Searches, csv_stream, paginate, walk
from api.models.booking import Booking
from api.models.notification import NotificationKind
from api.models.record import Record, RecordCreate, RecordPermission, RecordPublic, RecordUpdate
from api.models.types import Line, UtcDatetime
from api.models.user import User
from api.web import Router

router = Router(prefix="/records", tags=["records"])

ABOUT_ME = mine(Record, "user_id")
WRITER = require(RecordPermission.write)
Writer = Annotated[User, WRITER]
VisibleRecord = Annotated[
    Record, Depends(owned(Record, RecordPublic, "user_id", unless=RecordPermission.read))
]
AnyRecord = Annotated[Record, Depends(found(Record, RecordPublic))]


class RecordNotificationKind(NotificationKind):
    created = "record.created"


class RecordFilters(Filters[Record]):
    user_id: UUID | None = None
    kind: Line | None = None
    occurred_before: UtcDatetime | None = None
    occurred_after: UtcDatetime | None = None
    q: Annotated[Search | None, Searches("title", "kind", of_all=True)] = None
    sort: Literal["id", "occurred_at"] = "id"


class RecordQuery(RecordFilters, PageQuery[Record]): ...


@router.get("", response_model=Page[RecordPublic])
async def list_records(
    session: SessionDep, user: CurrentUser, query: Annotated[RecordQuery, Query()]
) -> Page[Record]:
    return await paginate(session, query, within(user, ABOUT_ME, RecordPermission.read), **scope_values(user))


@router.get("/export.csv", response_class=Csv)
async def export_records(
    database: DatabaseDep, user: CurrentUser, query: Annotated[RecordFilters, Query()]
) -> StreamingResponse:
    """All matching rows as CSV, without a limit. Cells that look like formulas are quoted."""
    scope = within(user, ABOUT_ME, RecordPermission.read)
    return csv_stream("records.csv", RecordPublic, walk(database.read, query, scope, **scope_values(user)))


@router.post("", status_code=201, response_model=RecordPublic, dependencies=[WRITER])
async def create_record(session: SessionDep, writer: CurrentUser, body: RecordCreate) -> Record:
    await check_reference(session, User, body.user_id, "user_id")
    await check_reference(session, Booking, body.booking_id, "booking_id")
    record = Record.model_validate(body, update={"author_id": writer.id})
    title = f"New record about you: {record.title}"
    notify(session, record.user_id, RecordNotificationKind.created, title, record)
    return await fresh(session, record)


@router.get("/{id}", response_model=RecordPublic)
async def get_record(record: VisibleRecord) -> Record:
    return record


@router.patch("/{id}", response_model=RecordPublic, dependencies=[WRITER])
async def update_record(session: SessionDep, record: AnyRecord, body: RecordUpdate) -> Record:
    await check_reference(session, Booking, body.model_dump().get("booking_id"), "booking_id")
    return body.apply(record)


@router.delete("/{id}", status_code=204, dependencies=[WRITER])
async def delete_record(session: SessionDep, record: AnyRecord) -> None:
    await session.delete(record)
