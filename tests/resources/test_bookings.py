"""Seats: never more than there are, freed once, and everybody sees only their own."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import update

from api.db.engine import Database
from api.models.base import utcnow
from api.models.booking_slot import BookingSlot
from tests.conftest import MakePerson
from tests.support.make import days, make_booking, make_slot
from tests.support.people import Person

pytestmark = pytest.mark.anyio


async def available(person: Person, slot: dict[str, Any]) -> int:
    return int((await person.get(f"/booking-slots/{slot['id']}")).json()["available"])


async def test_a_booking_takes_seats_and_shows_its_slot(staff: Person, ada: Person) -> None:
    slot = await make_slot(staff)

    booking = await make_booking(ada, slot, seats=3, notes="By the window")

    assert (booking["status"], booking["owner_id"], booking["slot"]["available"]) == ("confirmed", ada.id, 7)
    assert await available(ada, slot) == 7


async def test_forty_at_once_get_ten_seats(
    app: FastAPI, replica: FastAPI, staff: Person, ada: Person
) -> None:
    slot = await make_slot(staff, capacity=10)
    body = {"slot_id": slot["id"], "customer_name": "Ada"}
    guests = [ada.through(way) for way in [app, replica] * 20]

    answers = await asyncio.gather(*(guest.post("/bookings", json=body) for guest in guests))

    assert Counter((a.status_code, a.json().get("code")) for a in answers) == {
        (201, None): 10,
        (409, "slot_full"): 30,
    }
    assert await available(ada, slot) == 0


async def test_cancelling_frees_the_seats_once(staff: Person, ada: Person) -> None:
    slot = await make_slot(staff)
    booking = await make_booking(ada, slot, seats=4)

    answers = await asyncio.gather(*(ada.post(f"/bookings/{booking['id']}/cancel") for _ in range(5)))

    assert Counter((a.status_code, a.json().get("code")) for a in answers) == {
        (200, None): 1,
        (409, "already_cancelled"): 4,
    }
    assert await available(ada, slot) == 10
    assert (await ada.patch(f"/bookings/{booking['id']}", json={"notes": "x"})).json()[
        "code"
    ] == "already_cancelled"


async def test_more_seats_are_taken_only_where_there_are_some(staff: Person, ada: Person) -> None:
    slot = await make_slot(staff, capacity=5)
    booking, _ = await make_booking(ada, slot, seats=2), await make_booking(ada, slot, seats=2)
    path = f"/bookings/{booking['id']}"

    assert (await ada.patch(path, json={"seats": 4})).json()["code"] == "slot_full"
    assert (await ada.get(path)).json()["seats"] == 2
    changed = (await ada.patch(path, json={"seats": 3})).json()
    assert (changed["seats"], changed["slot"]["available"]) == (3, 0)


async def test_ten_who_want_one_more_seat_at_once_get_what_is_left(staff: Person, ada: Person) -> None:
    slot = await make_slot(staff, capacity=15)
    bookings = [await make_booking(ada, slot) for _ in range(10)]

    answers = await asyncio.gather(
        *(ada.patch(f"/bookings/{booking['id']}", json={"seats": 2}) for booking in bookings)
    )

    assert Counter((a.status_code, a.json().get("code")) for a in answers) == {
        (200, None): 5,
        (409, "slot_full"): 5,
    }
    assert await available(ada, slot) == 0


async def test_what_has_begun_cannot_be_booked(staff: Person, ada: Person, database: Database) -> None:
    slot = await make_slot(staff)
    async with database.write() as session, session.begin():
        await session.exec(update(BookingSlot).values(starts_at=utcnow()))

    answer = await ada.post("/bookings", json={"slot_id": slot["id"], "customer_name": "Ada"})

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_past")


async def test_a_slot_that_is_not_there_is_a_field_error(ada: Person) -> None:
    answer = await ada.post("/bookings", json={"slot_id": ada.id, "customer_name": "Ada"})

    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "slot_id"])


async def test_bookings_are_for_their_owner_and_for_staff(
    staff: Person, ada: Person, bob: Person, admin: Person, person: MakePerson
) -> None:
    await admin.post("/roles", json={"name": "porter", "permissions": ["bookings:read"]})
    porter = await person(role="porter")
    booking = await make_booking(ada, await make_slot(staff))
    path = f"/bookings/{booking['id']}"

    for answer in (await bob.get(path), await bob.patch(path, json={}), await bob.post(f"{path}/cancel")):
        assert answer.status_code == 404
    assert (await bob.get("/bookings", params={"count": True})).json()["total"] == 0
    for reader in (staff, porter):
        assert (await reader.get("/bookings")).json()["items"] == [booking]
        assert (await reader.get(path)).json() == booking
    assert (await porter.patch(path, json={"notes": "Mine"})).status_code == 404
    assert (await staff.patch(path, json={"notes": "Moved"})).json()["notes"] == "Moved"
    assert (await staff.post(f"{path}/cancel")).json()["status"] == "cancelled"


async def test_slots_are_made_by_staff_only(staff: Person, ada: Person) -> None:
    slot = await make_slot(staff)
    path = f"/booking-slots/{slot['id']}"

    for answer in (
        await ada.post("/booking-slots", json={"title": "x", "starts_at": days(1), "ends_at": days(2)}),
        await ada.patch(path, json={"title": "x"}),
        await ada.delete(path),
    ):
        assert answer.status_code == 403
    assert (await ada.get("/booking-slots")).json()["items"] == [slot]


async def test_a_slot_is_not_made_smaller_than_what_is_booked(staff: Person, ada: Person) -> None:
    slot = await make_slot(staff)
    booking = await make_booking(ada, slot, seats=6)
    path = f"/booking-slots/{slot['id']}"

    assert (await staff.patch(path, json={"capacity": 5})).json()["code"] == "capacity_taken"
    assert (await staff.patch(path, json={"capacity": 6})).json()["available"] == 0
    assert (await staff.delete(path)).json()["code"] == "slot_in_use"
    await ada.post(f"/bookings/{booking['id']}/cancel")
    assert (await staff.delete(path)).status_code == 204


async def test_slots_and_bookings_are_found_by_their_time_and_seats(staff: Person, ada: Person) -> None:
    early, late = (
        await make_slot(staff, starts_at=days(1), capacity=1),
        await make_slot(staff, starts_at=days(3), ends_at=days(4)),
    )
    booked_early, booked_late = await make_booking(ada, early), await make_booking(ada, late)

    async def ids(path: str, **query: Any) -> list[str]:
        return [item["id"] for item in (await ada.get(path, params=query)).json()["items"]]

    assert await ids("/booking-slots", available=True) == [late["id"]]
    assert await ids("/booking-slots", available=False) == [early["id"]]
    assert await ids("/booking-slots", starts_before=days(2)) == [early["id"]]
    assert await ids("/booking-slots", starts_after=days(2)) == [late["id"]]
    assert await ids("/bookings", starts_before=days(2)) == [booked_early["id"]]
    assert await ids("/bookings", starts_after=days(2)) == [booked_late["id"]]
    assert await ids("/bookings", slot_id=late["id"], status="confirmed") == [booked_late["id"]]
    assert await ids("/bookings", status="cancelled") == []


async def test_a_retry_books_once_and_is_answered_the_same(staff: Person, ada: Person, bob: Person) -> None:
    slot = await make_slot(staff)
    body, key = {"slot_id": slot["id"], "customer_name": "Ada"}, {"Idempotency-Key": "one"}

    first = await ada.post("/bookings", json=body, headers=key)
    again = await ada.post("/bookings", json=body, headers=key)

    assert (again.status_code, again.content, again.headers["location"]) == (
        201,
        first.content,
        first.headers["location"],
    )
    assert again.headers["idempotent-replayed"] == "true"
    other = await ada.post("/bookings", json=body | {"seats": 2}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert (await bob.post("/bookings", json=body, headers=key)).json()["id"] != first.json()["id"]
    assert await available(ada, slot) == 8


async def test_ten_retries_at_once_book_once(staff: Person, ada: Person) -> None:
    slot = await make_slot(staff)
    body, key = {"slot_id": slot["id"], "customer_name": "Ada"}, {"Idempotency-Key": "one"}

    answers = await asyncio.gather(*(ada.post("/bookings", json=body, headers=key) for _ in range(10)))

    assert {a.json().get("code") for a in answers if a.status_code != 201} <= {"request_in_progress"}
    assert len({a.json()["id"] for a in answers if a.status_code == 201}) == 1
    assert await available(ada, slot) == 9


async def test_a_refused_request_keeps_no_answer(staff: Person, ada: Person) -> None:
    slot = await make_slot(staff, capacity=1)
    taken = await make_booking(ada, slot)
    body, key = {"slot_id": slot["id"], "customer_name": "Ada"}, {"Idempotency-Key": "one"}
    assert (await ada.post("/bookings", json=body, headers=key)).json()["code"] == "slot_full"

    await ada.post(f"/bookings/{taken['id']}/cancel")

    assert (await ada.post("/bookings", json=body, headers=key)).status_code == 201


async def test_a_day_later_the_key_is_free_again(
    staff: Person, ada: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = await make_slot(staff)
    body, key = {"slot_id": slot["id"], "customer_name": "Ada"}, {"Idempotency-Key": "one"}
    await ada.post("/bookings", json=body, headers=key)

    for hours, replayed in ((23, True), (25, False)):
        monkeypatch.setattr(
            "api.web.idempotency.utcnow", lambda hours=hours: utcnow() + timedelta(hours=hours)
        )
        again = await ada.post("/bookings", json=body, headers=key)
        assert ("idempotent-replayed" in again.headers) is replayed

    assert await available(ada, slot) == 8


async def test_a_deleted_account_leaves_its_seats(staff: Person, ada: Person, person: MakePerson) -> None:
    slot = await make_slot(staff)
    leaver = await person()
    await make_booking(leaver, slot, seats=5)

    await leaver.delete("/users/me")

    assert await available(ada, slot) == 10
