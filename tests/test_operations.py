"""What load balancers and monitors are told."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from api import __version__

pytestmark = pytest.mark.anyio


async def test_health_needs_nothing_but_the_process(client: AsyncClient) -> None:
    answer = await client.get("http://test/health")

    assert (answer.status_code, answer.json()) == (200, {"ok": True, "status": "healthy", "version": __version__})


async def test_ready_says_that_the_database_answers(client: AsyncClient) -> None:
    answer = await client.get("http://test/ready")

    assert (answer.status_code, answer.json()) == (200, {"ok": True, "degraded": []})


async def test_a_process_that_is_about_to_end_is_not_ready(app: FastAPI, client: AsyncClient) -> None:
    app.state.draining = True
    try:
        answer = await client.get("http://test/ready")
    finally:
        app.state.draining = False

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert (await client.get("http://test/health")).status_code == 200
