"""Courses and enrollments."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from api.models.course import Course, Enrollment
from api.models.group import Group
from api.seeds.demo import Demo

COURSES = [  # title, description, instructor, group, start in days, duration in days, capacity, participants
    ("Swimming for beginners", "Six mornings, small groups.", "maria", None, 3, 35, 8, "lena noah sofia"),
    ("Reading aloud", "Picture books for the youngest.", "tom", None, 7, 28, 12, "emil aisha hugo lena"),
    ("First steps in Python", "Draw, count and play with a turtle.", "tom", None, 14, 42, 10, "noah"),
    (
        "Helping without doing it for them",
        "Evening for volunteers.",
        "tom",
        "Homework helpers",
        5,
        1,
        6,
        "sofia aisha",
    ),
]


def courses(demo: Demo) -> Iterator[Course]:
    for title, about, instructor, group, begins, lasts, capacity, _ in COURSES:
        starts_at = demo.today + timedelta(days=begins)
        times: dict[str, Any] = {"starts_at": starts_at, "ends_at": starts_at + timedelta(days=lasts)}
        group_id = demo.find(Group, name=group).id if group else None
        where: dict[str, Any] = {"instructor_id": demo.user(instructor), "group_id": group_id}
        yield Course(title=title, description=about, capacity=capacity, **times, **where)


def enrollments(demo: Demo) -> Iterator[Enrollment]:
    for title, *_, names in COURSES:
        course = demo.find(Course, title=title)
        for name in names.split():
            yield Enrollment(course_id=course.id, user_id=demo.user(name))


ROWS = {Course: courses, Enrollment: enrollments}
