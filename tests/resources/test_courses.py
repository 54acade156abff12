"""Courses: as many as fit, once each, and those of a closed group for its members."""

import asyncio
from collections import Counter

import pytest
from fastapi import FastAPI
from sqlmodel import update

from api.db.engine import Database
from api.models.base import utcnow
from api.models.course import Course
from tests.conftest import MakePerson
from tests.support.make import days, make, make_course, make_group
from tests.support.people import Person

pytestmark = pytest.mark.anyio


async def test_whoever_makes_a_course_teaches_it_unless_they_name_another(
    staff: Person, ada: Person, bob: Person
) -> None:
    assert (await make_course(staff))["instructor"]["username"] == "sam"
    path = f"/courses/{(await make_course(staff, instructor_id=ada.id))['id']}"

    assert (await ada.patch(path, json={"title": "Mine"})).json()["title"] == "Mine"
    assert (await ada.post("/courses", json={})).status_code == 403
    for answer in (await bob.patch(path, json={"title": "Not mine"}), await bob.delete(path)):
        assert answer.status_code == 403


async def test_a_course_outlives_the_account_of_its_instructor(staff: Person, ada: Person) -> None:
    course = await make_course(staff, instructor_id=ada.id)

    await ada.delete("/users/me")

    assert (await staff.get(f"/courses/{course['id']}")).json() == course | {"instructor": None}


async def test_forty_who_enrol_at_once_in_a_course_of_ten_fill_it(
    app: FastAPI, replica: FastAPI, staff: Person, person: MakePerson
) -> None:
    course = await make_course(staff, capacity=10)
    people = [(await person()).through(way) for way in [app, replica] * 20]

    answers = await asyncio.gather(
        *(someone.put(f"/courses/{course['id']}/enrollments/me") for someone in people)
    )

    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {204: 10, 409: 30}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"course_full"}
    assert (await staff.get(f"/courses/{course['id']}")).json()["enrolled_count"] == 10


async def test_enrolling_and_leaving_twice_is_as_good_as_once(staff: Person, ada: Person) -> None:
    path, other = [f"/courses/{(await make_course(staff, capacity=1))['id']}" for _ in range(2)]

    async def enrolled(course: str) -> list[str]:
        return [
            item["user"]["username"] for item in (await staff.get(f"{course}/enrollments")).json()["items"]
        ]

    await ada.put(f"{other}/enrollments/me")
    for _ in range(2):
        assert (await ada.put(f"{path}/enrollments/me")).status_code == 204
    assert await enrolled(path) == ["ada"]
    assert (await staff.put(f"{path}/enrollments/me")).json()["code"] == "course_full"
    for _ in range(2):
        assert (await ada.delete(f"{path}/enrollments/me")).status_code == 204
    assert (await staff.put(f"{path}/enrollments/me")).status_code == 204
    assert (await ada.delete(f"{path}/enrollments/me")).status_code == 204
    assert (await enrolled(path), await enrolled(other)) == (["sam"], ["ada"])


async def test_a_course_is_not_made_smaller_than_its_class_nor_backwards_in_time(
    staff: Person, ada: Person
) -> None:
    path = f"/courses/{(await make_course(staff, capacity=2))['id']}"
    for someone in (staff, ada):
        await someone.put(f"{path}/enrollments/me")

    assert (await staff.patch(path, json={"capacity": 1})).json()["code"] == "capacity_taken"
    assert (await staff.patch(path, json={"ends_at": days(0.5)})).status_code == 422
    assert (await staff.get(path)).json()["capacity"] == 2


async def test_a_course_that_is_over_is_closed(staff: Person, ada: Person, database: Database) -> None:
    course = await make_course(staff, starts_at=days(-3))
    async with database.write() as session, session.begin():
        await session.exec(update(Course).values(ends_at=utcnow()))

    assert (await ada.put(f"/courses/{course['id']}/enrollments/me")).json()["code"] == "course_over"


async def test_a_course_of_a_closed_group_is_for_its_members_and_its_instructor(
    staff: Person, ada: Person, bob: Person, person: MakePerson
) -> None:
    group, teacher = await make_group(ada, is_open=False), await person()
    taught = await make_course(staff, group_id=group["id"], instructor_id=teacher.id)
    assert (await teacher.get(f"/courses/{taught['id']}")).json() == taught
    course = await make_course(staff, group_id=group["id"])
    path = f"/courses/{course['id']}"

    assert course["group"] == {"id": group["id"], "name": group["name"]}
    assert (await ada.get(path)).json() == course
    for answer in (
        await bob.get(path),
        await bob.get(f"{path}/enrollments"),
        await bob.put(f"{path}/enrollments/me"),
    ):
        assert answer.status_code == 404
    assert (await bob.get("/courses", params={"count": True, "group_id": group["id"]})).json()["total"] == 0
    await ada.delete(f"/groups/{group['id']}")
    assert (await bob.get(path)).json()["group"] is None


async def test_what_a_course_refers_to_has_to_be_there(staff: Person, ada: Person) -> None:
    nowhere = "01a1fdfe-6e9d-70eb-a230-6c2b82ad22f1"
    course = await make_course(staff)

    for field in ("instructor_id", "group_id"):
        body = {"title": "x", "starts_at": days(1), "ends_at": days(2), "capacity": 1, field: nowhere}
        assert (await staff.post("/courses", json=body)).json()["errors"][0]["loc"] == ["body", field]
    assert (await staff.patch(f"/courses/{course['id']}", json={"group_id": nowhere})).status_code == 422


async def test_an_instructor_puts_a_course_into_no_group_that_they_do_not_see(
    staff: Person, ada: Person, bob: Person
) -> None:
    course = await make_course(staff, instructor_id=ada.id)
    closed = await make_group(bob, is_open=False)
    path = f"/courses/{course['id']}"

    refused = await ada.patch(path, json={"group_id": closed["id"]})

    assert (refused.status_code, refused.json()["errors"][0]["type"]) == (422, "unknown_reference")
    await bob.put(f"/groups/{closed['id']}/members/{ada.id}")
    assert (await ada.patch(path, json={"group_id": closed["id"]})).json()["group"]["name"] == closed["name"]


async def test_who_writes_courses_and_not_groups_sees_no_closed_group(
    admin: Person, staff: Person, ada: Person, person: MakePerson
) -> None:
    await make(admin, "/roles", name="planner", permissions=["courses:write"])
    await make(admin, "/roles", name="organiser", permissions=["courses:write", "groups:write"])
    planner, organiser = await person(role="planner"), await person(role="organiser")
    closed, opened = await make_group(ada, is_open=False), await make_group(ada)
    hidden = await make_course(staff, group_id=closed["id"])
    shown = [await make_course(staff, group_id=opened["id"]), await make_course(staff)]

    assert (await planner.get(f"/courses/{hidden['id']}")).status_code == 404
    assert (await planner.patch(f"/courses/{hidden['id']}", json={"title": "x"})).status_code == 404
    assert closed["name"] not in (listed := await planner.get("/courses")).text
    assert {course["id"] for course in listed.json()["items"]} == {course["id"] for course in shown}
    for course in shown:
        assert (await planner.patch(f"/courses/{course['id']}", json={"title": "x"})).status_code == 200
    assert (await organiser.patch(f"/courses/{hidden['id']}", json={"title": "x"})).status_code == 200


@pytest.mark.parametrize("by", ["the owner", "themselves"])
async def test_a_former_member_of_a_closed_group_has_no_seat_in_its_courses(
    staff: Person, ada: Person, bob: Person, by: str
) -> None:
    group, other = await make_group(ada, is_open=False), await make_group(ada)
    inside = await make_course(staff, group_id=group["id"], capacity=1)
    outside = [await make_course(staff, group_id=other["id"]), await make_course(staff)]
    await ada.put(f"/groups/{group['id']}/members/{bob.id}")
    for course in (inside, *outside):
        assert (await bob.put(f"/courses/{course['id']}/enrollments/me")).status_code == 204

    remover = ada if by == "the owner" else bob
    assert (await remover.delete(f"/groups/{group['id']}/members/{bob.id}")).status_code == 204

    seats = [
        (await staff.get(f"/courses/{course['id']}")).json()["enrolled_count"]
        for course in (inside, *outside)
    ]
    assert seats == [0, 1, 1]
    assert (await ada.put(f"/courses/{inside['id']}/enrollments/me")).status_code == 204


async def test_an_owner_who_is_no_member_any_more_keeps_the_seat(staff: Person, ada: Person) -> None:
    group = await make_group(ada, is_open=False)
    course = await make_course(staff, group_id=group["id"])
    await ada.put(f"/courses/{course['id']}/enrollments/me")

    await ada.delete(f"/groups/{group['id']}/members/me")

    assert (await ada.get(f"/courses/{course['id']}")).json()["enrolled_count"] == 1


async def test_who_has_a_seat_can_leave_a_course_that_became_hidden(
    staff: Person, ada: Person, bob: Person
) -> None:
    group = await make_group(ada)
    course = await make_course(staff, group_id=group["id"])
    path = f"/courses/{course['id']}"
    await bob.put(f"{path}/enrollments/me")
    await ada.patch(f"/groups/{group['id']}", json={"is_open": False})

    assert (await bob.get(path)).status_code == 404
    assert (await bob.delete(f"{path}/enrollments/me")).status_code == 204
    assert (await staff.get(path)).json()["enrolled_count"] == 0
    assert (await bob.delete(f"{path}/enrollments/me")).status_code == 404


async def test_nobody_enrols_while_they_are_removed(
    app: FastAPI, replica: FastAPI, staff: Person, ada: Person, person: MakePerson
) -> None:
    group = await make_group(ada, is_open=False)
    course = await make_course(staff, group_id=group["id"])
    people = [await person() for _ in range(10)]
    for someone in people:
        await ada.put(f"/groups/{group['id']}/members/{someone.id}")

    await asyncio.gather(
        *(one.through(replica).put(f"/courses/{course['id']}/enrollments/me") for one in people),
        *(ada.delete(f"/groups/{group['id']}/members/{one.id}") for one in people),
    )

    assert (await staff.get(f"/courses/{course['id']}")).json()["enrolled_count"] == 0
