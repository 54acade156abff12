"""What one process was told, all processes know."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from tests.resources.test_auth import (
    be_deactivated,
    be_deleted,
    change_the_password,
    delete_the_session,
    log_out,
    reset_the_password,
)
from tests.support.mailbox import Mailbox
from tests.support.people import PASSWORD, Person

pytestmark = pytest.mark.anyio


@pytest.fixture
async def elsewhere(replica: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(replica), base_url="http://test/api/v1") as client:
        yield client


@pytest.mark.parametrize(
    "end", [log_out, delete_the_session, change_the_password, reset_the_password, be_deactivated, be_deleted]
)
async def test_access_ends_everywhere_at_once(
    elsewhere: AsyncClient, ada: Person, admin: Person, mailbox: Mailbox, end: type[object]
) -> None:
    bearer = {"Authorization": ada.headers["authorization"]}
    assert (await elsewhere.get("/users/me", headers=bearer)).status_code == 200

    await end(ada, admin, mailbox)  # type: ignore[call-arg, misc]  # one of the functions above

    assert (await elsewhere.get("/users/me", headers=bearer)).status_code == 401
    assert (
        await elsewhere.post("/auth/refresh", json={"refresh_token": ada.tokens["refresh_token"]})
    ).status_code == 401


async def test_a_token_of_one_replica_is_good_for_another(
    elsewhere: AsyncClient, ada: Person, client: AsyncClient
) -> None:
    signed_in = await elsewhere.post("/auth/login", json={"username": "ada", "password": PASSWORD})

    answer = await client.get(
        "/users/me", headers={"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    )

    assert answer.json()["username"] == "ada"
