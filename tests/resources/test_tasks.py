"""Tasks and notes: one's own, found by what one remembers of them."""

from typing import Any

import pytest

from tests.support.make import days, make
from tests.support.people import Person

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
    assert await found(order="desc") == [
        "Write",
        "Water",
        "Think",
    ]  # what has no deadline comes last either way
    assert await found(status="To Do") == ["Water"]
    assert await found(category="home") == ["Water"]
    assert await found(deadline_after=days(2)) == ["Write"]
    assert await found(deadline_before=days(2)) == ["Water"]
    assert await found(q="LETTER") == ["Write"]
    assert await found(q="HOME") == ["Water"]


@pytest.mark.parametrize(("path", "field"), [("/tasks", "description"), ("/notes", "title")])
async def test_other_peoples_tasks_and_notes_do_not_exist(
    ada: Person, bob: Person, admin: Person, path: str, field: str
) -> None:
    mine = await make(ada, path, **{field: "Mine"})
    one = f"{path}/{mine['id']}"

    for stranger in (bob, admin):
        for answer in (
            await stranger.get(one),
            await stranger.patch(one, json={field: "Yours"}),
            await stranger.delete(one),
        ):
            assert answer.status_code == 404
        page = (await stranger.get(path, params={"count": True})).json()
        assert (page["items"], page["total"]) == ([], 0)
    assert (await ada.get(path)).json()["items"] == [mine]
    assert (await ada.patch(one, json={field: "Changed"})).json()[field] == "Changed"
    assert (await ada.get(one)).json()[field] == "Changed"
    assert (await ada.delete(one)).status_code == 204
    assert (await ada.get(one)).status_code == 404


async def test_notes_are_found_by_words(ada: Person) -> None:
    await make(ada, "/notes", title="Garden", content="Water the roses.")
    await make(ada, "/notes", title="Letters", content="Write to Babbage.")

    async def found(q: str) -> list[str]:
        return [note["title"] for note in (await ada.get("/notes", params={"q": q})).json()["items"]]

    assert (await found("GARD"), await found("babbage"), await found("nothing")) == (
        ["Garden"],
        ["Letters"],
        [],
    )


async def test_a_deadline_is_answered_in_utc(ada: Person) -> None:
    task = await make(ada, "/tasks", description="x", deadline="2030-01-01T10:00:00+05:00")

    assert task["deadline"] == "2030-01-01T05:00:00Z"
    assert (await ada.get(f"/tasks/{task['id']}")).json() == task
