"""One function per entity: valid by default, overridable by keyword, made over HTTP."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from api.db.engine import Database
from api.models.base import utcnow
from api.models.team import TeamMember
from tests.support.people import Person

numbers = count(1)
Made = dict[str, Any]


def days(number: float) -> str:
    """A moment so many days from now."""
    return (utcnow() + timedelta(days=number)).isoformat()


async def make(person: Person, path: str, **body: Any) -> Made:
    answer = await person.post(path, json=body)
    assert answer.status_code == 201, answer.text
    made: Made = answer.json()
    return made


async def make_slot(staff: Person, **fields: Any) -> Made:
    return await make(
        staff,
        "/booking-slots",
        **{"title": "Swim", "starts_at": days(1), "ends_at": days(2), "capacity": 10} | fields,
    )


async def make_booking(person: Person, slot: Made, **fields: Any) -> Made:
    return await make(person, "/bookings", **{"slot_id": slot["id"], "customer_name": "Ada"} | fields)


async def make_group(person: Person, **fields: Any) -> Made:
    return await make(person, "/groups", **{"name": f"Group {next(numbers)}"} | fields)


async def make_course(staff: Person, **fields: Any) -> Made:
    return await make(
        staff,
        "/courses",
        **{"title": "Weaving", "starts_at": days(1), "ends_at": days(9), "capacity": 10} | fields,
    )


async def make_product(staff: Person, **fields: Any) -> Made:
    return await make(
        staff, "/products", **{"name": f"Product {next(numbers)}", "price": "9.90", "quantity": 10} | fields
    )


async def make_post(person: Person, **fields: Any) -> Made:
    return await make(person, "/posts", **{"title": "News", "published_at": days(-1)} | fields)


async def make_record(staff: Person, about: Person, **fields: Any) -> Made:
    return await make(
        staff,
        "/records",
        **{"user_id": about.id, "kind": "visit", "title": "First", "occurred_at": days(-1)} | fields,
    )


async def make_team(person: Person, **fields: Any) -> Made:
    return await make(person, "/teams", **{"name": f"Team {next(numbers)}"} | fields)


async def join(database: Database, team: Made, person: Person, role: str = "member") -> None:
    """Make somebody a member, without the mail of an invitation."""
    async with database.write() as session, session.begin():
        session.add(TeamMember(team_id=UUID(team["id"]), user_id=UUID(person.id), role=role))
