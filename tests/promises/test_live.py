"""Events reach their recipient by either transport: all of them, in order, once, and no other user."""

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
from tests.support.make import join, make, make_booking, make_group, make_slot, make_team
from tests.support.people import Person

pytestmark = pytest.mark.anyio
both = pytest.mark.parametrize("how", ["sse", "ws"])


# What is told


@both
async def test_events_show_rows_as_the_api_answers_them(site: Site, ada: Person, how: str) -> None:
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
async def test_the_members_of_a_team_are_told_of_its_rows_until_they_leave(
    site: Site, ada: Person, bob: Person, database: Database, how: str
) -> None:
    team, other = await make_team(ada), await make_team(ada)
    for one in (team, other):
        await join(database, one, bob)
    async with site.listen(how, bob, "contacts") as listening:
        made = await make(ada, "/contacts", name="Clinic", team_id=team["id"])
        assert (await take(listening, 1))[0]["data"] == made
        assert (await ada.delete(f"/teams/{team['id']}/members/{bob.id}")).status_code == 204
        await make(ada, "/contacts", name="Secret", team_id=team["id"])
        assert (await ada.patch(f"/contacts/{made['id']}", json={"name": "Secret"})).status_code == 200
        last = await make(ada, "/contacts", name="School", team_id=other["id"])
        assert [one["data"] for one in await take(listening, 1)] == [last]


@both
async def test_the_members_of_a_team_are_told_of_its_end(
    site: Site, ada: Person, bob: Person, database: Database, how: str
) -> None:
    """By one event, and not by one for each row."""
    team, other = await make_team(ada), await make_team(ada)
    for one in (team, other):
        await join(database, one, bob)
    await make(ada, "/contacts", name="Clinic", team_id=team["id"])
    async with (
        site.listen(how, ada, "teams,contacts") as hers,
        site.listen(how, bob, "teams,contacts") as his,
    ):
        assert (await ada.delete(f"/teams/{team['id']}")).status_code == 204
        last = await make(ada, "/contacts", name="School", team_id=other["id"])
        for listening in (hers, his):
            heard = await take(listening, 2)
            assert [one["kind"] for one in heard] == ["team.deleted", "contact.created"]
            assert [one["data"] for one in heard] == [team, last]


@both
async def test_a_booking_sends_its_slot_and_a_notification(
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
async def test_only_events_of_the_requested_topics_are_sent(site: Site, ada: Person, how: str) -> None:
    async with site.listen(how, ada, "notes") as listening:
        await make(ada, "/tasks", description="Weave")
        note = await make(ada, "/notes", title="Loom")
        assert (await listening.next())["data"] == note


async def test_without_topics_only_notifications_are_sent(site: Site, ada: Person, staff: Person) -> None:
    async with site.sse(ada.tokens["access_token"], "notifications", None) as stream, site.socket() as socket:
        await socket.send(ada.tokens["access_token"])  # the token alone will do
        assert "ready" in str(await socket.recv())
        await stream.next()
        await make(ada, "/tasks", description="Weave")
        sent = await make(staff, "/notifications", user_id=ada.id, title="Tea is ready")
        assert (await stream.next())["data"] == sent
        assert str(sent["id"]) in str(await socket.recv())


@both
async def test_several_changes_in_one_transaction_send_one_event(
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


# Recipients


@both
async def test_a_stranger_receives_no_events(
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


async def test_an_event_id_of_another_user_gives_no_events(site: Site, ada: Person, bob: Person) -> None:
    for number in range(3):
        await make(ada, "/notes", title=f"Secret {number}")
    async with site.sse(bob.tokens["access_token"], ALL, 1) as stream:  # further than his own goes
        assert (await stream.next()) == {"id": 0, "kind": "reset"}
        own = await make(bob, "/notes", title="Mine")
        assert (await stream.next())["data"] == own


async def test_a_change_that_is_rolled_back_sends_no_event(
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
async def test_a_returning_listener_receives_missed_events_once_and_in_order(
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
async def test_no_event_is_lost_while_a_listener_connects(site: Site, ada: Person, how: str) -> None:
    """Who arrives without a number is given one: it serves when the line breaks before anything happens."""
    await make(ada, "/notes", title="before")
    async with site.open(how, ada) as listening:
        ready = await listening.next()
    note = await make(ada, "/notes", title="away")
    async with site.listen(how, ada, ALL, ready["id"]) as listening:
        assert (await listening.next())["data"] == note


async def test_users_who_write_to_each_other_at_once_do_not_deadlock(
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
