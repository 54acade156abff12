"""What registering, signing in and staying signed in promise."""

import pytest
from httpx import AsyncClient

from tests.mailbox import Mailbox
from tests.people import PASSWORD

pytestmark = pytest.mark.anyio

GRACE = {"username": "grace", "email": "grace@example.com", "password": PASSWORD}


async def test_registering_signs_in_and_asks_to_confirm_the_address(client: AsyncClient, mailbox: Mailbox) -> None:
    answer = await client.post("/auth/register", json=GRACE)

    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/users/me"
    assert mailbox.subjects("grace@example.com") == ["Confirm your address"]
    me = await client.get("/users/me", headers={"Authorization": f"Bearer {answer.json()['access_token']}"})
    assert me.json() | {"username": "grace", "email": "grace@example.com", "email_verified": False} == me.json()
    assert me.json()["role"]["name"] == "user"
    assert "password" not in me.text


@pytest.mark.parametrize("login", ["grace", "GRACE", "grace@example.com", "Grace@EXAMPLE.com"])
async def test_name_and_address_both_sign_in(client: AsyncClient, login: str) -> None:
    await client.post("/auth/register", json=GRACE)

    assert (await client.post("/auth/login", json={"username": login, "password": PASSWORD})).status_code == 200
    assert (await client.post("/auth/token", data={"username": login, "password": PASSWORD})).status_code == 200
