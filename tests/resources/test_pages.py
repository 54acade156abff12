"""Swagger UI and ReDoc come from here, with all that they need, and the browser may ask nobody else."""

import re
from collections.abc import AsyncIterator
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from api.app import create_app
from api.problems import MEDIA_TYPE
from api.settings import Settings
from tests.support.described import DOCUMENT

pytestmark = pytest.mark.anyio
HERE = "http://test"
both_pages = pytest.mark.parametrize("at", ["/docs", "/redoc"])


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app), base_url=HERE) as browser:
        yield browser


def named(page: str) -> list[str]:
    """All addresses that a page or the script in it names."""
    return re.findall(r"""(?:src|href|spec-url|url)(?:=|: )"([^"]+)\"""", page)


@both_pages
async def test_a_page_and_all_that_it_names_come_from_here(browser: AsyncClient, at: str) -> None:
    page = await browser.get(at)
    assert page.status_code == 200
    assert "://" not in page.text
    seen, to_see = set(), [urljoin(f"{HERE}{at}", name) for name in named(page.text) if name != "data:,"]
    while to_see:
        address = to_see.pop()
        assert address.startswith(f"{HERE}/")
        answer = await browser.get(address)
        assert answer.status_code == 200, address
        seen.add(urlsplit(address).path)
        if address.endswith(".json"):
            assert answer.json() == DOCUMENT

    assert "/api/v1/openapi.json" in seen
    assert len(seen) >= 4


async def test_no_picture_is_fetched_from_another_host(browser: AsyncClient) -> None:
    """A browser tells so, and the maker of ReDoc would learn of each reader."""
    for name in ("redoc.standalone.js", "swagger-ui-bundle.js", "swagger-ui.css"):
        text = (await browser.get(f"/docs/assets/{name}")).text
        assert re.findall(r"""(?:src:|src=|url\()["']?https?://[^"')]*""", text) == [], name
        assert not re.search(r"cdn\.|fonts\.g|unpkg|jsdelivr", text), name


@both_pages
async def test_a_page_behind_a_path_finds_what_it_names_there(browser: AsyncClient, at: str) -> None:
    for name in named((await browser.get(at)).text):
        assert name == "data:," or urljoin(f"{HERE}/below{at}", name).startswith(f"{HERE}/below/")


@both_pages
async def test_a_page_may_run_and_ask_only_what_is_from_here(browser: AsyncClient, at: str) -> None:
    page = await browser.get(at)
    policy = dict(
        part.strip().partition(" ")[::2] for part in page.headers["content-security-policy"].split(";")
    )

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert not re.search(r"https?:|\*|\w\.\w|unsafe-eval", page.headers["content-security-policy"])
    assert re.findall(r"<script(?![^>]* src=)|\bon\w+=", page.text) == [], (
        "no script may stand in the page itself"
    )


async def test_what_is_not_there_is_a_problem_like_any_other(browser: AsyncClient) -> None:
    for at in (
        "/docs/assets/",
        "/docs/assets/nothing.js",
        "/docs/assets/../../core.py",
        "/docs/assets/%2e%2e/core.py",
        "/docs/oauth2-redirect",
    ):
        answer = await browser.get(at)
        assert (answer.status_code, answer.headers["content-type"]) == (404, MEDIA_TYPE), at
    assert (await browser.post("/docs/assets/swagger-ui.css")).json()["code"] == "method_not_allowed"


async def test_production_shows_no_pages_unless_told(app: FastAPI, settings: Settings) -> None:
    hidden = create_app(settings.model_copy(update={"docs": None}))
    async with AsyncClient(transport=ASGITransport(hidden), base_url=HERE) as browser:
        for path in (
            "/docs",
            "/redoc",
            "/docs/assets/docs.js",
            "/docs/assets/swagger-ui.css",
            "/api/v1/openapi.json",
        ):
            answer = await browser.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        assert (await browser.get("/health")).status_code == 200
