"""The demo: there once, believable through the API, and only in development."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlmodel import select

from api import __main__ as cli
from api.db.engine import Database
from api.models.team import Team
from api.seeds.demo import makers
from api.seeds.demo.teams import TEAMS
from api.seeds.demo.users import PEOPLE
from api.seeds.first_start import seed_demo
from api.settings import Settings
from tests.support.described import LISTS, is_of_trash, query_of
from tests.support.people import Person

pytestmark = pytest.mark.anyio


@pytest.fixture
async def password(database: Database, settings: Settings, capsys: pytest.CaptureFixture[str]) -> str:
    """What its members sign in with, as it is printed."""
    capsys.readouterr()
    await seed_demo(database, settings)
    return capsys.readouterr().out.partition("All passwords: ")[2].split()[0]


async def test_it_is_there_once(
    database: Database, settings: Settings, admin: Person, password: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await seed_demo(database, settings)

    assert "already exists" in capsys.readouterr().out
    assert (await admin.get("/users", params={"count": True})).json()["total"] == len(PEOPLE) + 1
    async with database.read() as session:
        assert len((await session.exec(select(Team))).all()) == len(TEAMS)


async def test_every_list_of_what_the_demo_makes_has_something_to_show(app: FastAPI, password: str) -> None:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test/api/v1") as maria:
        signed_in = await maria.post("/auth/login", json={"username": "maria", "password": password})
        maria.headers["Authorization"] = f"Bearer {signed_in.json()['access_token']}"
        filled = {model for model, _ in makers()}
        for route in (one for one in LISTS if query_of(one).model in filled and not is_of_trash(one)):
            if "{" not in str(route.path_format):
                page = (await maria.get(f"http://test{route.path_format}")).json()
                assert page["items"], f"{route.path_format} is empty"


async def test_names_that_are_taken_are_respected(
    database: Database, settings: Settings, ada: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    await ada.patch("/users/me", json={"username": [*PEOPLE][-1]})

    await seed_demo(database, settings)

    assert "was not added" in capsys.readouterr().out
    async with database.read() as session:
        assert (await session.exec(select(Team))).all() == []


async def test_it_is_refused_outside_development(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "a secret for tests, which is long enough")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none.db")

    with pytest.raises(SystemExit, match="ENVIRONMENT is production"):
        await cli.migrate(demo=True)

    assert not (tmp_path / "none.db").exists()
