"""Nobody takes over an account: neither an administrator in silence, nor by a letter from before."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient

from tests.conftest import MakePerson
from tests.support.described import ROUTES
from tests.support.mailbox import Mailbox
from tests.support.people import PASSWORD, Person
from tests.support.resources import methods, path

pytestmark = pytest.mark.anyio

NEW = "another horse entirely"
CLERK = {"name": "clerk", "permissions": ["users:read", "users:write"]}
CONFIRM, RESET, CHANGING = "Confirm your address", "Reset your password", "Your address will change"
GOVERNING = [
    (method, path(route))
    for route in ROUTES
    for method in methods(route) - {"GET"}
    if "/users/{id}" in path(route)
]


@pytest.fixture
async def clerk(admin: Person, person: MakePerson) -> Person:
    await admin.post("/roles", json=CLERK)
    return await person(username="carl", role="clerk")


async def confirm(client: AsyncClient, token: str) -> int:
    return (await client.post("/auth/email/verify", json={"token": token})).status_code


async def reset(client: AsyncClient, token: str) -> int:
    body = {"token": token, "new_password": NEW}
    return (await client.post("/auth/password/reset", json=body)).status_code


async def sign_in(client: AsyncClient, login: str, password: str = PASSWORD) -> int:
    body = {"username": login, "password": password}
    return (await client.post("/auth/login", json=body)).status_code


async def test_an_address_set_by_an_admin_is_confirmed_by_its_owner(
    admin: Person, ada: Person, client: AsyncClient, mailbox: Mailbox
) -> None:
    answer = await admin.patch(
        f"/users/{ada.id}", json={"email": "new@example.com", "email_verified": True, "last_name": "King"}
    )

    shown = answer.json()
    assert (answer.status_code, shown["last_name"], shown["email_verified"]) == (200, "King", True)
    assert (shown["email"], shown["pending_email"]) == (ada.email, "new@example.com")
    assert await sign_in(client, "new@example.com") == 401
    assert await confirm(client, mailbox.token("new@example.com", CONFIRM)) == 204
    shown = (await admin.get(f"/users/{ada.id}")).json()
    assert (shown["email"], shown["pending_email"], shown["email_verified"]) == (
        "new@example.com",
        None,
        True,
    )


async def test_the_old_address_is_told_and_the_sign_ins_end(
    admin: Person, ada: Person, client: AsyncClient, mailbox: Mailbox
) -> None:
    await admin.patch(f"/users/{ada.id}", json={"email_verified": True})

    await admin.patch(f"/users/{ada.id}", json={"email": "new@example.com"})

    assert mailbox.subjects(ada.email)[-1] == CHANGING
    assert "new@example.com" in mailbox.text(ada.email, CHANGING)
    assert (await ada.get("/users/me")).status_code == 401
    refresh = {"refresh_token": ada.tokens["refresh_token"]}
    assert (await client.post("/auth/refresh", json=refresh)).status_code == 401
    await client.post("/auth/password/forgot", json={"email": ada.email})  # as the letter advises
    assert await reset(client, mailbox.token(ada.email, RESET)) == 204
    assert await confirm(client, mailbox.token("new@example.com", CONFIRM)) == 401


async def test_an_address_that_another_account_has_is_refused(
    admin: Person, ada: Person, bob: Person, mailbox: Mailbox
) -> None:
    mailbox.letters.clear()

    answer = await admin.patch(f"/users/{ada.id}", json={"email": bob.email.upper()})

    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (409, ["body", "email"])
    assert (await ada.get("/users/me")).json()["pending_email"] is None
    assert mailbox.letters == []


async def test_ones_own_address_needs_the_password_whatever_the_route(admin: Person) -> None:
    answer = await admin.patch(f"/users/{admin.id}", json={"email": "thief@example.com", "last_name": "X"})

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    me = (await admin.get("/users/me")).json()
    assert (me["pending_email"], me["last_name"]) == (None, None)


@pytest.mark.parametrize(("method", "at"), GOVERNING)
async def test_nobody_touches_an_account_that_may_do_more(
    admin: Person, staff: Person, clerk: Person, method: str, at: str
) -> None:
    for person in (admin, staff):
        before = (await person.get("/users/me")).json()
        bodies: list[Any] = [{}, {"email": "mine@example.com"}, {"is_active": False}, {"role": "user"}]
        for body in bodies if method == "PATCH" else [None]:
            url = f"http://test{at.format(id=person.id)}"
            assert (await clerk.request(method, url, json=body)).status_code == 403
        assert (await person.get("/users/me")).json() == before


async def test_routes_that_govern_accounts_are_found() -> None:
    assert {method for method, _ in GOVERNING} >= {"PATCH", "DELETE"}


async def promote(admin: Person, user: Person) -> None:
    await admin.patch(f"/users/{user.id}", json={"role": "staff"})


async def strengthen(admin: Person, user: Person) -> None:
    roles = (await admin.get("/roles", params={"q": "user"})).json()["items"]
    [id] = [role["id"] for role in roles if role["name"] == "user"]
    await admin.patch(f"/roles/{id}", json={"permissions": ["records:read"]})


@pytest.mark.parametrize("grow", [promote, strengthen])
async def test_a_letter_from_before_a_promotion_gains_nothing(
    admin: Person,
    clerk: Person,
    ada: Person,
    client: AsyncClient,
    mailbox: Mailbox,
    grow: Callable[[Person, Person], Awaitable[None]],
) -> None:
    assert (await clerk.patch(f"/users/{ada.id}", json={"email": "mine@example.com"})).status_code == 200
    await client.post("/auth/password/forgot", json={"email": ada.email})

    await grow(admin, ada)

    assert await confirm(client, mailbox.token("mine@example.com", CONFIRM)) == 401
    assert await reset(client, mailbox.token(ada.email, RESET)) == 401


@pytest.mark.parametrize(
    "repair",
    [
        [{"is_active": False}, {"is_active": True}],
        [{"email": "ada@example.com"}],
        [{"email_verified": False}],
        [{"email": "rescued@example.com"}],
    ],
)
async def test_what_was_mailed_before_a_repair_is_void(
    admin: Person, ada: Person, client: AsyncClient, mailbox: Mailbox, repair: list[dict[str, Any]]
) -> None:
    thief = {"email": "thief@example.com", "current_password": PASSWORD}
    await client.post("/auth/password/forgot", json={"email": ada.email})
    early = mailbox.token(ada.email, RESET)
    await ada.put("/users/me/email", json=thief)
    await client.post("/auth/password/forgot", json={"email": ada.email})
    tokens = [mailbox.token(ada.email, RESET), early]

    for change in repair:
        assert (await admin.patch(f"/users/{ada.id}", json=change)).status_code == 200

    shown = (await admin.get(f"/users/{ada.id}")).json()
    assert shown["pending_email"] == (
        None if repair[0].get("email") != "rescued@example.com" else shown["pending_email"]
    )
    assert [await reset(client, token) for token in tokens] == [401, 401]
    assert await confirm(client, mailbox.token("thief@example.com", CONFIRM)) == 401
    assert await sign_in(client, ada.email) == 200


async def test_an_unrelated_change_leaves_letters_valid(
    admin: Person, ada: Person, client: AsyncClient, mailbox: Mailbox
) -> None:
    await admin.patch(f"/users/{ada.id}", json={"last_name": "King"})

    assert await confirm(client, mailbox.token(ada.email, CONFIRM)) == 204


async def test_an_account_that_an_admin_created_gets_a_password_of_its_own(
    admin: Person, client: AsyncClient, mailbox: Mailbox
) -> None:
    body = {"username": "grace", "email": "grace@example.com", "password": PASSWORD}
    assert (await admin.post("/users", json=body)).status_code == 201

    assert mailbox.subjects("grace@example.com") == ["Choose your password"]
    assert await reset(client, mailbox.token("grace@example.com", "Choose your password")) == 204
    assert [await sign_in(client, "grace", word) for word in (PASSWORD, NEW)] == [401, 200]


async def test_a_stranger_gets_no_text_that_a_user_has_chosen(
    admin: Person, client: AsyncClient, person: MakePerson, mailbox: Mailbox
) -> None:
    lure = {"username": "lure.example", "first_name": "lure", "last_name": "lure"}
    eve = await person(email="victim@example.com", **lure)
    await client.post("/auth/password/forgot", json={"email": "victim@example.com"})
    wish = {"email": "lure@example.com", "current_password": PASSWORD}
    assert (await eve.put("/users/me/email", json=wish)).status_code == 202
    await eve.post("/auth/email/verify/request")
    await admin.patch(f"/users/{eve.id}", json={"email": "lure@example.org"})
    await client.post("/auth/password/forgot", json={"email": "victim@example.com"})
    await reset(client, mailbox.token("victim@example.com", RESET))
    account = lure | {"username": "lure.two", "email": "second@example.com", "password": PASSWORD}
    assert (await admin.post("/users", json=account)).status_code == 201

    told = [
        letter for letter in mailbox.letters if letter["To"] in {"victim@example.com", "second@example.com"}
    ]
    confirmed = [letter for letter in told if letter["Subject"] == "Your password was changed"]
    assert {str(letter["Subject"]) for letter in told} == {
        CONFIRM, RESET, CHANGING, "Your password was changed", "Choose your password"
    }  # fmt: skip
    assert [
        str(letter["Subject"]) for letter in told if "lure" in str(letter) and letter not in confirmed
    ] == []
