"""Administrators set passwords of users: never in silence, and never of somebody who may do more."""

from datetime import timedelta

import pytest
from httpx import AsyncClient

from api.models.base import utcnow
from api.settings import Settings
from tests.conftest import MakePerson
from tests.resources.test_takeover import CLERK, NEW, RESET, reset, sign_in
from tests.support.mailbox import Mailbox
from tests.support.people import PASSWORD, Person

pytestmark = pytest.mark.anyio

CHANGED = "Your password was changed"


async def test_a_set_password_counts_and_ends_all_that_came_before(
    admin: Person, ada: Person, client: AsyncClient, mailbox: Mailbox
) -> None:
    await client.post("/auth/password/forgot", json={"email": ada.email})
    await ada.put("/users/me/email", json={"email": "other@example.com", "current_password": PASSWORD})
    before = mailbox.token(ada.email, RESET)

    answer = await admin.patch(f"/users/{ada.id}", json={"password": NEW, "last_name": "King"})

    assert (answer.status_code, answer.json()["last_name"]) == (200, "King")
    assert "password" not in answer.text
    assert answer.json()["pending_email"] is None
    assert "administrator" in mailbox.text(ada.email, CHANGED)
    assert (await sign_in(client, "ada"), await sign_in(client, "ada", NEW)) == (401, 200)
    assert (await ada.get("/users/me")).status_code == 401
    refresh = {"refresh_token": ada.tokens["refresh_token"]}
    assert (await client.post("/auth/refresh", json=refresh)).status_code == 401
    assert await reset(client, before) == 401


@pytest.mark.parametrize(
    ("weak", "type"),
    [
        ("password1", "common_password"),
        ("short", "string_too_short"),
        ("adalovelace", "password_is_name"),
        ("ada@example.com", "password_is_name"),
        ("new@example.com", "password_is_name"),
        (None, "string_type"),
    ],
)
async def test_a_set_password_obeys_the_rules(
    admin: Person, ada: Person, client: AsyncClient, weak: str | None, type: str
) -> None:
    names = {"username": "adalovelace", "email": "new@example.com"}

    answer = await admin.patch(f"/users/{ada.id}", json={"password": weak, **names})

    assert (answer.status_code, answer.json()["errors"][0]["type"]) == (422, type)
    assert answer.json()["errors"][0]["loc"] == ["body", "password"]
    assert await sign_in(client, "ada") == 200
    assert (await ada.get("/users/me")).status_code == 200


async def test_a_refused_change_sets_no_password_and_tells_nobody(
    admin: Person, ada: Person, client: AsyncClient, mailbox: Mailbox
) -> None:
    path = f"/users/{ada.id}"
    stale = {"If-Match": (await admin.get(path)).headers["etag"]}
    await admin.patch(path, json={"last_name": "King"})

    assert (await admin.patch(path, json={"password": NEW}, headers=stale)).status_code == 412
    assert (await admin.patch(path, json={"password": NEW, "role": "wizard"})).status_code == 422
    assert (await admin.patch(path, json={"password": NEW, "nothing": 1})).status_code == 422
    assert await sign_in(client, "ada") == 200
    assert CHANGED not in mailbox.subjects(ada.email)


async def test_ones_own_password_needs_the_current_one_whatever_the_route(
    admin: Person, client: AsyncClient
) -> None:
    answer = await admin.patch(f"/users/{admin.id}", json={"password": NEW})

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert "PUT /users/me/password" in answer.json()["detail"]
    assert await sign_in(client, "root") == 200


async def test_nobody_sets_the_password_of_somebody_who_may_do_more(
    admin: Person, staff: Person, ada: Person, person: MakePerson, client: AsyncClient
) -> None:
    await admin.post("/roles", json=CLERK)
    clerk = await person(username="carl", role="clerk")

    for other, name in ((admin, "root"), (staff, "sam")):
        answer = await clerk.patch(f"/users/{other.id}", json={"password": NEW})
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert await sign_in(client, name) == 200
    assert (await staff.patch(f"/users/{ada.id}", json={"password": NEW})).status_code == 403
    assert (await clerk.patch(f"/users/{ada.id}", json={"password": NEW})).status_code == 200


async def test_an_old_sign_in_sets_no_password_until_it_is_confirmed(
    admin: Person, ada: Person, client: AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/users/{ada.id}"
    later = timedelta(minutes=settings.recent_sign_in_minutes + 1)
    monkeypatch.setattr("api.flows.recent_sign_ins.utcnow", lambda: utcnow() + later)

    answer = await admin.patch(path, json={"password": NEW})
    assert (answer.status_code, answer.json()["code"]) == (403, "recent_sign_in_required")
    assert (await admin.patch(path, json={"last_name": "King"})).status_code == 200
    assert await sign_in(client, "ada") == 200

    await admin.post("/users/me/password/confirm", json={"current_password": PASSWORD})
    assert (await admin.patch(path, json={"password": NEW})).status_code == 200
