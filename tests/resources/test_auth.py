"""What registering, signing in and staying signed in promise."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from passlib.context import CryptContext

from api.app import create_app
from api.models.base import utcnow
from api.security import verify_password
from api.settings import Settings
from tests.conftest import MakePerson
from tests.support.mailbox import Mailbox
from tests.support.people import PASSWORD, Person

pytestmark = pytest.mark.anyio

GRACE = {"username": "grace", "email": "grace@example.com", "password": PASSWORD}
NEW = "another horse entirely"

SPELLINGS = [
    "ada.l@example.com",
    "ADA.L@example.com",
    "Ada.L@Example.COM",
    " ada.l@example.com",
    "ada.l@example.com ",
    "ada.l@EXAMPLE.com",
    "aDa.l@example.com",
    "adA.L@eXample.com",
    "ａda.l@example.com",  # noqa: RUF001  full-width a
    "ada.Ｌ@example.com",  # noqa: RUF001
    "ada.l@ｅxample.com",  # noqa: RUF001
    "ada.l@example。com",
    "𝐚da.l@example.com",  # noqa: RUF001  mathematical a
    "ⓐda.l@example.com",
    "ada.ℓ@example.com",  # noqa: RUF001  script l
]


async def sign_in(client: AsyncClient, login: str, password: str = PASSWORD, **more: str) -> Response:
    return await client.post("/auth/login", json={"username": login, "password": password, **more})


async def refresh(client: AsyncClient, token: str) -> Response:
    return await client.post("/auth/refresh", json={"refresh_token": token})


def code(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_registering_signs_in_and_asks_to_confirm_the_address(
    client: AsyncClient, mailbox: Mailbox
) -> None:
    answer = await client.post("/auth/register", json=GRACE)

    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/users/me"
    assert mailbox.subjects("grace@example.com") == ["Confirm your address"]
    me = await client.get("/users/me", headers={"Authorization": f"Bearer {answer.json()['access_token']}"})
    assert (
        me.json() | {"username": "grace", "email": "grace@example.com", "email_verified": False} == me.json()
    )
    assert me.json()["role"]["name"] == "user"
    assert "password" not in me.text


@pytest.mark.parametrize(
    "field", ["role", "is_active", "email_verified", "id", "role_id", "hashed_password", "created_at"]
)
async def test_nobody_registers_as_more_than_a_user(client: AsyncClient, field: str) -> None:
    answer = await client.post("/auth/register", json={**GRACE, field: "admin"})

    assert code(answer) == (422, "invalid_request")
    assert answer.json()["errors"] == [
        {"loc": ["body", field], "msg": "This is not known here. Remove it.", "type": "extra_forbidden"}
    ]
    assert code(await sign_in(client, "grace")) == (401, "invalid_credentials")


@pytest.mark.parametrize("login", ["grace", "GRACE", "ｇrace", "grace@example.com", "Grace@EXAMPLE.com"])  # noqa: RUF001
async def test_name_and_address_both_sign_in(client: AsyncClient, login: str) -> None:
    await client.post("/auth/register", json=GRACE)

    assert (await sign_in(client, login)).status_code == 200
    assert (
        await client.post("/auth/token", data={"username": login, "password": PASSWORD})
    ).status_code == 200


async def test_fifty_registrations_of_one_address_make_one_account(
    client: AsyncClient, admin: Person
) -> None:
    bodies = [GRACE | {"username": f"n{n}", "email": SPELLINGS[n % len(SPELLINGS)]} for n in range(50)]

    answers = await asyncio.gather(*(client.post("/auth/register", json=body) for body in bodies))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
    taken = next(answer for answer in answers if answer.status_code == 409).json()
    assert (taken["code"], taken["errors"][0]["loc"]) == ("already_exists", ["body", "email"])
    assert (await admin.get("/users", params={"q": "l@", "count": True})).json()["total"] == 1


async def test_names_that_look_alike_are_the_same_name(client: AsyncClient) -> None:
    await client.post("/auth/register", json=GRACE)

    answer = await client.post(
        "/auth/register", json=GRACE | {"username": "GRACE", "email": "other@example.com"}
    )

    assert code(answer) == (409, "already_exists")
    assert answer.json()["errors"][0]["loc"] == ["body", "username"]


async def test_a_wrong_name_and_a_wrong_password_look_the_same(
    client: AsyncClient, ada: Person, admin: Person
) -> None:
    wrong_password = await sign_in(client, "ada", "wrong")
    nobody = await sign_in(client, "nobody", "wrong")
    await admin.patch(f"/users/{ada.id}", json={"is_active": False})
    inactive = await sign_in(client, "ada")

    assert wrong_password.json() == nobody.json() == inactive.json()
    assert code(nobody) == (401, "invalid_credentials")


async def test_an_unknown_name_costs_a_hash_too(
    client: AsyncClient, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: whoever signs in, one password is hashed and compared."""
    hashes: list[str] = []
    verify = CryptContext.verify

    def count(self: CryptContext, secret: str, hashed: str) -> bool:
        hashes.append(hashed)
        return verify(self, secret, hashed)

    monkeypatch.setattr(CryptContext, "verify", count)

    for login in ("ada", "nobody", "nobody@example.com"):
        hashes.clear()
        await sign_in(client, login, "wrong")
        assert len(hashes) == 1, login


async def test_a_refresh_token_works_once_and_its_reuse_ends_the_family(
    client: AsyncClient, ada: Person
) -> None:
    first = ada.tokens["refresh_token"]
    second = (await refresh(client, first)).json()["refresh_token"]
    third = (await refresh(client, second)).json()
    ada.bear(third)
    assert (await ada.get("/users/me")).status_code == 200

    assert code(await refresh(client, first)) == (401, "token_reused")

    assert code(await refresh(client, third["refresh_token"])) == (401, "invalid_token")
    assert code(await ada.get("/users/me")) == (401, "invalid_token")


async def test_reuse_ends_only_its_own_family(client: AsyncClient, ada: Person) -> None:
    phone = (await sign_in(client, "ada")).json()
    first = ada.tokens["refresh_token"]
    second = (await refresh(client, first)).json()
    await refresh(client, first)

    assert code(await refresh(client, second["refresh_token"])) == (401, "invalid_token")
    assert (await refresh(client, phone["refresh_token"])).status_code == 200


async def test_fifty_refreshes_at_once_leave_one_live_chain(client: AsyncClient, ada: Person) -> None:
    token = ada.tokens["refresh_token"]

    answers = await asyncio.gather(*(refresh(client, token) for _ in range(50)))

    won = [answer for answer in answers if answer.status_code == 200]
    assert len(won) == 1
    assert {code(answer) for answer in answers if answer not in won} == {(401, "token_reused")}
    # On a real network the last of them may come after the first was answered, and before its token was used.
    assert code(await refresh(client, token)) == (401, "token_reused")
    second = (await refresh(client, won[0].json()["refresh_token"])).json()
    assert second["access_token"]

    assert code(await refresh(client, token)) == (401, "token_reused")
    assert code(await refresh(client, second["refresh_token"])) == (401, "invalid_token")


async def test_whoever_comes_long_after_a_burst_is_no_part_of_it(
    client: AsyncClient, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = ada.tokens["refresh_token"]
    answers = await asyncio.gather(refresh(client, token), refresh(client, token))
    won = max(answers, key=lambda answer: answer.is_success)

    monkeypatch.setattr("api.flows.sign_ins.REUSE_GRACE", -1.0)  # as if that time had passed
    await refresh(client, token)

    assert code(await refresh(client, won.json()["refresh_token"])) == (401, "invalid_token")


async def test_a_request_that_was_held_open_until_the_token_was_used_is_no_part_of_a_burst(
    client: AsyncClient, ada: Person
) -> None:
    token, begun, used = ada.tokens["refresh_token"], asyncio.Event(), asyncio.Event()

    async def slow_body() -> AsyncIterator[bytes]:
        begun.set()
        await used.wait()
        yield json.dumps({"refresh_token": token}).encode()

    headers = {"Content-Type": "application/json"}
    slow = asyncio.create_task(client.post("/auth/refresh", content=slow_body(), headers=headers))
    await begun.wait()
    won = await refresh(client, token)
    used.set()

    assert code(await slow) == (401, "token_reused")
    assert code(await refresh(client, won.json()["refresh_token"])) == (401, "invalid_token")


@pytest.mark.parametrize("token", ["", "x", "a" * 200, "'; DROP TABLE users; --"])
async def test_what_is_no_refresh_token_is_refused(client: AsyncClient, token: str) -> None:
    assert code(await refresh(client, token)) == (401, "invalid_token")


async def test_a_refresh_without_any_token_is_refused(client: AsyncClient) -> None:
    assert code(await client.post("/auth/refresh")) == (401, "invalid_token")


async def test_an_expired_session_is_not_refreshed_nor_kept(
    client: AsyncClient, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("api.flows.sign_ins", "api.routers.auth"):
        monkeypatch.setattr(f"{module}.utcnow", lambda: utcnow() + timedelta(days=31))

    assert code(await refresh(client, ada.tokens["refresh_token"])) == (401, "invalid_token")
    assert (await ada.get("/auth/sessions")).json()["items"] == []
    ada.bear((await sign_in(client, "ada")).json())
    assert len((await ada.get("/users/me/export")).json()["user_sessions"]) == 1


async def test_a_session_ends_however_often_it_is_refreshed(
    client: AsyncClient, settings: Settings, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, statuses = ada.tokens["refresh_token"], []
    for day in (25, 50, 75, 89, 91):
        monkeypatch.setattr("api.flows.sign_ins.utcnow", lambda day=day: utcnow() + timedelta(days=day))
        answer = await refresh(client, token)
        statuses.append(answer.status_code)
        token = answer.json().get("refresh_token", token)
        if day == 75:
            [session] = (await ada.get("/auth/sessions")).json()["items"]
            made, ends = (datetime.fromisoformat(session[name]) for name in ("created_at", "expires_at"))
            assert ends - made == timedelta(days=settings.session_lifetime_days)

    assert statuses == [200, 200, 200, 200, 401]


async def test_a_shorter_lifetime_applies_to_sessions_that_exist(
    app: FastAPI, settings: Settings, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorter = create_app(settings.model_copy(update={"session_lifetime_days": 1}))
    monkeypatch.setattr("api.flows.sign_ins.utcnow", lambda: utcnow() + timedelta(days=2))

    async with shorter.router.lifespan_context(shorter), ada.through(shorter) as there:
        assert code(await refresh(there, ada.tokens["refresh_token"])) == (401, "invalid_token")


async def test_the_cookie_transport_keeps_the_refresh_token_from_scripts(
    client: AsyncClient, ada: Person
) -> None:
    answer = await sign_in(client, "ada", transport="cookie")

    cookie = answer.headers["set-cookie"]
    assert answer.json()["refresh_token"] is None
    for part in ("HttpOnly", "SameSite=strict", "Path=/api/v1/auth", "Secure", "Max-Age=2592000"):
        assert part in cookie
    secret = cookie.split(";")[0]

    renewed = await client.post("/auth/refresh", headers={"Cookie": secret})
    assert renewed.status_code == 200
    assert renewed.json()["refresh_token"] is None
    assert "refresh_token=" in renewed.headers["set-cookie"]
    assert secret not in renewed.headers["set-cookie"]
    assert code(await client.post("/auth/refresh", headers={"Cookie": secret})) == (401, "token_reused")


async def test_signing_out_takes_the_cookie_away(ada: Person) -> None:
    answer = await ada.post("/auth/logout")

    assert answer.status_code == 204
    assert 'refresh_token=""' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]


async def test_signing_out_leaves_the_cookie_of_a_later_sign_in(
    client: AsyncClient, ada: Person, bob: Person
) -> None:
    body = {"username": "bob", "password": PASSWORD, "transport": "cookie"}
    theirs = (await client.post("/auth/login", json=body)).headers["set-cookie"].split(";")[0]

    answer = await ada.post("/auth/logout", headers={"Cookie": theirs})

    assert (answer.status_code, "set-cookie" in answer.headers) == (204, False)
    assert (await client.post("/auth/refresh", headers={"Cookie": theirs})).status_code == 200


async def test_sessions_are_listed_with_the_current_one_marked(
    client: AsyncClient, ada: Person, bob: Person
) -> None:
    await client.post(
        "/auth/login", json={"username": "ada", "password": PASSWORD}, headers={"User-Agent": "Phone\x07 1"}
    )

    page = (await ada.get("/auth/sessions", params={"count": True})).json()

    assert page["total"] == 2
    assert [(session["current"], session["user_agent"]) for session in page["items"]] == [
        (False, "Phone 1"),
        (True, ada.headers["user-agent"]),
    ]


async def test_a_strangers_session_does_not_exist(ada: Person, bob: Person) -> None:
    theirs = (await ada.get("/auth/sessions")).json()["items"][0]["id"]

    assert code(await bob.delete(f"/auth/sessions/{theirs}")) == (404, "not_found")
    assert (await ada.get("/users/me")).status_code == 200


async def test_signing_out_the_others_leaves_this_one(client: AsyncClient, ada: Person) -> None:
    phone = (await sign_in(client, "ada")).json()

    assert (await ada.delete("/auth/sessions")).status_code == 204

    assert (await ada.get("/users/me")).status_code == 200
    assert code(await refresh(client, phone["refresh_token"])) == (401, "invalid_token")
    assert len((await ada.get("/auth/sessions")).json()["items"]) == 1


async def test_signing_out_of_one_device_leaves_the_others(client: AsyncClient, ada: Person) -> None:
    phone = (await sign_in(client, "ada")).json()
    path = f"/auth/sessions/{(await ada.get('/auth/sessions')).json()['items'][0]['id']}"

    assert (await ada.delete(path)).status_code == 204
    assert code(await refresh(client, phone["refresh_token"])) == (401, "invalid_token")
    assert code(await ada.delete(path)) == (404, "not_found")

    phone = (await sign_in(client, "ada")).json()
    assert (await ada.post("/auth/logout")).status_code == 204
    assert (await refresh(client, phone["refresh_token"])).status_code == 200


async def log_out(ada: Person, admin: Person, mailbox: Mailbox) -> Response:
    return await ada.post("/auth/logout")


async def delete_the_session(ada: Person, admin: Person, mailbox: Mailbox) -> Response:
    return await ada.delete(f"/auth/sessions/{(await ada.get('/auth/sessions')).json()['items'][0]['id']}")


async def change_the_password(ada: Person, admin: Person, mailbox: Mailbox) -> Response:
    return await ada.put("/users/me/password", json={"current_password": ada.password, "new_password": NEW})


async def reset_the_password(ada: Person, admin: Person, mailbox: Mailbox) -> Response:
    await ada.post("/auth/password/forgot", json={"email": ada.email})
    token = mailbox.token(ada.email, "Reset your password")
    return await ada.post("/auth/password/reset", json={"token": token, "new_password": NEW})


async def be_deactivated(ada: Person, admin: Person, mailbox: Mailbox) -> Response:
    return await admin.patch(f"/users/{ada.id}", json={"is_active": False})


async def be_deleted(ada: Person, admin: Person, mailbox: Mailbox) -> Response:
    return await admin.delete(f"/users/{ada.id}")


@pytest.mark.parametrize(
    "end", [log_out, delete_the_session, change_the_password, reset_the_password, be_deactivated, be_deleted]
)
async def test_access_ends_at_once(
    client: AsyncClient,
    ada: Person,
    admin: Person,
    mailbox: Mailbox,
    end: Callable[[Person, Person, Mailbox], Awaitable[Response]],
) -> None:
    assert (await end(ada, admin, mailbox)).is_success

    assert code(await ada.get("/users/me")) == (401, "invalid_token")
    assert code(await refresh(client, ada.tokens["refresh_token"])) == (401, "invalid_token")


async def test_a_password_changed_during_a_sign_in_does_not_leave_a_session_behind(
    client: AsyncClient, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def verify_slowly(password: str, hashed: str | None, settings: Settings, **options: Any) -> bool:
        right = await verify_password(password, hashed, settings, **options)
        await change_the_password(ada, ada, Mailbox())
        return right

    monkeypatch.setattr("api.flows.sign_ins.verify_password", verify_slowly)

    assert code(await sign_in(client, "ada")) == (401, "invalid_credentials")


async def test_a_forgotten_password_is_reset_once_by_mail(
    client: AsyncClient, ada: Person, mailbox: Mailbox
) -> None:
    assert (await client.post("/auth/password/forgot", json={"email": "ADA@example.com"})).status_code == 202
    token = mailbox.token(ada.email, "Reset your password")
    body = {"token": token, "new_password": NEW}

    assert code(await client.post("/auth/password/reset", json=body | {"new_password": "short"})) == (
        422,
        "invalid_request",
    )
    assert (await client.post("/auth/password/reset", json=body)).status_code == 204

    assert code(await client.post("/auth/password/reset", json=body)) == (401, "invalid_token")
    assert code(await sign_in(client, "ada")) == (401, "invalid_credentials")
    renewed = await sign_in(client, "ada", NEW)
    me = await client.get("/users/me", headers={"Authorization": f"Bearer {renewed.json()['access_token']}"})
    assert me.json()["email_verified"] is True  # whoever has the letter has the address
    assert mailbox.subjects(ada.email)[-1] == "Your password was changed"


@pytest.mark.parametrize("change", [{"email": "new@example.com"}, {"is_active": False}])
async def test_a_mailed_link_ends_with_the_address_and_the_account(
    client: AsyncClient, ada: Person, admin: Person, mailbox: Mailbox, change: dict[str, Any]
) -> None:
    await client.post("/auth/password/forgot", json={"email": ada.email})

    await admin.patch(f"/users/{ada.id}", json=change)

    reset = {"token": mailbox.token(ada.email, "Reset your password"), "new_password": NEW}
    verify = {"token": mailbox.token(ada.email, "Confirm your address")}
    assert code(await client.post("/auth/password/reset", json=reset)) == (401, "invalid_token")
    assert code(await client.post("/auth/email/verify", json=verify)) == (401, "invalid_token")


async def test_forgetting_answers_the_same_whether_or_not_there_is_an_account(
    client: AsyncClient, ada: Person, bob: Person, admin: Person, mailbox: Mailbox
) -> None:
    await admin.patch(f"/users/{bob.id}", json={"is_active": False})
    mailbox.letters.clear()

    answers = [
        await client.post("/auth/password/forgot", json={"email": email})
        for email in (ada.email, bob.email, "nobody@example.com")
    ]

    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b"")}
    assert [letter["To"] for letter in mailbox.letters] == [ada.email]


async def test_an_address_is_confirmed_once_by_mail(
    client: AsyncClient, ada: Person, mailbox: Mailbox
) -> None:
    token = mailbox.token(ada.email, "Confirm your address")

    assert (await client.post("/auth/email/verify", json={"token": token})).status_code == 204

    assert (await ada.get("/users/me")).json()["email_verified"] is True
    assert code(await client.post("/auth/email/verify", json={"token": token})) == (401, "invalid_token")
    mailbox.letters.clear()
    assert (await ada.post("/auth/email/verify/request")).status_code == 202
    assert mailbox.letters == []


async def test_the_confirming_letter_can_be_asked_for_again(ada: Person, mailbox: Mailbox) -> None:
    mailbox.letters.clear()

    assert (await ada.post("/auth/email/verify/request")).status_code == 202

    assert mailbox.subjects(ada.email) == ["Confirm your address"]
    await ada.put("/users/me/email", json={"email": "new@example.com", "current_password": PASSWORD})
    assert (await ada.post("/auth/email/verify/request")).status_code == 202
    assert mailbox.subjects("new@example.com") == ["Confirm your address"] * 2


@pytest.mark.parametrize("path", ["/auth/email/verify", "/auth/password/reset"])
async def test_a_token_of_another_kind_confirms_nothing(
    client: AsyncClient, ada: Person, mailbox: Mailbox, path: str
) -> None:
    await client.post("/auth/password/forgot", json={"email": ada.email})
    wrong = "Reset your password" if path.endswith("verify") else "Confirm your address"
    more = {} if path.endswith("verify") else {"new_password": NEW}

    for token in (mailbox.token(ada.email, wrong), ada.tokens["access_token"], "x"):
        assert code(await client.post(path, json={"token": token, **more})) == (401, "invalid_token")


async def test_letters_say_it_in_text_and_in_html(ada: Person, mailbox: Mailbox) -> None:
    letter = mailbox.letters[0]

    text, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert page is not None
    token = mailbox.token(ada.email, "Confirm your address")
    assert f"http://localhost:8000/account/verify-email#token={token}" in text.get_content()
    assert f'href="http://localhost:8000/account/verify-email#token={token}"' in page.get_content()


async def test_a_hostile_name_is_harmless_in_html(
    client: AsyncClient, person: MakePerson, mailbox: Mailbox
) -> None:
    eve = await person(username="eve", first_name="<script>alert(1)</script>")
    token = mailbox.token(eve.email, "Confirm your address")
    await client.post("/auth/email/verify", json={"token": token})
    await client.post("/auth/password/forgot", json={"email": eve.email})

    page = mailbox.letters[-1].get_body(("html",))
    assert page is not None
    assert "<script>" not in page.get_content()
    assert "&lt;script&gt;" in page.get_content()
