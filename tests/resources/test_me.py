"""What a user may do with their own account."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from starlette.types import Message

from api.flows.export import CHUNK
from api.security import verify_password
from api.settings import Settings
from tests.conftest import MakePerson
from tests.resources.test_auth import NEW, change_the_password, reset_the_password
from tests.support.mailbox import Mailbox
from tests.support.make import make, make_booking, make_course, make_group, make_post, make_record, make_slot
from tests.support.people import PASSWORD, Person
from tests.support.values import GIF

pytestmark = pytest.mark.anyio

PROFILE: dict[str, Any] = {
    "username": "countess",
    "first_name": "Ada",
    "last_name": "Lovelace",
    # part: child
    "child_name": "Byron",
    "child_sex_assigned_at_birth": "male",
    "child_dob": "1836-05-12",
    # end of part
}


async def test_a_profile_reads_back_as_it_was_written(ada: Person) -> None:
    changed = await ada.patch("/users/me", json=PROFILE)

    assert changed.status_code == 200
    assert changed.json() | PROFILE | {"full_name": "Ada Lovelace"} == changed.json()
    assert (await ada.get("/users/me")).json() == changed.json()


async def test_absent_fields_stay_and_null_empties_only_what_may_be_empty(ada: Person) -> None:
    await ada.patch("/users/me", json=PROFILE)

    assert (await ada.patch("/users/me", json={"last_name": None})).json()["full_name"] == "Ada"
    assert (await ada.patch("/users/me", json={})).json()["first_name"] == "Ada"
    assert (await ada.patch("/users/me", json={"username": None})).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        {"username": "a"},
        {"username": "a b"},
        {"username": "a@b"},
        {"first_name": "x" * 101},
        {"first_name": "two\nlines"},
        {"child_dob": "1836-05-12T10:00:00Z"},  # part: child
        {"email": "other@example.com"},
        {"role": "admin"},
        {"is_active": False},
        {"email_verified": True},
        {"avatar_url": "https://example.com/a.png"},
        {"id": "01a1fdfe-6e9d-70eb-a230-6c2b82ad22f1"},
    ],
)
async def test_a_bad_change_writes_nothing(ada: Person, change: dict[str, Any]) -> None:
    before = (await ada.get("/users/me")).json()

    assert (await ada.patch("/users/me", json={"last_name": "Changed"} | change)).status_code == 422

    assert (await ada.get("/users/me")).json() == before


async def test_a_name_that_is_taken_is_refused(ada: Person, bob: Person) -> None:
    answer = await ada.patch("/users/me", json={"username": "BOB"})

    assert (answer.status_code, answer.json()["code"]) == (409, "already_exists")
    assert answer.json()["errors"][0]["loc"] == ["body", "username"]


async def test_the_password_changes_only_with_the_old_one(
    client: AsyncClient, ada: Person, mailbox: Mailbox
) -> None:
    body = {"current_password": "wrong", "new_password": "another horse"}

    refused = await ada.put("/users/me/password", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "current_password"])
    assert (
        await ada.put("/users/me/password", json=body | {"current_password": PASSWORD})
    ).status_code == 204

    assert (
        await client.post("/auth/login", json={"username": "ada", "password": PASSWORD})
    ).status_code == 401
    assert (
        await client.post("/auth/login", json={"username": "ada", "password": "another horse"})
    ).status_code == 200
    assert mailbox.subjects(ada.email)[-1] == "Your password was changed"


async def test_a_password_reset_during_a_change_of_it_stays(
    client: AsyncClient, ada: Person, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def verify_slowly(password: str, hashed: str | None, settings: Settings, **options: Any) -> bool:
        right = await verify_password(password, hashed, settings, **options)
        await reset_the_password(ada, ada, mailbox)
        return right

    monkeypatch.setattr("api.routers.me.verify_password", verify_slowly)
    body = {"current_password": PASSWORD, "new_password": "a third horse"}

    assert (await ada.put("/users/me/password", json=body)).status_code == 409
    assert (await client.post("/auth/login", json={"username": "ada", "password": NEW})).status_code == 200


async def test_guessing_the_current_password_is_throttled(ada: Person) -> None:
    body = {"current_password": "wrong", "new_password": "another horse"}
    right = {"email": "countess@example.com", "current_password": PASSWORD}

    assert (await ada.put("/users/me/password", json=body)).status_code == 422
    assert (
        await ada.put("/users/me/email", json=right)
    ).status_code == 202  # and forgives what went wrong before
    statuses = [(await ada.put("/users/me/password", json=body)).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


async def test_a_new_address_counts_when_it_confirms(
    client: AsyncClient, ada: Person, mailbox: Mailbox
) -> None:
    body = {"email": "Countess@Example.com", "current_password": PASSWORD}

    assert (await ada.put("/users/me/email", json=body)).status_code == 202

    assert (await ada.get("/users/me")).json()["email"] == "ada@example.com"
    assert mailbox.subjects("ada@example.com")[-1] == "Your address will change"
    token = mailbox.token("Countess@example.com", "Confirm your address")
    assert (await client.post("/auth/email/verify", json={"token": token})).status_code == 204
    me = (await ada.get("/users/me")).json()
    assert (me["email"], me["email_verified"]) == ("Countess@example.com", True)
    assert (
        await client.post("/auth/login", json={"username": "countess@example.com", "password": PASSWORD})
    ).status_code == 200
    assert (await client.post("/auth/email/verify", json={"token": token})).status_code == 401


async def test_only_the_address_asked_for_last_can_be_confirmed(
    client: AsyncClient, ada: Person, mailbox: Mailbox
) -> None:
    for email in ("typo@example.com", "right@example.com"):
        await ada.put("/users/me/email", json={"email": email, "current_password": PASSWORD})

    typo, right = (
        mailbox.token(email, "Confirm your address") for email in ("typo@example.com", "right@example.com")
    )
    assert (await client.post("/auth/email/verify", json={"token": typo})).status_code == 401
    assert (await client.post("/auth/email/verify", json={"token": right})).status_code == 204


@pytest.mark.parametrize("secure", [change_the_password, reset_the_password])
async def test_a_new_password_stops_a_change_of_address_under_way(
    client: AsyncClient,
    ada: Person,
    mailbox: Mailbox,
    secure: Callable[[Person, Person, Mailbox], Awaitable[Response]],
) -> None:
    """The warning says what to do against a thief who knows the password; afterwards the thief's link must be
    dead."""
    await ada.put("/users/me/email", json={"email": "thief@example.com", "current_password": PASSWORD})
    token = mailbox.token("thief@example.com", "Confirm your address")

    assert (await secure(ada, ada, mailbox)).status_code == 204

    assert (await client.post("/auth/email/verify", json={"token": token})).status_code == 401
    assert (
        await client.post("/auth/login", json={"username": ada.email, "password": NEW})
    ).status_code == 200


async def test_two_accounts_cannot_confirm_one_address(
    client: AsyncClient, ada: Person, bob: Person, mailbox: Mailbox
) -> None:
    tokens = []
    for person in (ada, bob):
        await person.put(
            "/users/me/email", json={"email": "shared@example.com", "current_password": PASSWORD}
        )
        tokens.append(mailbox.token("shared@example.com", "Confirm your address"))

    assert [
        (await client.post("/auth/email/verify", json={"token": token})).status_code for token in tokens
    ] == [204, 409]
    assert (await bob.get("/users/me")).json()["email"] == "bob@example.com"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"email": "new@example.com", "current_password": "wrong"}, 422),
        ({"email": "BOB@example.com", "current_password": PASSWORD}, 409),
        ({"email": "no address", "current_password": PASSWORD}, 422),
    ],
)
async def test_an_address_is_not_changed_without_password_nor_to_anothers(
    ada: Person, bob: Person, mailbox: Mailbox, body: dict[str, str], status: int
) -> None:
    mailbox.letters.clear()

    assert (await ada.put("/users/me/email", json=body)).status_code == status

    assert mailbox.letters == []


async def test_the_export_holds_all_that_is_mine_and_no_secret(
    ada: Person, bob: Person, staff: Person
) -> None:
    course = await make_course(staff)
    for person in (ada, bob):
        post = await make_post(person)
        await make(person, f"/posts/{post['id']}/comments", body="First!")
        await make_booking(person, await make_slot(staff))
        await make_record(staff, person)
        await make_group(person)
        await make(person, "/tasks", description="Mine")
        await make(person, "/notes", title="Mine")
        assert (await person.put("/users/me/avatar", files={"file": GIF.encode()})).status_code == 200
        assert (await person.put(f"/courses/{course['id']}/enrollments/me")).status_code == 204

    export = (await ada.get("/users/me/export")).json()

    assert export["user"] == (await ada.get("/users/me")).json()
    for table, where in {"user_sessions": "/auth/sessions", "posts": f"/posts?author_id={ada.id}"}.items():
        assert [row["id"] for row in export[table]] == [
            row["id"] for row in (await ada.get(where)).json()["items"]
        ]
    told = export.pop("notifications")
    assert told[::-1] == (await ada.get("/notifications")).json()["items"]
    assert told
    for table in ("tasks", "notes"):
        assert export[table] == (await ada.get(f"/{table}")).json()["items"]
    filled = {table: len(rows) for table, rows in export.items() if isinstance(rows, list) and rows}
    made = {
        "avatars",
        "bookings",
        "comments",
        "enrollments",
        "group_members",
        "posts",
        "records",
        "tasks",
        "notes",
    }
    assert made <= filled.keys()
    assert set(filled.values()) == {1}, export
    assert not re.search("hash|token|secret", str(export))


async def test_the_export_is_streamed_in_chunks(app: FastAPI, ada: Person) -> None:
    """However much a user has stored, only a few rows are in memory."""
    content = "x" * 10_000
    notes = [await make(ada, "/notes", title=f"Note {number}", content=content) for number in range(45)]
    sizes: list[int] = []

    async def receive() -> Message:
        await asyncio.Event().wait()  # the client stays
        raise AssertionError

    async def send(message: Message) -> None:
        sizes.append(len(message.get("body", b"")))

    token = (b"authorization", ada.headers["authorization"].encode())
    scope = {"type": "http", "method": "GET", "path": "/api/v1/users/me/export", "query_string": b""}
    await app(scope | {"root_path": "", "scheme": "http", "headers": [token]}, receive, send)

    assert max(sizes) < CHUNK * 2 * len(content)
    assert sum(sizes) > len(notes) * len(content)
    exported = (await ada.get("/users/me/export")).json()
    assert [note["id"] for note in exported["notes"]] == [note["id"] for note in notes]


async def test_a_deleted_account_is_gone_and_its_name_free(
    client: AsyncClient, ada: Person, admin: Person
) -> None:
    assert (await ada.delete("/users/me")).status_code == 204

    assert (
        await client.post("/auth/login", json={"username": "ada", "password": PASSWORD})
    ).status_code == 401
    assert (await admin.get(f"/users/{ada.id}")).status_code == 404
    again = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}
    assert (await client.post("/auth/register", json=again)).status_code == 201


async def test_the_last_admin_cannot_leave(admin: Person, person: MakePerson) -> None:
    assert (await admin.delete("/users/me")).json()["code"] == "last_admin"

    await person(role="admin")
    assert (await admin.delete("/users/me")).status_code == 204
