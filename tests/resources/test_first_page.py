"""The page at `/`: all that a developer wants to know, and nothing for others."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from api import __version__
from api.app import create_app
from api.db.engine import Database
from api.db.problems import unavailable
from api.models.role import STAFF
from api.problems import MEDIA_TYPE
from api.seeds.demo import usernames
from api.settings import Settings
from api.web.first_page import facts
from api.web.first_page.facts import entities
from tests.conftest import MakePerson
from tests.support.people import Person
from tests.support.watching import watching

pytestmark = pytest.mark.anyio
HERE = "http://test"
Open = Callable[..., AbstractAsyncContextManager[AsyncClient]]


@pytest.fixture
async def opened(app: FastAPI, settings: Settings) -> Open:
    """`opened(first_page=False)`: a browser of an app on the same database, in development."""

    @asynccontextmanager
    async def open_with(**change: Any) -> AsyncIterator[AsyncClient]:
        changed = Settings(
            _env_file=None, **settings.model_dump() | {"environment": "development", "docs": None} | change
        )
        other = create_app(changed)
        async with AsyncClient(transport=ASGITransport(other), base_url=HERE) as browser:
            yield browser
        await other.state.throttle.close()
        await other.state.database.close()

    return open_with


def rows_of(page: str) -> dict[str, str]:
    """What the page says of each entity's rows."""
    found = re.findall(r'<li data-entity="(\w+)">.*? <span>([\d,+]+)<span', page)
    return {name: many.replace(",", "") for name, many in found}


async def test_a_developer_sees_what_runs_and_where_what_is(opened: Open, settings: Settings) -> None:
    async with opened() as browser:
        page = await browser.get("/")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        engine = "SQLite 3." if settings.database_url.startswith("sqlite") else "PostgreSQL "
        for said in (__version__, engine, "127.0.0.1, port", "not needed", "512 KB", "/api/v1/auth/register"):
            assert said in page.text
        links = re.findall(r'<a href="([^"#]+)', page.text)
        assert {"docs", "redoc", "admin/", "health", "ready", "api/v1/openapi.json"} <= set(links)
        for link in set(links):
            answer = await browser.get(urljoin(f"{HERE}/", link), follow_redirects=True)
            assert answer.status_code == 200, link
            assert urljoin(f"{HERE}/below/", link).startswith(f"{HERE}/below/")


async def test_rows_are_counted_in_one_statement(opened: Open, ada: Person, bob: Person) -> None:
    sent: list[str] = []
    async with opened() as browser:
        with watching(lambda one: sent.append(one.sql)):
            page = await browser.get("/")

    found = rows_of(page.text)
    assert list(found) == [table.name for table in entities()]
    assert (found["users"], found["user_sessions"], found["roles"]) == ("2", "2", "3")
    assert len([sql for sql in sent if "count(" in sql.lower()]) == 1
    assert [sql for sql in sent if not sql.lstrip().upper().startswith(("SELECT", "BEGIN", "SET"))] == []


async def test_of_a_large_table_only_so_many_rows_are_counted(
    opened: Open, person: MakePerson, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "MOST", 1)
    monkeypatch.setattr("api.web.first_page.content.MOST", 1)
    facts._counting.cache_clear()
    for name in ("ada", "bob", "eve"):
        await person(username=name)
    async with opened() as browser:
        found = rows_of((await browser.get("/")).text)
    _, counted = await facts._counts(database)
    facts._counting.cache_clear()

    assert (found["users"], found["teams"]) == ("1+", "0")
    assert counted["users"] == 2


async def test_the_picture_shows_every_entity_and_every_reference(opened: Open) -> None:
    async with opened() as browser:
        text = (await browser.get("/")).text
    [drawn] = re.findall(r"<svg.*</svg>", text, re.S)
    drawing = ElementTree.fromstring(drawn)  # noqa: S314  ours
    known = {table.name for table in entities()}
    references = [
        (table.name, key.column.table.name)
        for table in entities()
        for key in table.foreign_keys
        if key.column.table.name in known
    ]

    assert {card.get("data-entity") for card in drawing.iter("g") if card.get("class") == "card"} == known
    lines = [one for one in drawing.iter("g") if one.get("class") == "line"]
    assert sorted((str(one.get("data-from")), str(one.get("data-to"))) for one in lines) == sorted(references)
    assert re.fullmatch(r"\d+ entities, and what they refer to", drawing.findtext("title") or "")
    assert "users: roles." in (drawing.findtext("desc") or "")


async def test_demo_accounts_are_named_if_they_are_there_and_nobody_else(
    opened: Open, person: MakePerson
) -> None:
    name = usernames()[0]
    await person(username=name.upper(), role=STAFF)
    await person(username="stranger")
    async with opened() as browser:
        text = (await browser.get("/")).text

    found = re.findall(r'<code data-copy="username">(\w+)</code> <span>([^<]+)</span>', text)
    assert found == [(name.upper(), "staff")]
    assert not re.search(r"stranger|@test|\$2b\$", text)


async def test_names_are_text(opened: Open, person: MakePerson) -> None:
    await person(username=usernames()[0], first_name="<b>", last_name="&")
    async with opened(project_name="<script>alert(1)</script> {title}") as browser:
        text = (await browser.get("/")).text

    assert "&lt;b&gt; &amp;, user" in text
    assert "<h1>&lt;script&gt;alert(1)&lt;/script&gt; {title}</h1>" in text


async def test_the_page_may_run_and_ask_only_what_is_from_here(opened: Open) -> None:
    async with opened() as browser:
        page = await browser.get("/")
        assert not re.search(r"unsafe|https?:|\*", page.headers["content-security-policy"])
        assert not re.search(r"<script(?![^>]* src=)|<style|\bstyle=|\bon\w+=", page.text)
        files = re.findall(r'<(?:script src|link rel="stylesheet" href)="([^"]+)"', page.text)
        assert len(files) == 2
        answers = [await browser.get(f"/{file}") for file in files]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(page.content) + sum(len(answer.content) for answer in answers) < 60_000


async def test_others_see_only_the_name(opened: Open, app: FastAPI) -> None:
    for environment in ("staging", "production"):
        async with opened(environment=environment) as browser:
            sent: list[Any] = []
            with watching(sent.append):
                page = await browser.get("/")
            assert page.status_code == 200
            words = re.sub(r"<[^>]+>|\s+", " ", page.text.split("<body>")[1]).split()
            assert " ".join(words) == "Onefold" + " Documentation of the API" * (environment == "staging")
            assert ("docs" in re.findall(r'<a href="([^"]+)', page.text)) is (environment == "staging")
            assert __version__ not in page.text
            assert sent == []


async def test_a_fault_is_shown_with_what_to_do(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async def break_down(_: Database) -> None:
        raise unavailable("The database is not migrated. Run: python -m api migrate")

    monkeypatch.setattr(Database, "ping", break_down)
    async with opened(redis_url="redis://127.0.0.1:1/0", smtp_host=None) as browser:
        page = await browser.get("/")

    assert page.status_code == 200
    assert '<dd class="wrong"><b>fails</b> <span>The database is not migrated. Run: python' in page.text
    assert "Start it, or check REDIS_URL." in page.text
    assert "Set SMTP_HOST to send it." in page.text
    assert rows_of(page.text) == {}


async def test_a_database_that_cannot_be_reached_is_a_fault(opened: Open) -> None:
    async with opened(database_url="postgresql://nobody:secret@127.0.0.1:1/none") as browser:
        page = await browser.get("/")

    assert page.status_code == 200
    assert "The database is unavailable. Check DATABASE_URL, and whether the server runs." in page.text
    assert not re.search(r"secret|nobody", page.text)


async def test_a_setting_turns_the_page_off(opened: Open) -> None:
    async with opened(first_page=False) as browser:
        for path in ("/", "/first-page/first_page.css"):
            answer = await browser.get(path)
            assert (answer.status_code, answer.headers["content-type"]) == (404, MEDIA_TYPE)


async def test_a_route_takes_the_place_of_the_page(app: FastAPI, settings: Settings) -> None:
    other = create_app(settings)

    @other.get("/")
    async def say() -> str:
        return "mine"

    async with AsyncClient(transport=ASGITransport(other), base_url=HERE) as browser:
        assert (await browser.get("/")).json() == "mine"
        assert (await browser.post("/")).headers["allow"] == "GET"
    await other.state.database.close()


async def test_the_page_takes_head_and_nothing_else(opened: Open) -> None:
    async with opened() as browser:
        head, posted = await browser.head("/"), await browser.post("/")

    assert (head.status_code, head.content) == (200, b"")
    assert (posted.status_code, posted.json()["code"]) == (405, "method_not_allowed")
    assert posted.headers["allow"] == "GET, HEAD"


def test_the_demo_has_accounts() -> None:
    assert len(usernames()) == len(set(usernames())) >= 2
