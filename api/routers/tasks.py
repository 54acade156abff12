from typing import Annotated, Literal

from fastapi import Depends, Query

from api.db.session import SessionDep
from api.deps.authentication import CallerId
from api.deps.rows import asking, mine, owned
from api.lists.filters import Search, Searches
from api.lists.pagination import Page, PageQuery, paginate
from api.models import Task, TaskCreate, TaskPublic, TaskUpdate
from api.models.task import TaskStatus
from api.models.types import Line, UtcDatetime
from api.web.retries import repeatable
from api.web.routes import Router

router = Router(prefix="/tasks", tags=["tasks"])

MINE = mine(Task)
MyTask = Annotated[Task, Depends(owned(Task))]


class TaskQuery(PageQuery[Task]):
    status: TaskStatus | None = None
    category: Line | None = None
    deadline_before: UtcDatetime | None = None
    deadline_after: UtcDatetime | None = None
    q: Annotated[Search | None, Searches("description", "category")] = None
    sort: Literal["id", "deadline", "status", "updated_at"] = "id"


@router.get("")
async def list_tasks(session: SessionDep, caller: CallerId, query: Annotated[TaskQuery, Query()]) -> Page[TaskPublic]:
    return await paginate(session, query, MINE, **asking(caller))


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
