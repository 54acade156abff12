"""`python -m api routes` says what leaves the fast path, and why."""

import pytest
from fastapi import Response

from api.__main__ import main
from api.app import create_app
from api.settings import Settings
from api.web import Router
from api.web.report import routes


def test_a_route_that_leaves_the_fast_path_is_shown_with_the_reason() -> None:
    app, router = create_app(Settings(_env_file=None)), Router(prefix="/shown")

    @router.get("/plain")
    async def plain() -> int:
        return 1

    @router.get("/html", response_class=Response)
    async def html() -> str:
        return "1"

    @router.get("/blocking")
    def blocking() -> int:
        return 1

    app.include_router(router)
    found = {line.name: line.reasons for line in routes(app) if "/shown" in line.name}

    assert found == {
        "GET /shown/plain": [],
        "GET /shown/html": ["FastAPI runs it: it declares `response_class`"],
        "GET /shown/blocking": ["FastAPI runs it: blocking is not an async function"],
    }


def test_the_command_prints_routes_and_tables(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["api", "routes"])
    main()
    said = capsys.readouterr().out

    assert "POST /api/v1/auth/token\n      FastAPI runs it: its body is a form" in said
    assert "UserSession\n      Pydantic answers it as UserSessionPublic: UserSession.current is" in said
    assert "Inbox\n      The ORM reads it: the primary key of Inbox is not `id` alone" in said
