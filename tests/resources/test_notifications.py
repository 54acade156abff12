"""Notifications: who gets which, and what they do with it."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from api.db.engine import Database
from api.db.live_events import LIVE
from api.flows.bookings import BookingNotificationKind  # part: bookings
from api.models.base import uuid7
from api.models.notification import MessageKind, Notification, NotificationKind
from tests.support.described import DOCUMENT
from tests.support.make import (
    Made,
    days,
    make,
    make_booking,
    make_course,
    make_group,
    make_post,
    make_record,
    make_slot,
)
from tests.support.people import Person

pytestmark = pytest.mark.anyio
STAMPS = ("updated_at", "version")


async def inbox(person: Person, **query: Any) -> list[Made]:
    answer = await person.get("/notifications", params={"order": "asc"} | query)
    assert answer.status_code == 200, answer.text
    items: list[Made] = answer.json()["items"]
    return items


async def told(person: Person) -> list[tuple[Any, ...]]:
    return [(one["kind"], one["entity"], one["entity_id"]) for one in await inbox(person)]


async def put(person: Person, path: str) -> None:
    answer = await person.put(path)
    assert answer.status_code == 204, answer.text


# Who is told what


async def test_bookings_are_confirmed_and_cancelled_to_their_owner(ada: Person, staff: Person) -> None:
    slot = await make_slot(staff)
    first, second = await make_booking(ada, slot), await make_booking(ada, slot)
    await ada.post(f"/bookings/{first['id']}/cancel")
    await ada.post(f"/bookings/{first['id']}/cancel")  # refused, so it is told once
    await staff.post(f"/bookings/{second['id']}/cancel")

    assert await told(ada) == [
        ("booking.confirmed", "bookings", first["id"]),
        ("booking.confirmed", "bookings", second["id"]),
        ("booking.cancelled", "bookings", first["id"]),
        ("booking.cancelled", "bookings", second["id"]),
    ]
    assert await told(staff) == []
    one = (await inbox(ada))[0]
    assert one["title"] == "Your booking is confirmed: Swim"
    assert one["data"] == {"slot_id": slot["id"]}
    assert one["read_at"] is None


async def test_a_retried_booking_is_told_once(ada: Person, staff: Person) -> None:
    body = {"slot_id": (await make_slot(staff))["id"], "customer_name": "Ada"}
    for _ in range(2):
        await ada.post("/bookings", json=body, headers={"Idempotency-Key": "once"})

    assert len(await told(ada)) == 1


async def test_comments_are_told_to_the_author_of_the_post(ada: Person, bob: Person) -> None:
    post = await make_post(ada, title="x" * 200)
    comment = await make(bob, f"/posts/{post['id']}/comments", body="Fine")
    await make(ada, f"/posts/{post['id']}/comments", body="Thanks")

    assert await told(ada) == [("comment.created", "comments", comment["id"])]
    assert await told(bob) == []


async def test_who_joins_a_group_is_told_to_its_owner_and_who_is_added_is_told_so(
    ada: Person, bob: Person, staff: Person
) -> None:
    group, other = await make_group(ada), await make_group(ada, is_open=False)
    await put(bob, f"/groups/{group['id']}/members/me")
    await put(bob, f"/groups/{group['id']}/members/me")
    joined = ("group.joined", "groups", group["id"])
    assert (await told(ada), await told(bob)) == ([joined], [])

    await put(ada, f"/groups/{other['id']}/members/{bob.id}")
    added = ("group.joined", "groups", other["id"])
    assert (await told(ada), await told(bob)) == ([joined], [added])

    await ada.delete(f"/groups/{other['id']}/members/{bob.id}")
    await put(staff, f"/groups/{other['id']}/members/{bob.id}")
    assert (await told(ada), await told(bob), await told(staff)) == ([joined, added], [added, added], [])


async def test_who_enrols_gets_a_receipt_and_the_instructor_hears_of_it(ada: Person, staff: Person) -> None:
    course = await make_course(staff)
    await put(ada, f"/courses/{course['id']}/enrollments/me")
    await put(ada, f"/courses/{course['id']}/enrollments/me")
    assert await told(ada) == await told(staff) == [("course.enrolled", "courses", course["id"])]
    assert [(await inbox(one))[0]["title"] for one in (ada, staff)] == [
        "You are enrolled in Weaving",
        "ada enrolled in Weaving",
    ]

    await put(staff, f"/courses/{course['id']}/enrollments/me")
    assert len(await told(staff)) == 2, "one who does both is told once"


async def test_records_are_told_to_whom_they_are_about(ada: Person, staff: Person) -> None:
    record = await make_record(staff, ada)

    assert await told(ada) == [("record.created", "records", record["id"])]
    assert await told(staff) == []


async def test_nobody_is_told_whose_account_is_gone(ada: Person, bob: Person, staff: Person) -> None:
    group, course = await make_group(ada), await make_course(staff)
    await ada.delete("/users/me")
    await put(bob, f"/groups/{group['id']}/members/me")
    await staff.delete("/users/me")
    await put(bob, f"/courses/{course['id']}/enrollments/me")

    assert [kind for kind, _, _ in await told(bob)] == ["course.enrolled"]


# Messages


async def test_staff_sends_messages_to_one_or_several(ada: Person, bob: Person, staff: Person) -> None:
    sent = await make(
        staff,
        "/notifications",
        user_id=ada.id,
        other_user_ids=[bob.id, ada.id, bob.id],
        title="Tea",
        data={"session": 1, "user_id": None},
    )

    assert await inbox(ada) == [sent]
    (theirs,) = await inbox(bob)
    assert {**theirs, "id": sent["id"]} | {name: sent[name] for name in ("created_at", *STAMPS)} == sent
    assert (sent["kind"], sent["entity"], sent["data"]) == ("message", None, {"session": 1, "user_id": None})


async def test_a_message_to_somebody_unknown_reaches_nobody(ada: Person, staff: Person) -> None:
    nobody = str(uuid7())
    for field, body in (
        ("user_id", {"user_id": nobody, "other_user_ids": [ada.id]}),
        ("other_user_ids", {"user_id": ada.id, "other_user_ids": [nobody]}),
    ):
        answer = await staff.post("/notifications", json=body | {"title": "Tea"})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["loc"] == ["body", field]
    assert await inbox(ada) == []


async def test_only_who_may_send_sends_and_only_messages(ada: Person, staff: Person) -> None:
    body = {"user_id": ada.id, "title": "Tea"}
    assert (await ada.post("/notifications", json=body)).json()["code"] == "forbidden"
    for more in (
        {"kind": "booking.confirmed"},
        {"read_at": days(0)},
        {"title": ""},
        {"title": "x" * 201},
        {"data": {"a": "\0"}},
    ):
        assert (await staff.post("/notifications", json=body | more)).status_code == 422, more
    assert await inbox(ada) == []


# Reading


async def test_notifications_are_read_one_by_one_and_all_at_once(
    ada: Person, bob: Person, staff: Person
) -> None:
    one, two, three = [await make(staff, "/notifications", user_id=ada.id, title=title) for title in "abc"]
    await make(staff, "/notifications", user_id=bob.id, title="d")

    answers = [await ada.put(f"/notifications/{one['id']}/read") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    read = answers[0].json()
    assert (
        read
        == answers[1].json()
        == one | {"read_at": read["updated_at"]} | {name: read[name] for name in STAMPS}
    )
    assert await inbox(ada, unread="true") == [two, three]
    assert await inbox(ada, unread="false") == [read]
    assert await inbox(ada, kind="message", limit=1) == [read]
    assert await inbox(ada, kind="record.created") == []

    await put(ada, "/notifications/read")
    await put(ada, "/notifications/read")
    assert await inbox(ada, unread="true") == []
    assert (await inbox(ada))[0] == read, "what was read before stays as it was"
    assert len(await inbox(bob, unread="true")) == 1


async def test_other_peoples_notifications_do_not_exist(
    ada: Person, bob: Person, staff: Person, admin: Person
) -> None:
    sent = await make(staff, "/notifications", user_id=ada.id, title="Tea")

    for stranger in (bob, staff, admin):
        answer = await stranger.put(f"/notifications/{sent['id']}/read")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert sent not in await inbox(stranger)
    assert await inbox(ada, unread="true") == [sent]


# What generated clients are made of


def test_the_types_of_all_events_are_in_the_document() -> None:
    media = DOCUMENT["paths"]["/api/v1/notifications/stream"]["get"]["responses"]["200"]["content"][
        "text/event-stream"
    ]
    assert media["schema"] == ref("LiveEvent")
    schemas = DOCUMENT["components"]["schemas"]
    union = schemas["LiveEvent"]
    kinds = {"ready", "reset", *(kind for live in LIVE.values() for kind in live.kinds)}

    assert union["discriminator"]["propertyName"] == "kind"
    assert set(union["discriminator"]["mapping"]) == kinds
    assert sorted(one["$ref"] for one in union["oneOf"]) == sorted(
        set(union["discriminator"]["mapping"].values())
    )
    assert "notification.created" in kinds
    for live in LIVE.values():
        event = schemas[live.public.__name__.replace("Public", "Event")]
        assert event["required"] == ["id", "kind", "data"]
        assert event["properties"]["data"] == ref(live.public.__name__)


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


# Kinds


async def test_kinds_are_declared_beside_what_tells_of_them() -> None:
    found = NotificationKind.members()

    assert set(MessageKind) <= set(found)
    assert set(BookingNotificationKind) <= set(found)  # part: bookings
    assert DOCUMENT["components"]["schemas"]["NotificationKind"]["enum"] == found


async def test_a_kind_that_nothing_declares_any_more_is_shown_as_a_message(
    database: Database, ada: Person, staff: Person
) -> None:
    sent = await make(staff, "/notifications", user_id=ada.id, title="Come to the barn")
    async with database.write() as session, session.begin():
        await (await session.connection()).execute(text("UPDATE notifications SET kind = 'horse.born'"))

    assert await inbox(ada) == [sent]
    assert (await ada.put(f"/notifications/{sent['id']}/read")).json()["kind"] == "message"
    async with database.read() as session:
        assert (await session.exec(select(Notification))).one().kind is MessageKind.message
