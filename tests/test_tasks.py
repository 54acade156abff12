"""Tasks and notes: one's own, found by what one remembers of them."""

from typing import Any

import pytest

from tests.make import days, make
from tests.people import Person

pytestmark = pytest.mark.anyio


async def test_tasks_are_found_by_state_category_deadline_and_words(ada: Person) -> None:
    for description, fields in {
        "Water plants": {"category": "home", "deadline": days(1)},
        "Write letter": {"status": "Done", "deadline": days(3)},
        "Think": {"status": "In Progress"},
    }.items():
        await make(ada, "/tasks", description=description, **fields)

    async def found(**query: Any) -> list[str]:
        page = (await ada.get("/tasks", params={"sort": "deadline", "order": "asc", **query})).json()
        return [task["description"].split()[0] for task in page["items"]]

    assert await found() == ["Water", "Write", "Think"]
    assert await found(order="desc") == ["Write", "Water", "Think"]  # what has no deadline comes last either way
    assert await found(status="To Do") == ["Water"]
    assert await found(category="home") == ["Water"]
    assert await found(deadline_after=days(2)) == ["Write"]
    assert await found(deadline_before=days(2)) == ["Water"]
    assert await found(q="LETTER") == ["Write"]
    assert await found(q="HOME") == ["Water"]


async def test_a_deadline_is_answered_in_utc(ada: Person) -> None:
    task = await make(ada, "/tasks", description="x", deadline="2030-01-01T10:00:00+05:00")

    assert task["deadline"] == "2030-01-01T05:00:00Z"
    assert (await ada.get(f"/tasks/{task['id']}")).json() == task
