"""A request after its sign-in has ended gets nothing, also where rows are read before the check."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from jose import jwt
from sqlalchemy import delete, update
from sqlmodel import col

from api.db.engine import Database
from api.models.base import uuid7
from api.models.user import User
from api.security import make_token
from api.settings import Settings
from tests.support.make import make
from tests.support.people import Person

pytestmark = pytest.mark.anyio

GOOD = {
    "teams": {"name": "One"},
    "notes": {"title": "One"},  # part: notes
    "tasks": {"description": "One"},  # part: tasks
}
every_kind = pytest.mark.parametrize("path", [f"/{name}" for name in GOOD])


def asked(path: str, id: str) -> list[tuple[str, str, Any]]:
    """Requests that succeed, find nothing, are wrong in what they send, or are out of date."""
    good = GOOD[path.strip("/")]
    there, nowhere = f"{path}/{id}", f"{path}/{uuid7()}"
    return [
        ("GET", path, None),
        ("GET", f"{path}?q=nothing", None),
        ("GET", f"{path}?count=true", None),
        ("GET", f"{path}?limit=many", None),
        ("GET", f"{path}?cursor=made+up", None),
        ("POST", path, good),
        ("POST", path, {}),
        ("POST", path, {**good, "id": id}),
        *(
            (method, where, body)
            for where in (there, nowhere, f"{path}/1")
            for method, body in (
                ("GET", None),
                ("PATCH", good),
                ("PATCH", {"owner_id": id}),
                ("DELETE", None),
            )
        ),
    ]


async def sign_out(person: Person, database: Database) -> None:
    assert (await person.post("/auth/logout", json={})).status_code == 204


async def be_switched_off(person: Person, database: Database) -> None:
    """Without ending the sign-in, as the API would."""
    async with database.write() as session, session.begin():
        await session.exec(update(User).where(col(User.username) == person.username).values(is_active=False))


async def be_deleted(person: Person, database: Database) -> None:
    async with database.write() as session, session.begin():
        await session.exec(delete(User).where(col(User.username) == person.username))


@every_kind
@pytest.mark.parametrize("end", [sign_out, be_switched_off, be_deleted])
async def test_a_request_after_access_has_ended_reads_and_changes_nothing(
    ada: Person, database: Database, path: str, end: Any
) -> None:
    made = await make(ada, path, **GOOD[path.strip("/")])
    headers = dict(ada.headers)
    await end(ada, database)

    for method, where, body in asked(path, made["id"]):
        answer = await ada.request(method, where, json=body, headers={**headers, "If-Match": '"other"'})
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token"), (method, where, body)

    if end is sign_out:
        ada.bear(
            (await ada.post("/auth/login", json={"username": ada.username, "password": ada.password})).json()
        )
        assert (await ada.get(path)).json()["items"] == [made]


@every_kind
async def test_the_same_requests_are_answered_before_access_ends(ada: Person, path: str) -> None:
    made = await make(ada, path, **GOOD[path.strip("/")])

    answers = [
        (await ada.request(method, where, json=body)).status_code
        for method, where, body in asked(path, made["id"])
    ]

    assert answers == [
        200,
        200,
        200,
        422,
        422,
        201,
        422,
        422,
        200,
        200,
        422,
        204,
        404,
        404,
        404,
        404,
        422,
        422,
        422,
        422,
    ]


@every_kind
async def test_a_token_that_pairs_two_users_is_refused(
    ada: Person, bob: Person, settings: Settings, path: str
) -> None:
    """Only we sign tokens; but if one ever paired two people, it would be good for neither."""
    sign_in = jwt.get_unverified_claims(bob.tokens["access_token"])["sid"]
    token = make_token(settings, "access", UUID(ada.id), timedelta(minutes=5), sid=sign_in)

    for method, where, body in asked(path, str(uuid7())):
        answer = await ada.request(method, where, json=body, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, (method, where, body)
