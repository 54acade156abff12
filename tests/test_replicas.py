"""What one process was told, all processes know."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from api.app import create_app
from api.settings import Settings
from tests.mailbox import Mailbox
from tests.people import PASSWORD, Person
from tests.test_auth import (
    be_deactivated,
    be_deleted,
    change_the_password,
    delete_the_session,
    log_out,
    reset_the_password,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def replica(app: FastAPI, settings: Settings) -> AsyncIterator[AsyncClient]:
    """The same database behind a second app, which shares nothing else with the first."""
    second = create_app(settings)
    async with (
        second.router.lifespan_context(second),
        AsyncClient(transport=ASGITransport(second), base_url="http://test/api/v1") as client,
    ):
        yield client


@pytest.mark.parametrize(
    "end", [log_out, delete_the_session, change_the_password, reset_the_password, be_deactivated, be_deleted]
)
async def test_access_ends_everywhere_at_once(
    replica: AsyncClient, ada: Person, admin: Person, mailbox: Mailbox, end: type[object]
) -> None:
    bearer = {"Authorization": ada.headers["authorization"]}
    assert (await replica.get("/users/me", headers=bearer)).status_code == 200

    await end(ada, admin, mailbox)  # type: ignore[call-arg, misc]  # one of the functions above

    assert (await replica.get("/users/me", headers=bearer)).status_code == 401
    assert (await replica.post("/auth/refresh", json={"refresh_token": ada.tokens["refresh_token"]})).status_code == 401


async def test_a_token_of_one_replica_is_good_for_another(replica: AsyncClient, ada: Person, client: AsyncClient) -> None:
    signed_in = await replica.post("/auth/login", json={"username": "ada", "password": PASSWORD})

    answer = await client.get("/users/me", headers={"Authorization": f"Bearer {signed_in.json()['access_token']}"})

    assert answer.json()["username"] == "ada"
