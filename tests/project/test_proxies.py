"""The server behind proxies, and without any: forged headers move nobody to another address."""

from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient, Response

from tests.project.test_deployment import Image, app_folder, ready, running
from tests.support.people import PASSWORD
from tools.servers import free_port

pytestmark = [pytest.mark.anyio, pytest.mark.heavy]

__all__ = ["app_folder"]  # a fixture

ADA = {"username": "ada", "email": "ada@example.com", "password": PASSWORD, "transport": "cookie"}


async def ask(client: AsyncClient, path: str, forwarded: str, **body: Any) -> Response:
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
    return await client.post(f"/api/v1/auth/{path}", json=body, headers=headers)


@pytest.mark.parametrize("proxies", [0, 1])
async def test_a_real_server_counts_trusted_proxies(app_folder: Path, tmp_path: Path, proxies: int) -> None:
    port = str(free_port())
    given = {
        "PORT": port,
        "HOST": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{tmp_path}/proxies.db",
        "DEMO_DATA": "false",
        "PASSWORD_HASH_ROUNDS": "4",
        "TRUSTED_PROXIES": str(proxies),
        "FORWARDED_ALLOW_IPS": "*",
        "RATE_LIMIT_FAILURES_ADDRESS": "3/hour",
    }
    async with (
        running(Image.command, given, app_folder) as server,
        AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client,
    ):
        await server.until(ready(client, []))
        joined = await ask(client, "register", "9.9.9.9, 203.0.113.9", **ADA)
        bearer = {"Authorization": f"Bearer {joined.json()['access_token']}"}
        sessions = (await client.get("/api/v1/auth/sessions", headers=bearer)).json()["items"]
        guesses = [
            await ask(client, "login", f"198.51.100.{n}, 203.0.113.7", username=f"u{n}", password="wrong")
            for n in range(5)
        ]
        neighbour = await ask(client, "login", "9.9.9.9, 203.0.113.8", username="u", password="wrong")

    assert sessions[0]["ip_address"] == ("203.0.113.9" if proxies else "127.0.0.1")
    assert ("Secure" in joined.headers["set-cookie"]) is bool(proxies)
    assert [guess.status_code for guess in guesses] == [401, 401, 401, 429, 429]
    assert neighbour.status_code == (401 if proxies else 429)
