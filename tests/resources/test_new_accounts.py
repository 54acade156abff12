"""What a new account needs: an address and a password. Its names may be given as one."""

import asyncio
import re
from typing import Any

import pytest
from httpx import AsyncClient, Response

from tests.support.people import PASSWORD, Person

pytestmark = pytest.mark.anyio


def new(email: str, **more: Any) -> dict[str, Any]:
    return {"email": email, "password": PASSWORD, **more}


async def me(client: AsyncClient, registered: Response) -> dict[str, Any]:
    assert registered.status_code == 201, registered.text
    headers = {"Authorization": f"Bearer {registered.json()['access_token']}"}
    shown: dict[str, Any] = (await client.get("/users/me", headers=headers)).json()
    return shown


MADE = {
    "grace@example.com": "grace",
    "Grace.Hopper@example.com": "Grace.Hopper",
    "o'brien+news@example.com": "obrien",
    "jörg@example.com": "jörg",
    "g@example.com": "user",
    "!#$%@example.com": "user",
    f"{'g' * 60}@example.com": "g" * 40,
}


@pytest.mark.parametrize("email", MADE)
async def test_an_address_and_a_password_suffice(client: AsyncClient, admin: Person, email: str) -> None:
    registered = await me(client, await client.post("/auth/register", json=new(email)))
    assert (registered["username"], registered["full_name"]) == (MADE[email], MADE[email])

    other = email.replace("example.com", "example.org")
    added = await admin.post("/users", json=new(other))
    assert added.status_code == 201
    assert re.fullmatch(re.escape(MADE[email]) + r"-\w{6}", added.json()["username"])
    for login in (email, registered["username"], other, added.json()["username"]):
        answer = await client.post("/auth/login", json={"username": login, "password": PASSWORD})
        assert answer.status_code == 200, login


async def test_of_many_at_once_with_one_local_part_each_gets_a_username(
    client: AsyncClient, admin: Person
) -> None:
    emails = [f"Grace@{n}.example.com" for n in range(20)]

    answers = await asyncio.gather(*(client.post("/auth/register", json=new(email)) for email in emails))

    assert {answer.status_code for answer in answers} == {201}
    found = (await admin.get("/users", params={"q": "grace@"})).json()["items"]
    assert sorted(user["email"] for user in found) == sorted(emails)
    assert [user["username"] for user in found].count("Grace") == 1


async def test_a_taken_address_answers_the_same_with_and_without_a_username(client: AsyncClient) -> None:
    await client.post("/auth/register", json=new("grace@example.com"))

    named = await client.post("/auth/register", json=new("GRACE@example.com", username="other"))
    made = await client.post("/auth/register", json=new("GRACE@example.com"))

    assert (named.status_code, named.json()["errors"][0]["loc"]) == (409, ["body", "email"])
    assert (made.status_code, made.json()) == (409, named.json())


async def test_a_password_that_is_the_made_username_is_refused(client: AsyncClient) -> None:
    answer = await client.post("/auth/register", json=new("grace'hopper@example.com", password="GraceHopper"))

    assert (answer.status_code, answer.json()["errors"][0]["type"]) == (422, "password_is_name")


NAMES = {
    "Ada Okafor": ("Ada", "Okafor"),
    "Ada": ("Ada", None),
    "Maria del Carmen  García": ("Maria del Carmen", "García"),
    " Ada": ("Ada", None),
    "Ada ": ("Ada", None),
    f"{'x' * 100} {'y' * 100}": ("x" * 100, "y" * 100),
    "x" * 201: (None, None),
}


@pytest.mark.parametrize("name", NAMES)
async def test_a_full_name_reads_back_as_it_was_written(
    client: AsyncClient, admin: Person, name: str
) -> None:
    user = await me(client, await client.post("/auth/register", json=new("g@example.com", full_name=name)))
    added = (await admin.post("/users", json=new("h@example.com", full_name=name))).json()
    changed = (await admin.patch("/users/me", json={"full_name": name})).json()
    given = (await admin.patch(f"/users/{added['id']}", json={"full_name": name})).json()

    for shown in (user, added, changed, given):
        assert shown["full_name"] == name
        assert (shown["first_name"], shown["last_name"]) == NAMES[name]


@pytest.mark.parametrize("full", ["Dr. Ada King", "Ada King"])
async def test_a_full_name_beside_its_parts_is_kept_until_one_of_them_changes(ada: Person, full: str) -> None:
    parts = {"first_name": "Ada", "last_name": "King"}

    shown = (await ada.patch("/users/me", json={**parts, "full_name": full})).json()
    assert shown | {**parts, "full_name": full} == shown
    assert (await ada.patch("/users/me", json={"username": "countess"})).json()["full_name"] == full
    assert (await ada.patch("/users/me", json={"last_name": "Byron"})).json()["full_name"] == "Ada Byron"


async def test_without_its_parts_a_full_name_is_the_username(ada: Person) -> None:
    await ada.patch("/users/me", json={"full_name": "x" * 201})

    shown = (await ada.patch("/users/me", json={"first_name": None, "last_name": None})).json()

    assert shown["full_name"] == "ada"


@pytest.mark.parametrize("name", ["", "x" * 202, "two\nlines", 7, None])
async def test_what_is_no_name_is_refused_by_its_field(client: AsyncClient, ada: Person, name: Any) -> None:
    for answer in (
        await client.post("/auth/register", json=new("g@example.com", full_name=name)),
        await ada.patch("/users/me", json={"full_name": name}),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "full_name"])


async def test_a_user_is_found_by_address(admin: Person, staff: Person, ada: Person) -> None:
    await admin.post("/users", json=new("not.ada@example.com"))

    async def found(email: str) -> list[str]:
        page = (await staff.get("/users", params={"email": email})).json()
        return [user["email"] for user in page["items"]]

    for spelling in ("ada@example.com", "ADA@Example.COM", " ada@example.com", "ａda@example.com"):  # noqa: RUF001
        assert await found(spelling) == ["ada@example.com"], spelling
    assert await found("nobody@example.com") == []
    assert (await staff.get("/users", params={"email": "ada"})).status_code == 422
    assert (await ada.get("/users", params={"email": ada.email})).status_code == 403
