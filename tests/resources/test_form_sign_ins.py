"""Signing in with a form, as OAuth2 clients do: at /auth/token, and at /auth/login beside JSON."""

from contextlib import AsyncExitStack

import pytest
from httpx import AsyncClient

from api.settings import Settings
from tests.resources.test_auth import code
from tests.support.described import DOCUMENT
from tests.support.people import PASSWORD, Person
from tests.support.visitors import House

pytestmark = pytest.mark.anyio

ADA = {"username": "ada", "password": PASSWORD}
both = pytest.mark.parametrize("path", ["/auth/login", "/auth/token"])


@both
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"grant_type": "password"},
        {"grant_type": "", "scope": "", "client_id": "", "client_secret": ""},
        {"grant_type": "password", "scope": "a b", "client_id": "app", "client_secret": "s"},
        {"username": "ADA@example.com"},
    ],
)
async def test_a_form_signs_in(client: AsyncClient, ada: Person, path: str, more: dict[str, str]) -> None:
    answer = await client.post(path, data=ADA | more)

    assert answer.status_code == 200, answer.text
    assert (answer.json()["token_type"], answer.headers["cache-control"]) == ("bearer", "no-store")
    ada.bear(answer.json())
    assert (await ada.get("/users/me")).json()["username"] == "ada"
    assert (
        await client.post("/auth/refresh", json={"refresh_token": answer.json()["refresh_token"]})
    ).status_code == 200


@both
@pytest.mark.parametrize("field", ["username", "password", "transport"])
async def test_a_field_is_sent_once(client: AsyncClient, ada: Person, path: str, field: str) -> None:
    twice = {**ADA, "transport": "body", field: ["x", (ADA | {"transport": "body"})[field]]}
    answer = await client.post(path, data=twice)

    assert code(answer) == (422, "invalid_request")
    assert [(one["loc"], one["type"]) for one in answer.json()["errors"]] == [(["body", field], "duplicate")]


@both
async def test_a_form_may_ask_for_the_cookie(client: AsyncClient, ada: Person, path: str) -> None:
    answer = await client.post(path, data=ADA | {"transport": "cookie"})

    assert answer.json()["refresh_token"] is None
    cookies = answer.headers.get_list("set-cookie")
    assert sorted(cookie.partition("=")[0] for cookie in cookies) == ["device", "refresh_token"]


@both
@pytest.mark.parametrize(
    ("form", "loc", "type"),
    [
        ({"username": "ada"}, ["body", "password"], "missing"),
        (ADA | {"username": ""}, ["body", "username"], "missing"),
        (ADA | {"grant_type": "refresh_token"}, ["body", "grant_type"], "literal_error"),
        (ADA | {"role": "admin"}, ["body", "role"], "extra_forbidden"),
        (ADA | {"transport": "pigeon"}, ["body", "transport"], "enum"),
        (ADA | {"username": "x" * 255}, ["body", "username"], "string_too_long"),
    ],
)
async def test_a_wrong_form_is_refused_by_its_field(
    client: AsyncClient, ada: Person, path: str, form: dict[str, str], loc: list[str], type: str
) -> None:
    answer = await client.post(path, data=form)

    assert code(answer) == (422, "invalid_request")
    assert [(error["loc"], error["type"]) for error in answer.json()["errors"]] == [(loc, type)]


async def test_a_form_and_json_get_the_same_refusals(client: AsyncClient, ada: Person) -> None:
    wrong = ADA | {"password": "wrong"}
    by_form, by_json = (
        await client.post("/auth/login", data=wrong),
        await client.post("/auth/login", json=wrong),
    )
    assert by_form.status_code == by_json.status_code == 401
    assert by_form.json() == by_json.json()

    for body in (b"", b"%ff=%00", b"&&&", b"username"):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        assert code(await client.post("/auth/login", content=body, headers=headers)) == (
            422,
            "invalid_request",
        )
    for kind in ("multipart/form-data; boundary=x", "text/plain"):
        answer = await client.post("/auth/login", content=b"{}", headers={"Content-Type": kind})
        assert code(answer) == (415, "unsupported_media_type")
    large = ADA | {"scope": "x" * 9000}
    assert code(await client.post("/auth/login", data=large)) == (413, "too_large")


async def test_wrong_passwords_count_alike_in_forms_and_json(settings: Settings, ada: Person) -> None:
    async with AsyncExitStack() as stack:
        house = House(settings, stack)
        stranger = await house.visitor(house.open())
        for _ in range(2):
            assert (await stranger.post("/auth/login", data=ADA | {"password": "wrong"})).status_code == 401
        assert (await stranger.try_password("ada")).status_code == 401

        assert (await stranger.post("/auth/login", data=ADA)).status_code == 429
        assert (await stranger.post("/auth/login", json=ADA)).status_code == 429


def test_the_document_names_json_only() -> None:
    """Generators write code that fails for an operation with two media types."""
    body = DOCUMENT["paths"]["/api/v1/auth/login"]["post"]["requestBody"]

    assert list(body["content"]) == ["application/json"]
