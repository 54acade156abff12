"""What a user may store is bounded: in rows and in bytes, whichever way it is written."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response

from api.app import create_app
from api.settings import Settings
from tests.conftest import MakePerson
from tests.support.people import Person

pytestmark = pytest.mark.anyio
Open = Callable[..., FastAPI]


@pytest.fixture
async def bounded(app: FastAPI, settings: Settings) -> AsyncIterator[Open]:
    """Opens another app on the same database, with bounds of the test's own."""
    opened: list[FastAPI] = []

    def make(**bounds: Any) -> FastAPI:
        opened.append(create_app(settings.model_copy(update=bounds)))
        return opened[-1]

    yield make
    for one in opened:
        await one.state.database.close()


@pytest.fixture(params=["notes", "posts"])  # committed by the driver, and by the ORM
def path(request: pytest.FixtureRequest) -> str:
    return f"/{request.param}"


async def store(person: Person, path: str, size: int = 0) -> Response:
    field = "content" if path == "/notes" else "body"
    return await person.post(path, json={"title": "Stored", field: "x" * size})


def codes(answers: list[Response]) -> list[Any]:
    return [answer.json().get("code", answer.status_code) if answer.is_error else 201 for answer in answers]


async def test_a_user_stores_no_more_rows_than_the_bound(bounded: Open, ada: Person, path: str) -> None:
    mine = ada.through(bounded(max_rows_per_user=3))
    answers = [await store(mine, path) for _ in range(5)]

    assert codes(answers) == [201, 201, 201, "quota_exceeded", "quota_exceeded"]
    assert answers[-1].status_code == 409
    refused = answers[-1].json()
    assert (refused["max_rows"], refused["max_bytes"]) == (3, 104_857_600)
    assert refused["detail"].startswith("You may store at most 3 rows and 104,857,600 bytes.")
    assert (
        len((await ada.get(path, params={"author_id": ada.id} if path == "/posts" else {})).json()["items"])
        == 3
    )


async def test_a_user_stores_no_more_bytes_than_the_bound(bounded: Open, ada: Person, path: str) -> None:
    mine = ada.through(bounded(max_bytes_per_user=25_000))
    answers = [await store(mine, path, 10_000) for _ in range(4)]

    assert codes(answers) == [201, 201, "quota_exceeded", "quota_exceeded"]
    assert codes([await store(mine, path, 100)]) == [201]  # there is room for this


async def test_what_was_stored_before_counts(bounded: Open, ada: Person, path: str) -> None:
    for _ in range(3):
        await store(ada, path, 10_000)

    assert codes([await store(ada.through(bounded(max_rows_per_user=3)), path)]) == ["quota_exceeded"]
    assert codes([await store(ada.through(bounded(max_bytes_per_user=30_000)), path)]) == ["quota_exceeded"]
    assert codes([await store(ada.through(bounded(max_bytes_per_user=40_000)), path)]) == [201]


async def test_what_is_deleted_makes_room(bounded: Open, ada: Person, path: str) -> None:
    mine = ada.through(bounded(max_rows_per_user=2))
    first = (await store(mine, path)).json()
    await store(mine, path)
    assert codes([await store(mine, path)]) == ["quota_exceeded"]

    assert (await mine.delete(f"{path}/{first['id']}")).status_code == 204
    assert codes([await store(mine, path), await store(mine, path)]) == [201, "quota_exceeded"]


async def test_a_change_may_not_grow_a_row_beyond_the_bound(bounded: Open, ada: Person, path: str) -> None:
    mine = ada.through(bounded(max_bytes_per_user=20_000))
    row = (await store(mine, path, 10_000)).json()
    field = "content" if path == "/notes" else "body"

    async def grow(size: int) -> int:
        return (await mine.patch(f"{path}/{row['id']}", json={field: "y" * size})).status_code

    assert [await grow(15_000), await grow(25_000), await grow(10), await grow(15_000)] == [
        200,
        409,
        200,
        200,
    ]
    assert len((await mine.get(f"{path}/{row['id']}")).json()[field]) == 15_000


async def test_other_users_have_bounds_of_their_own(
    bounded: Open, ada: Person, person: MakePerson, path: str
) -> None:
    app, bob = bounded(max_rows_per_user=1), await person()

    assert codes([await store(ada.through(app), path), await store(ada.through(app), path)])[-1] != 201
    assert codes([await store(bob.through(app), path)]) == [201]


async def test_what_others_write_about_a_user_does_not_count(
    bounded: Open, ada: Person, staff: Person
) -> None:
    mine, theirs = ada.through(bounded(max_rows_per_user=1)), staff
    for number in range(3):
        sent = {"user_id": ada.id, "title": f"Message {number}"}
        assert (await theirs.post("/notifications", json=sent)).is_success, number

    assert codes([await store(mine, "/notes")]) == [201]
