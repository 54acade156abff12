"""Courses and their participants."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import bindparam
from sqlmodel import col, func, select

from api.db import SessionDep, delete_rows, fresh
from api.deps import CurrentUser, check_reference, governed, require, scope_values, visible, within
from api.flows.capacity import CapacityCode
from api.flows.notifications import notify
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.models.base import utcnow
from api.models.course import (
    ENROLLED,
    VISIBLE,
    Course,
    CourseCreate,
    CoursePermission,
    CoursePublic,
    CourseUpdate,
    Enrollment,
    EnrollmentPublic,
)
from api.models.group import VISIBLE as GROUP_VISIBLE
from api.models.group import Group, GroupPermission
from api.models.notification import NotificationKind
from api.models.types import UtcDatetime
from api.models.user import User
from api.problems import ProblemCode, ProblemError, problems
from api.web import Router

router = Router(prefix="/courses", tags=["courses"])

OF_COURSE = col(Enrollment.course_id) == bindparam("course_id")

Writer = Annotated[User, require(CoursePermission.write)]
# Those who see all groups see all courses: a course shows the name of its group
visible_course = visible(Course, VISIBLE, CoursePublic, unless=GroupPermission.write)
VisibleCourse = Annotated[Course, Depends(visible_course)]
LeftCourse = Annotated[
    Course, Depends(visible(Course, VISIBLE | ENROLLED, CoursePublic, unless=GroupPermission.write))
]
GovernedCourse = Annotated[Course, Depends(governed(visible_course, "instructor_id", CoursePermission.write))]


class CourseCode(ProblemCode):
    course_full = "course_full", 409, "This course is full."
    course_over = "course_over", 409, "This course has ended."


class CourseNotificationKind(NotificationKind):
    enrolled = "course.enrolled"


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
async def list_courses(
    session: SessionDep, user: CurrentUser, query: Annotated[CourseQuery, Query()]
) -> Page[Course]:
    return await paginate(session, query, within(user, VISIBLE, GroupPermission.write), **scope_values(user))


@router.post("", status_code=201, response_model=CoursePublic)
async def create_course(session: SessionDep, writer: Writer, body: CourseCreate) -> Course:
    instructor_id = body.instructor_id or writer.id
    await check_reference(session, User, instructor_id, "instructor_id")
    await _check_group(session, writer, body.group_id)
    return await fresh(session, Course.model_validate(body, update={"instructor_id": instructor_id}))


@router.get("/{id}", response_model=CoursePublic)
async def get_course(course: VisibleCourse) -> Course:
    return course


@router.patch("/{id}", response_model=CoursePublic, responses=problems(CapacityCode.capacity_taken))
async def update_course(
    session: SessionDep, user: CurrentUser, course: GovernedCourse, body: CourseUpdate
) -> Course:
    await _check_group(session, user, body.model_dump().get("group_id"))
    body.apply(course)
    if await _enrolled(session, course) > course.capacity:
        raise ProblemError(CapacityCode.capacity_taken)
    return await fresh(session, course)


@router.delete("/{id}", status_code=204)
async def delete_course(session: SessionDep, course: GovernedCourse) -> None:
    await session.delete(course)


@router.get("/{id}/enrollments", response_model=Page[EnrollmentPublic])
async def list_enrollments(
    session: SessionDep, course: VisibleCourse, query: Annotated[EnrollmentQuery, Query()]
) -> Page[Enrollment]:
    return await paginate(session, query, OF_COURSE, course_id=course.id)


@router.put(
    "/{id}/enrollments/me",
    status_code=204,
    responses=problems(CourseCode.course_full, CourseCode.course_over),
)
async def enroll(session: SessionDep, user: CurrentUser, course: VisibleCourse) -> None:
    """Enrol yourself. A second request changes nothing."""
    mine = select(Enrollment.id).where(Enrollment.course_id == course.id, Enrollment.user_id == user.id)
    if (await session.exec(mine)).first() is not None:
        return
    if course.ends_at <= utcnow():
        raise ProblemError(CourseCode.course_over)
    # The course's row is locked, so the count stays valid
    if await _enrolled(session, course) >= course.capacity:
        raise ProblemError(CourseCode.course_full)
    session.add(Enrollment(course_id=course.id, user_id=user.id))
    _notify(session, course, user)


@router.delete("/{id}/enrollments/me", status_code=204)
async def leave_course(session: SessionDep, user: CurrentUser, course: LeftCourse) -> None:
    """Leave a course, also one that you may not see any more."""
    mine = (col(Enrollment.course_id) == course.id, col(Enrollment.user_id) == user.id)
    await delete_rows(session, Enrollment, *mine)


def _notify(session: SessionDep, course: Course, user: User) -> None:
    """Notify the participant and the instructor."""
    data, enrolled = {"user_id": str(user.id)}, CourseNotificationKind.enrolled
    notify(session, user.id, enrolled, f"You are enrolled in {course.title}", course, data)
    if course.instructor_id is not None and course.instructor_id != user.id:
        notify(
            session,
            course.instructor_id,
            enrolled,
            f"{user.full_name} enrolled in {course.title}",
            course,
            data,
        )


async def _check_group(session: SessionDep, user: User, id: UUID | None) -> None:
    """Require a group that the writer may see, because a course shows the name of its group."""
    scope = within(user, GROUP_VISIBLE, GroupPermission.write)
    await check_reference(session, Group, id, "group_id", scope, **scope_values(user))


async def _enrolled(session: SessionDep, course: Course) -> int:
    return (await session.exec(select(func.count()).where(Enrollment.course_id == course.id))).one()
