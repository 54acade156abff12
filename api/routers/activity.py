"""The activity of all users."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from api.db import SessionDep
from api.deps import require
from api.lists import Page, PageQuery, paginate
from api.models.activity import Activity, ActivityPermission, ActivityPublic
from api.models.row_change import RowAction
from api.models.types import Line, UtcDatetime
from api.web import Router

router = Router(prefix="/activity", tags=["activity"])


class ActivityQuery(PageQuery[Activity]):
    actor_id: UUID | None = None
    entity: Line | None = None
    row_id: UUID | None = None
    action: list[RowAction] | None = None
    created_after: UtcDatetime | None = None
    created_before: UtcDatetime | None = None


@router.get("", response_model=Page[ActivityPublic], dependencies=[require(ActivityPermission.read)])
async def list_activity(session: SessionDep, query: Annotated[ActivityQuery, Query()]) -> Page[Activity]:
    """Who has done what to which row, and when: the newest first."""
    return await paginate(session, query)
