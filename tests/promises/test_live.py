"""What happens to somebody reaches them, by either transport: all of it, in order, once, and nobody else."""

import asyncio
import random
from uuid import UUID

import anyio
import anyio.lowlevel
import pytest
from sqlmodel import col, func, select

from api.db.engine import Database
from api.db.outbox import notify_listeners
from api.models.event import Event
from api.models.note import Note
from api.models.notification import Notification
from tests.conftest import MakePerson
from tests.support.listening import ALL, Site, take
from tests.support.make import make, make_booking, make_group, make_slot
from tests.support.people import Person

pytestmark = pytest.mark.anyio
both = pytest.mark.parametrize("how", ["sse", "ws"])


# What is told


@both
async def test_changes_of_my_rows_are_told_as_the_api_answers_them(site: Site, ada: Person, how: str) -> None:
    async with site.listen(how, ada) as listening:
        for path, name, body, change in (
            ("/tasks", "task", {"description": "Weave"}, {"status": "Done"}),
            ("/notes", "note", {"title": "Ünïcödé\u2028"}, {"content": "x\n\ny"}),
        ):
            made = await make(ada, path, **body)
            changed = (await ada.patch(f"{path}/{made['id']}", json=change)).json()
            assert (await ada.delete(f"{path}/{made['id']}")).status_code == 204
            heard = await take(listening, 3)
            assert [one["kind"] for one in heard] == [f"{name}.created", f"{name}.updated", f"{name}.deleted"]
            assert [one["data"] for one in heard] == [made, changed, changed]


@both
async def test_bookings_are_told_with_their_slot_and_their_notification(
    site: Site, ada: Person, staff: Person, how: str
) -> None:
    slot = await make_slot(staff)
    async with site.listen(how, ada, "bookings,notifications") as listening:
        made = await make_booking(ada, slot, seats=3)
        cancelled = (await staff.post(f"/bookings/{made['id']}/cancel")).json()
        heard = await take(listening, 4)

    assert [one["data"] for one in heard if one["kind"].startswith("booking.")] == [made, cancelled]
    assert made["slot"]["available"] == 7
    assert cancelled["slot"]["available"] == 10
    told = [one["data"] for one in heard if one["kind"] == "notification.created"]
    assert [one["kind"] for one in told] == ["booking.confirmed", "booking.cancelled"]
    assert told == (await ada.get("/notifications", params={"order": "asc"})).json()["items"]


@both
async def test_only_what_was_asked_for_is_told(site: Site, ada: Person, how: str) -> None:
    async with site.listen(how, ada, "notes") as listening:
        await make(ada, "/tasks", description="Weave")
        note = await make(ada, "/notes", title="Loom")
        assert (await listening.next())["data"] == note


async def test_notifications_are_told_if_nothing_is_asked_for(site: Site, ada: Person, staff: Person) -> None:
    async with site.sse(ada.tokens["access_token"], "notifications", None) as stream, site.socket() as socket:
        await socket.send(ada.tokens["access_token"])  # the token alone will do
        assert "ready" in str(await socket.recv())
        await stream.next()
        await make(ada, "/tasks", description="Weave")
        sent = await make(staff, "/notifications", user_id=ada.id, title="Tea is ready")
        assert (await stream.next())["data"] == sent
        assert str(sent["id"]) in str(await socket.recv())


@both
async def test_a_row_that_is_made_and_changed_and_gone_at_once_is_told_as_what_remains(
    site: Site, ada: Person, database: Database, how: str
) -> None:
    owner = UUID(ada.id)
    async with site.listen(how, ada) as listening:
        async with database.write() as session, session.begin():
            kept, lost = Note(owner_id=owner, title="kept"), Note(owner_id=owner, title="lost")
            session.add_all([kept, lost])
            await session.flush()
            kept.title = "kept and changed"
            await session.delete(lost)
        (told,) = await take(listening, 1)
        assert (told["kind"], told["data"]["title"]) == ("note.created", "kept and changed")
        async with database.write() as session, session.begin():
            again = (await session.exec(select(Note))).one()
            again.title = again.title  # touched, and not changed
        await make(ada, "/notes", title="next")
        assert (await listening.next())["data"]["title"] == "next"


# Who is told


@both
async def test_a_stranger_is_told_nothing_whatever_they_ask_for(
    site: Site, ada: Person, bob: Person, staff: Person, admin: Person, how: str
) -> None:
    slot = await make_slot(staff)
    async with (
        site.listen(how, bob) as stranger,
        site.listen(how, staff, ALL, 0) as clerk,
        site.listen(how, admin) as root,
    ):
        await make(ada, "/tasks", description="Weave")
        note = await make(ada, "/notes", title="Secret")
        await ada.patch(f"/notes/{note['id']}", json={"content": "more"})
        await ada.delete(f"/notes/{note['id']}")
        await make_booking(ada, slot)
        await make_group(ada)
        for listening, person in ((stranger, bob), (clerk, staff), (root, admin)):
            own = await make(person, "/notes", title="Mine")
            assert (await listening.next())["data"] == own


async def test_a_place_in_somebody_elses_stream_leads_nowhere(site: Site, ada: Person, bob: Person) -> None:
    for number in range(3):
        await make(ada, "/notes", title=f"Secret {number}")
    async with site.sse(bob.tokens["access_token"], ALL, 1) as stream:  # further than his own goes
        assert (await stream.next()) == {"id": 0, "kind": "reset"}
        own = await make(bob, "/notes", title="Mine")
        assert (await stream.next())["data"] == own


async def test_what_is_rolled_back_is_told_nobody(
    site: Site, ada: Person, staff: Person, database: Database
) -> None:
    slot = await make_slot(staff, capacity=1)
    async with site.listen("sse", ada) as listening:
        refused = await ada.post(
            "/bookings", json={"slot_id": slot["id"], "customer_name": "Ada", "seats": 2}
        )
        assert refused.json()["code"] == "slot_full"  # it was written, counted, and taken back

        async def fail() -> None:
            async with database.write() as session, session.begin():
                session.add(Note(owner_id=UUID(ada.id), title="never"))
                notify_listeners(session, UUID(ada.id))
                await session.flush()
                raise LookupError

        with pytest.raises(LookupError):
            await fail()
        async with database.read() as session:
            assert (await session.exec(select(func.count()).select_from(Event))).one() == 0
            assert (await session.exec(select(func.count()).select_from(Notification))).one() == 0
        note = await make(ada, "/notes", title="first")
        assert await listening.next() == {
            "id": (await numbers(database, ada))[-1],
            "kind": "note.created",
            "data": note,
        }
        async with database.write() as session:  # one session, two transactions
            session.add(Note(owner_id=UUID(ada.id), title="never"))
            await session.flush()
            await session.rollback()
            session.add(Note(owner_id=UUID(ada.id), title="second"))
            await session.commit()
        assert (await listening.next())["data"]["title"] == "second"


async def numbers(database: Database, person: Person) -> list[int]:
    statement = select(Event.number).where(Event.user_id == UUID(person.id)).order_by(col(Event.number))
    async with database.read() as session:
        return list((await session.exec(statement)).all())


# All of it, in order, once


async def write_notes(database: Database, person: Person, titles: list[str]) -> None:
    """By several writers at once, whose transactions overlap and end in another order than they began."""
    notes = [Note(owner_id=UUID(person.id), title=title) for title in titles]
    random.Random(4).shuffle(notes)  # noqa: S311  any order but that of the ids

    async def write(share: list[Note]) -> None:
        for note in share:
            async with database.write() as session, session.begin():
                session.add(note)
                await session.flush()
                await anyio.lowlevel.checkpoint()

    await asyncio.gather(*(write(notes[part::5]) for part in range(5)))


@both
async def test_who_was_away_hears_everything_in_order_and_once(
    site: Site, ada: Person, database: Database, how: str
) -> None:
    titles = [f"{number:03}" for number in range(100)]
    async with site.listen(how, ada) as listening:
        writing = asyncio.create_task(write_notes(database, ada, titles[:60]))
        heard = await take(listening, 50)
    await writing
    await write_notes(database, ada, titles[60:80])  # nobody listens
    async with site.listen(how, ada, ALL, heard[-1]["id"]) as listening:
        writing = asyncio.create_task(write_notes(database, ada, titles[80:]))
        heard += await take(listening, 50)
    await writing

    assert (
        [one["id"] for one in heard] == sorted({one["id"] for one in heard}) == await numbers(database, ada)
    )
    assert sorted(one["data"]["title"] for one in heard) == titles


@both
async def test_between_arriving_and_the_first_event_nothing_is_lost(
    site: Site, ada: Person, how: str
) -> None:
    """Who arrives without a number is given one: it serves when the line breaks before anything happens."""
    await make(ada, "/notes", title="before")
    async with site.open(how, ada) as listening:
        ready = await listening.next()
    note = await make(ada, "/notes", title="away")
    async with site.listen(how, ada, ALL, ready["id"]) as listening:
        assert (await listening.next())["data"] == note


async def test_many_who_write_to_each_other_at_once_do_not_get_in_each_others_way(
    site: Site, person: MakePerson, staff: Person
) -> None:
    people = [await person() for _ in range(4)]
    ids = [one.id for one in people]

    async def send(number: int) -> int:
        body = {"user_id": ids[number % 4], "other_user_ids": random.sample(ids, 4), "title": str(number)}
        return (await staff.post("/notifications", json=body)).status_code

    assert set(await asyncio.gather(*map(send, range(16)))) == {201}

    for one in people:
        async with site.listen("sse", one, ALL, 0) as listening:
            assert len({heard["data"]["title"] for heard in await take(listening, 16)}) == 16
