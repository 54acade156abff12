"""What asks for the password again when the sign-in is too long ago."""

from datetime import timedelta

import pytest
from httpx import AsyncClient

from api.models.base import utcnow
from api.settings import Settings
from tests.resources.test_auth import code, refresh, sign_in
from tests.support.people import PASSWORD, Person

pytestmark = pytest.mark.anyio

REQUESTS = (("GET", "/users/me/export"), ("DELETE", "/users/me"))
REQUIRED = (403, "recent_sign_in_required")


@pytest.fixture
def later(ada: Person, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """As if the sign-ins before were too long ago."""
    passed = timedelta(minutes=settings.recent_sign_in_minutes + 1)
    for module in ("recent_sign_ins", "sign_ins"):
        monkeypatch.setattr(f"api.flows.{module}.utcnow", lambda: utcnow() + passed)


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(("method", "path"), REQUESTS)
async def test_an_old_sign_in_neither_deletes_nor_exports_an_account(
    client: AsyncClient, ada: Person, method: str, path: str
) -> None:
    assert code(await ada.request(method, path)) == REQUIRED

    ada.bear((await refresh(client, ada.tokens["refresh_token"])).json())  # with a token issued just now
    assert code(await ada.request(method, path)) == REQUIRED
    assert (await ada.get("/users/me")).status_code == 200

    ada.bear((await sign_in(client, "ada")).json())
    assert (await ada.request(method, path)).is_success


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(("method", "path"), REQUESTS)
async def test_the_password_is_confirmed_in_place_of_a_sign_in(
    client: AsyncClient, ada: Person, method: str, path: str
) -> None:
    confirm = "/users/me/password/confirm"
    phone = (await sign_in(client, "ada")).json()
    await refresh(client, phone["refresh_token"])

    wrong = await ada.post(confirm, json={"current_password": "wrong"})
    assert (wrong.status_code, wrong.json()["errors"][0]["type"]) == (422, "wrong_password")
    assert code(await ada.request(method, path)) == REQUIRED
    assert (await ada.post(confirm, json={"current_password": PASSWORD})).status_code == 204
    assert (await ada.request(method, path)).is_success


async def test_administrators_delete_accounts_after_a_recent_sign_in(
    ada: Person, admin: Person, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    passed = timedelta(minutes=settings.recent_sign_in_minutes + 1)
    with monkeypatch.context() as later:
        later.setattr("api.flows.recent_sign_ins.utcnow", lambda: utcnow() + passed)
        assert code(await admin.delete(f"/users/{ada.id}")) == REQUIRED
        assert code(await admin.delete(f"/users/{admin.id}")) == REQUIRED

    assert (await admin.delete(f"/users/{ada.id}")).status_code == 204


async def test_a_confirmation_is_of_one_session_only(
    client: AsyncClient, ada: Person, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    phone = await sign_in(client, "ada")
    passed = timedelta(minutes=settings.recent_sign_in_minutes + 1)
    monkeypatch.setattr("api.flows.recent_sign_ins.utcnow", lambda: utcnow() + passed)

    await ada.post("/users/me/password/confirm", json={"current_password": PASSWORD})

    there = {"Authorization": f"Bearer {phone.json()['access_token']}"}
    assert code(await client.get("/users/me/export", headers=there)) == REQUIRED
    assert (await ada.get("/users/me/export")).status_code == 200


async def test_guessing_the_password_to_confirm_is_throttled(ada: Person) -> None:
    wrong = {"current_password": "wrong"}
    statuses = [(await ada.post("/users/me/password/confirm", json=wrong)).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]
