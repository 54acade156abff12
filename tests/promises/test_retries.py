"""Two requests change one row at the same time: the second is done after the first, and both are kept."""

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from unittest.mock import patch
from uuid import UUID

import pytest
from fastapi import Depends
from sqlmodel import col, select

from api.app import create_app
from api.db.engine import Database
from api.db.request_session import SessionDep
from api.db.session import Session
from api.deps.rows import owned
from api.models.event import Event
from api.models.note import Note, NotePublic
from api.settings import Settings
from api.web.retries import repeatable
from api.web.routes import Router
from tests.support.make import make
from tests.support.people import Person

pytestmark = pytest.mark.anyio


def let_others_pass(session: Session) -> None:
    """As if they were in another process, which does not know whose turn it is."""
    if session.turn is not None:
        session.fast.turns.pass_on(session.turn)
        session.turn = None


@contextmanager
def once_it_is_read(act: Callable[[], Awaitable[Any]]) -> Iterator[list[Any]]:
    """Run `act` when the first request has read the row that it will change; what was read so."""
    hold, read = Session.hold, list[Any]()

    async def hold_and_act(self: Session, statement: Any, **values: Any) -> Any:
        row = await hold(self, statement, **values)
        read.append(row)
        if len(read) == 1:
            let_others_pass(self)
            answer = await act()
            assert answer.is_success, answer.text
        return row

    with patch.object(Session, "hold", hold_and_act):
        yield read


async def test_two_simultaneous_changes_are_both_kept_and_sent_in_order(
    ada: Person, database: Database
) -> None:
    note = await make(ada, "/notes", title="Old", content="old")
    path = f"/notes/{note['id']}"
    with once_it_is_read(lambda: ada.patch(path, json={"content": "theirs"})) as read:
        answer = await ada.patch(path, json={"title": "Mine"})

    assert len(read) == 2  # the third time, it was locked
    assert (answer.json()["title"], answer.json()["content"]) == ("Mine", "theirs")
    assert (await ada.get(path)).json() == answer.json()
    async with database.read() as session:
        found = (
            await session.exec(
                select(Event).where(col(Event.user_id) == UUID(ada.id)).order_by(col(Event.number))
            )
        ).all()
    assert [(one.number, one.kind) for one in found] == [
        (1, "note.created"),
        (2, "note.updated"),
        (3, "note.updated"),
    ]
    assert [json.loads(one.data)["title"] for one in found] == ["Old", "Old", "Mine"]
    assert [json.loads(one.data)["content"] for one in found] == ["old", "theirs", "theirs"]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_a_change_of_a_row_that_was_deleted_meanwhile_is_not_found(ada: Person, method: str) -> None:
    path = f"/notes/{(await make(ada, '/notes', title='Old'))['id']}"
    with once_it_is_read(lambda: ada.delete(path)):
        answer = await ada.request(method, path, json={"title": "Mine"} if method == "PATCH" else None)

    assert answer.status_code == 404


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_a_change_of_a_row_that_was_changed_meanwhile_is_refused(ada: Person, method: str) -> None:
    path = f"/notes/{(await make(ada, '/notes', title='Old'))['id']}"
    seen = {"If-Match": (await ada.get(path)).headers["etag"]}
    with once_it_is_read(lambda: ada.patch(path, json={"title": "Theirs"})):
        answer = await ada.request(
            method, path, json={"title": "Mine"} if method == "PATCH" else None, headers=seen
        )

    assert answer.status_code == 412
    assert (await ada.get(path)).json()["title"] == "Theirs"


@pytest.mark.parametrize("overtaken", [True, False])
async def test_a_row_can_be_changed_together_with_others(
    ada: Person, settings: Settings, overtaken: bool
) -> None:
    """As soon as something else is asked of the session, the row is locked, if it still is as it was read."""
    router = Router(prefix="/api/v1/lengthen")

    @router.post("/{id}")
    @repeatable
    async def lengthen(session: SessionDep, note: Annotated[Note, Depends(owned(Note))]) -> NotePublic:
        note.title += "!"
        assert len((await session.exec(select(Note.title).where(col(Note.id) == note.id))).all()) == 1
        note.title += "?"
        session.add(Note(title=f"after {note.title}", owner_id=note.owner_id))
        return note

    second = create_app(settings)
    second.include_router(router)
    id = (await make(ada, "/notes", title="Old"))["id"]

    async def act() -> Any:
        return await (
            ada.patch(f"/notes/{id}", json={"title": "Theirs"}) if overtaken else ada.get(f"/notes/{id}")
        )

    with once_it_is_read(act):
        answer = await ada.through(second).post(f"/lengthen/{id}")

    assert answer.json()["title"] == ("Theirs!?" if overtaken else "Old!?"), answer.text
    titles = [note["title"] for note in (await ada.get("/notes")).json()["items"]]
    assert titles == [f"after {answer.json()['title']}", answer.json()["title"]]
    await second.state.database.close()


async def test_a_row_can_be_deleted_together_with_others(ada: Person, settings: Settings) -> None:
    router = Router(prefix="/api/v1/forget")

    @router.delete("/{id}", status_code=204)
    @repeatable
    async def forget(session: SessionDep, note: Annotated[Note, Depends(owned(Note))]) -> None:
        await session.delete(note)
        session.add(Note(title="Gone", owner_id=note.owner_id))

    second = create_app(settings)
    second.include_router(router)
    id = (await make(ada, "/notes", title="Old"))["id"]

    assert (await ada.through(second).delete(f"/forget/{id}")).status_code == 204

    assert [note["title"] for note in (await ada.get("/notes")).json()["items"]] == ["Gone"]
    await second.state.database.close()
