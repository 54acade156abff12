from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import bindparam
from sqlmodel import col, delete, func, select

from api.db.session import SessionDep, fresh
from api.deps.authentication import CurrentUser, require
from api.deps.rows import asking, governed, visible, within
from api.flows.notifications import course_enrolled
from api.flows.references import check_reference
from api.lists.filters import Search, Searches
from api.lists.pagination import Page, PageQuery, paginate
from api.models import (
    Course,
    CourseCreate,
    CoursePublic,
    CourseUpdate,
    Enrollment,
    EnrollmentPublic,
    Group,
    Permission,
    User,
)
from api.models.base import utcnow
from api.models.course import VISIBLE
from api.models.group import VISIBLE as GROUP_VISIBLE
from api.models.types import UtcDatetime
from api.problems import Code, ProblemError, problems
from api.web.routes import Router

router = Router(prefix="/courses", tags=["courses"])

OF_COURSE = col(Enrollment.course_id) == bindparam("course_id")

Writer = Annotated[User, require(Permission.courses_write)]
visible_course = visible(Course, VISIBLE, CoursePublic, unless=Permission.courses_write)
VisibleCourse = Annotated[Course, Depends(visible_course)]
GovernedCourse = Annotated[Course, Depends(governed(visible_course, "instructor_id", Permission.courses_write))]


class CourseQuery(PageQuery[Course]):
    instructor_id: UUID | None = None
    group_id: UUID | None = None
    starts_before: UtcDatetime | None = None
    starts_after: UtcDatetime | None = None
    q: Annotated[Search | None, Searches("title", "description", of_all=True)] = None
    sort: Literal["id", "starts_at", "title"] = "id"


class EnrollmentQuery(PageQuery[Enrollment]):
    sort: Literal["id"] = "id"


@router.get("", response_model=Page[CoursePublic])
async def list_courses(session: SessionDep, user: CurrentUser, query: Annotated[CourseQuery, Query()]) -> Page[Course]:
    return await paginate(session, query, within(user, VISIBLE, Permission.courses_write), **asking(user))


@router.post("", status_code=201, response_model=CoursePublic)
async def create_course(session: SessionDep, writer: Writer, body: CourseCreate) -> Course:
    instructor_id = body.instructor_id or writer.id
    await check_reference(session, User, instructor_id, "instructor_id")
    await _check_group(session, writer, body.group_id)
    return await fresh(session, Course.model_validate(body, update={"instructor_id": instructor_id}))


@router.get("/{id}", response_model=CoursePublic)
async def get_course(course: VisibleCourse) -> Course:
    return course


@router.patch("/{id}", response_model=CoursePublic, responses=problems(Code.capacity_taken))
async def update_course(session: SessionDep, user: CurrentUser, course: GovernedCourse, body: CourseUpdate) -> Course:
    await _check_group(session, user, body.model_dump().get("group_id"))
    body.apply(course)
    if await _enrolled(session, course) > course.capacity:
        raise ProblemError(Code.capacity_taken)
    return await fresh(session, course)


@router.delete("/{id}", status_code=204)
async def delete_course(session: SessionDep, course: GovernedCourse) -> None:
    await session.delete(course)


@router.get("/{id}/enrollments", response_model=Page[EnrollmentPublic])
async def list_enrollments(
    session: SessionDep, course: VisibleCourse, query: Annotated[EnrollmentQuery, Query()]
) -> Page[Enrollment]:
    return await paginate(session, query, OF_COURSE, course_id=course.id)


@router.put("/{id}/enrollments/me", status_code=204, responses=problems(Code.course_full, Code.course_over))
async def enroll(session: SessionDep, user: CurrentUser, course: VisibleCourse) -> None:
    """Enrol oneself. Twice is as good as once."""
    mine = select(Enrollment.id).where(Enrollment.course_id == course.id, Enrollment.user_id == user.id)
    if (await session.exec(mine)).first() is not None:
        return
    if course.ends_at <= utcnow():
        raise ProblemError(Code.course_over)
    if await _enrolled(session, course) >= course.capacity:  # the course's row is locked: nobody comes in between
        raise ProblemError(Code.course_full)
    session.add(Enrollment(course_id=course.id, user_id=user.id))
    course_enrolled(session, course, user)


@router.delete("/{id}/enrollments/me", status_code=204)
async def leave_course(session: SessionDep, user: CurrentUser, course: VisibleCourse) -> None:
    await session.exec(delete(Enrollment).where(col(Enrollment.course_id) == course.id, col(Enrollment.user_id) == user.id))


async def _check_group(session: SessionDep, user: User, id: UUID | None) -> None:
    """A course shows the name of its group, so it is put only into one that is seen."""
    scope = within(user, GROUP_VISIBLE, Permission.groups_write)
    await check_reference(session, Group, id, "group_id", scope, **asking(user))


async def _enrolled(session: SessionDep, course: Course) -> int:
    return (await session.exec(select(func.count()).where(Enrollment.course_id == course.id))).one()
