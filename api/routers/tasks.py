"""Your tasks."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CallerId, mine, owned, scope_values
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.models.task import Task, TaskCreate, TaskPublic, TaskStatus, TaskUpdate
from api.models.types import Line, UtcDatetime
from api.web import Router, repeatable

router = Router(prefix="/tasks", tags=["tasks"])

MINE = mine(Task)
MyTask = Annotated[Task, Depends(owned(Task))]


class TaskQuery(PageQuery[Task]):
    status: TaskStatus | None = None
    status_in: list[TaskStatus] | None = None
    category: Line | None = None
    deadline_before: UtcDatetime | None = None
    deadline_after: UtcDatetime | None = None
    deadline_is_null: bool | None = None
    q: Annotated[Search | None, Searches("description", "category")] = None
    sort: Literal["id", "deadline", "status", "updated_at"] = "id"


@router.get("")
async def list_tasks(
    session: SessionDep, caller: CallerId, query: Annotated[TaskQuery, Query()]
) -> Page[TaskPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201)
async def create_task(session: SessionDep, caller: CallerId, body: TaskCreate) -> TaskPublic:
    task = Task.model_validate(body, update={"owner_id": caller})
    session.add(task)
    return task


@router.get("/{id}")
async def get_task(task: MyTask) -> TaskPublic:
    return task


@router.patch("/{id}")
@repeatable
async def update_task(task: MyTask, body: TaskUpdate) -> TaskPublic:
    return body.apply(task)


@router.delete("/{id}", status_code=204)
@repeatable
async def delete_task(session: SessionDep, task: MyTask) -> None:
    await session.delete(task)
