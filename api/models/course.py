"""Courses and enrollments."""

from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import column_property
from sqlmodel import Field, Relationship, SQLModel, col, func, select

from api.models.base import CALLER, TO_ONE, TO_ONE_OR_NONE, Create, Entity, Permission, Update, listed, utcnow
from api.models.group import VISIBLE as GROUP_VISIBLE
from api.models.group import Group
from api.models.types import Line, Text, UtcDatetime, Whole, idempotent
from api.models.user import User, UserSummary


class CoursePermission(Permission):
    write = "courses:write"


class CourseBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "title": "First words",
        "description": "Songs and picture books for children from one to three.",
        "capacity": 12,
    }

    title: Line = Field(min_length=1, max_length=200)
    description: Text = Field(default="", max_length=5000)
    starts_at: UtcDatetime
    ends_at: UtcDatetime
    capacity: Whole = Field(ge=1, le=100_000, description="The maximum number of participants.")
    group_id: UUID | None = Field(
        default=None,
        foreign_key="groups.id",
        ondelete="SET NULL",
        index=True,
        description="The group of the course. Only members see the courses of a closed group.",
    )

    @model_validator(mode="after")
    @idempotent
    def _ends_after_start(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at must be after starts_at.")
        return self


class CourseCreate(CourseBase, Create):
    instructor_id: UUID | None = Field(
        default=None, description="The id of the instructor. The default is the caller."
    )


class CourseUpdate(CourseBase, Update): ...


class GroupSummary(SQLModel):
    """A group as part of a course."""

    id: UUID
    name: str


class CourseRow(CourseBase, Entity): ...


class CoursePublic(CourseRow):
    __examples__: ClassVar[dict[str, Any]] = {"enrolled_count": 3}

    instructor: UserSummary | None = Field(description="Null if the instructor's account was deleted.")
    group: GroupSummary | None
    enrolled_count: int = Field(description="The number of participants.")


class Course(CourseRow, table=True):
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        *listed(by=("starts_at", "title")),
        *listed("instructor_id", by=("id",)),
    )

    instructor_id: UUID | None = Field(foreign_key="users.id", ondelete="SET NULL")
    instructor: User | None = Relationship(sa_relationship_kwargs=TO_ONE_OR_NONE)
    group: Group | None = Relationship(sa_relationship_kwargs=TO_ONE_OR_NONE)


class EnrollmentRow(Entity):
    __examples__: ClassVar[dict[str, Any]] = {"enrolled_at": "2030-05-03T09:15:00Z"}

    course_id: UUID = Field(foreign_key="courses.id", ondelete="CASCADE", description="The id of the course.")
    enrolled_at: datetime = Field(default_factory=utcnow)


class EnrollmentPublic(EnrollmentRow):
    user: UserSummary


class Enrollment(EnrollmentRow, table=True):
    __table_args__ = (
        UniqueConstraint("course_id", "user_id"),
        *listed("course_id", by=("id",)),
        *listed("user_id", by=("id",)),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    user: User = Relationship(sa_relationship_kwargs=TO_ONE)


Course.enrolled_count = column_property(  # a field of CoursePublic, counted in the same query
    select(func.count())
    .where(Enrollment.course_id == Course.id)
    .correlate_except(Enrollment)
    .scalar_subquery()
)

# A course of a closed group is visible to the group's members and the course's instructor.
VISIBLE = (
    col(Course.group_id).is_(None)
    | (col(Course.instructor_id) == CALLER)
    | select(Group.id).where(Group.id == Course.group_id, GROUP_VISIBLE).exists()
)
ENROLLED = (
    select(Enrollment.id).where(Enrollment.course_id == Course.id, Enrollment.user_id == CALLER).exists()
)
