"""Maria's tasks."""

from collections.abc import Iterator
from datetime import timedelta

from api.models.task import Task, TaskStatus
from api.seeds.demo import Demo

TASKS = [  # description, category, status, deadline in days
    ("Order new lane lines", "pool", TaskStatus.in_progress, 4),
    ("Write the summer timetable", "office", TaskStatus.to_do, 9),
    ("Thank the volunteers", "office", TaskStatus.done, -2),
]


def tasks(demo: Demo) -> Iterator[Task]:
    for text, category, status, days in TASKS:
        deadline, owner_id = demo.today + timedelta(days=days), demo.user("maria")
        yield Task(description=text, category=category, status=status, deadline=deadline, owner_id=owner_id)


ROWS = {Task: tasks}
