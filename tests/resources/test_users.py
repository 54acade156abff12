"""What administrators may do with accounts, and nobody else."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient

from tests.conftest import MakePerson
from tests.support.people import PASSWORD, Person

pytestmark = pytest.mark.anyio

NEW = {"username": "grace", "email": "grace@example.com", "password": PASSWORD}


async def test_an_admin_adds_a_user_with_role_and_flags(admin: Person, client: AsyncClient) -> None:
    answer = await admin.post("/users", json=NEW | {"role": "staff", "email_verified": True})

    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/users/{answer.json()['id']}"
    assert (answer.json()["role"]["name"], answer.json()["email_verified"]) == ("staff", True)
    assert (await admin.get(f"/users/{answer.json()['id']}")).json() == answer.json()
    assert (
        await client.post("/auth/login", json={"username": "grace", "password": PASSWORD})
    ).status_code == 200


async def test_a_role_that_does_not_exist_is_a_field_error(admin: Person, ada: Person) -> None:
    for answer in (
        await admin.post("/users", json=NEW | {"role": "wizard"}),
        await admin.patch(f"/users/{ada.id}", json={"role": "wizard"}),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "role"])


@pytest.mark.parametrize(
    ("method", "path", "user", "staff"),
    [
        ("GET", "/users", 403, 200),
        ("POST", "/users", 403, 403),
        ("GET", "/users/{other}", 404, 200),
        ("GET", "/users/{self}", 200, 200),
        ("PATCH", "/users/{other}", 403, 403),
        ("PATCH", "/users/{self}", 403, 403),
        ("DELETE", "/users/{other}", 403, 403),
        ("GET", "/users/01a1fdfe-6e9d-70eb-a230-6c2b82ad22f1", 404, 404),
        ("PATCH", "/users/01a1fdfe-6e9d-70eb-a230-6c2b82ad22f1", 403, 403),
    ],
)
async def test_only_permissions_open_other_accounts(
    person: MakePerson, ada: Person, method: str, path: str, user: int, staff: int
) -> None:
    body = NEW if method == "POST" else {"first_name": "X"} if method == "PATCH" else None
    for role, expected in (("user", user), ("staff", staff)):
        someone = await person(role=role)
        answer = await someone.request(method, path.format(other=ada.id, self=someone.id), json=body)
        assert answer.status_code == expected, role


async def test_lists_are_filtered_and_searched(admin: Person, ada: Person, bob: Person) -> None:
    await admin.patch(
        f"/users/{ada.id}", json={"is_active": False, "first_name": "Elodie", "email_verified": True}
    )
    await admin.patch(f"/users/{bob.id}", json={"role": "staff"})

    async def names(**query: Any) -> list[str]:
        page = (await admin.get("/users", params={"sort": "username", "order": "asc", **query})).json()
        return [user["username"] for user in page["items"]]

    assert await names() == ["ada", "bob", "root"]
    assert await names(role="staff") == ["bob"]
    assert await names(role="wizard") == []
    assert await names(is_active=False) == ["ada"]
    assert await names(is_active=True, email_verified=False) == ["bob", "root"]
    assert await names(q="eLO") == ["ada"]
    assert await names(q="BOB@") == ["bob"]
    assert await names(q="%") == []


async def test_an_admin_changes_role_names_and_flags(admin: Person, ada: Person) -> None:
    change = {"role": "staff", "username": "countess", "email_verified": True, "last_name": "King"}

    answer = (await admin.patch(f"/users/{ada.id}", json=change)).json()

    assert answer["role"]["name"] == "staff"
    assert {key: answer[key] for key in ("username", "email_verified", "last_name")} == {
        key: change[key] for key in ("username", "email_verified", "last_name")
    }
    assert (await ada.get("/users")).status_code == 200  # permissions count from now on, with the old token


async def test_a_deactivated_user_can_come_back(admin: Person, ada: Person, client: AsyncClient) -> None:
    await admin.patch(f"/users/{ada.id}", json={"is_active": False})
    assert (await ada.get("/users/me")).status_code == 401

    await admin.patch(f"/users/{ada.id}", json={"is_active": True})

    assert (await ada.get("/users/me")).status_code == 401  # the old sign-in stays ended
    assert (
        await client.post("/auth/login", json={"username": "ada", "password": PASSWORD})
    ).status_code == 200


@pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": False}, None])
async def test_the_last_active_admin_stays(
    admin: Person, ada: Person, person: MakePerson, change: dict[str, Any] | None
) -> None:
    retired = await person(role="admin")
    await admin.patch(f"/users/{retired.id}", json={"is_active": False})
    path = f"/users/{admin.id}"

    answer = await (admin.patch(path, json=change) if change else admin.delete(path))

    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert (await admin.get("/users/me")).json()["role"]["name"] == "admin"


async def test_two_admins_cannot_remove_each_other_at_once(admin: Person, person: MakePerson) -> None:
    other = await person(role="admin")

    answers = await asyncio.gather(
        admin.patch(f"/users/{other.id}", json={"role": "user"}),
        other.patch(f"/users/{admin.id}", json={"role": "user"}),
    )

    assert sorted(answer.status_code for answer in answers) in ([200, 403], [200, 409])


async def test_nobody_governs_or_grants_more_than_they_have(
    admin: Person, person: MakePerson, ada: Person
) -> None:
    await admin.post("/roles", json={"name": "clerk", "permissions": ["users:write", "users:read"]})
    clerk = await person(role="clerk")

    assert (await clerk.patch(f"/users/{ada.id}", json={"role": "clerk"})).status_code == 200
    assert (await clerk.patch(f"/users/{ada.id}", json={"role": "admin"})).status_code == 403
    assert (await clerk.post("/users", json=NEW | {"role": "admin"})).status_code == 403
    assert (await clerk.patch(f"/users/{clerk.id}", json={"role": "admin"})).status_code == 403
    assert (await admin.get("/users", params={"role": "admin", "count": True})).json()["total"] == 1


async def test_an_administrator_ends_all_sign_ins_of_a_user(
    admin: Person, staff: Person, ada: Person
) -> None:
    assert (await staff.delete(f"/users/{ada.id}/sessions")).status_code == 403
    assert (await ada.get("/users/me")).status_code == 200

    assert (await admin.delete(f"/users/{ada.id}/sessions")).status_code == 204
    assert (await ada.get("/users/me")).status_code == 401
    assert (await admin.get("/users/me")).status_code == 200
