"""What load balancers and monitors are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from opentelemetry import trace

from api import __version__
from api.app import create_app
from api.models.base import utcnow
from api.settings import Settings

pytestmark = pytest.mark.anyio


async def test_health_needs_nothing_but_the_process(client: AsyncClient) -> None:
    answer = await client.get("http://test/health")

    assert (answer.status_code, answer.json()) == (
        200,
        {"ok": True, "status": "healthy", "version": __version__},
    )


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


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("security@example.com", "mailto:security@example.com"),
        ("mailto:security@example.com", "mailto:security@example.com"),
        ("https://example.com/report", "https://example.com/report"),
    ],
)
async def test_those_who_find_a_weakness_learn_whom_to_tell(given: str, shown: str) -> None:
    told = create_app(Settings(_env_file=None, security_contact=given))
    async with AsyncClient(transport=ASGITransport(told), base_url="http://test") as client:
        answer = await client.get("/.well-known/security.txt")

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == shown
    assert timedelta(days=30) < datetime.fromisoformat(fields["Expires"]) - utcnow() < timedelta(days=365)


async def test_without_a_contact_there_is_no_file_of_it(client: AsyncClient) -> None:
    answer = await client.get("http://test/.well-known/security.txt")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("wanted", [True, False])
async def test_requests_are_traced_if_that_is_wanted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, wanted: bool
) -> None:
    spans: list[str] = []

    class Tracer(trace.NoOpTracer):
        def start_span(self, name: str, *arguments: Any, **options: Any) -> trace.Span:
            spans.append(name)
            return super().start_span(name, *arguments, **options)

        @contextmanager
        def start_as_current_span(  # type: ignore[override]
            self, name: str, *_: Any, **__: Any
        ) -> Iterator[trace.Span]:
            spans.append(name)
            yield trace.INVALID_SPAN

    class Tracers(trace.TracerProvider):
        def get_tracer(self, *_: Any, **__: Any) -> trace.Tracer:
            return Tracer()

    monkeypatch.setattr("opentelemetry.trace.get_tracer_provider", Tracers)
    app = create_app(settings.model_copy(update={"telemetry": wanted}))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        await client.get("/health")

    assert bool(spans) == wanted
    assert {"fastapi.dependencies", "fastapi.endpoint"} <= set(spans) or not wanted
