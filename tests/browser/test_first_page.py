"""The first page in a real browser: on phones and desktops, in light and dark, by keyboard and by ear."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

from tests.support.copies import HOME
from tests.support.served import Served, served
from tools.screenshots import CHROMIUM

AXE = HOME / "clients/browser/node_modules/axe-core/axe.min.js"
PARTS = ("Database", "Redis", "Mail", "Pictures")
every_look = pytest.mark.parametrize("scheme", ["light", "dark"])
every_width = pytest.mark.parametrize(
    ("width", "height"), [(390, 844), (1280, 800)], ids=["phone", "desktop"]
)

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(
        CHROMIUM is None and "CI" not in os.environ,
        reason="There is no Chromium in the PATH. Install it, or name it in CHROMIUM.",
    ),
]
Browse = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A server in development, with the demo."""
    async with served(tmp_path_factory.mktemp("served"), environment="development") as server:
        yield server


@pytest.fixture
async def browse(server: Served) -> AsyncIterator[Browse]:
    """`browse(1280, 800, "dark")`: the page in a window. At its end, nothing was wrong or from elsewhere."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        @asynccontextmanager
        async def open_with(width: int, height: int, scheme: Any = "light") -> AsyncIterator[Page]:
            address, told, asked = f"http://localhost:{server.port}/", list[str](), list[str]()
            context = await chromium.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                permissions=["clipboard-read", "clipboard-write"],
            )
            page = await context.new_page()
            page.on("console", lambda said: told.append(said.text))
            page.on("pageerror", lambda error: told.append(str(error)))
            page.on("request", lambda request: asked.append(request.url))
            await page.goto(address)
            yield page
            await context.close()
            assert told == []
            assert [url for url in asked if not url.startswith((address, "data:"))] == []

        yield open_with
        await chromium.close()


@every_look
@every_width
async def test_the_page_fits_and_can_be_read(
    browse: Browse, width: int, height: int, scheme: str, tmp_path: Path
) -> None:
    async with browse(width, height, scheme) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") == width
        dark = await page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0] < 128")
        assert dark is (scheme == "dark")
        for name in PARTS:
            assert await page.get_by_text(name, exact=True).is_visible()
        assert await page.locator(".picture svg").is_visible()
        await page.screenshot(path=tmp_path / f"{width}-{scheme}.png", full_page=True)


@pytest.mark.skipif(
    not AXE.exists() and "CI" not in os.environ,
    reason="axe-core is not installed: make browser does that, and needs Node.",
)
@every_look
@every_width
async def test_nobody_is_left_out(browse: Browse, width: int, height: int, scheme: str) -> None:
    async with browse(width, height, scheme) as page:
        await page.evaluate(AXE.read_text(encoding="utf-8"))
        found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")

    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


@every_width
async def test_the_keyboard_reaches_everything_in_order(browse: Browse, width: int, height: int) -> None:
    here = "document.activeElement.dataset.number ?? null"
    number = """() => [...document.querySelectorAll("a, button, [tabindex]")].map((one, place) => {
        one.dataset.number = String(place);
        return one.dataset.number;
    })"""
    async with browse(width, height) as page:
        wanted, reached = await page.evaluate(number), []
        for _ in wanted:
            await page.keyboard.press("Tab")
            reached.append(await page.evaluate(here))
            seen = "getComputedStyle(document.activeElement).outlineStyle"
            assert await page.evaluate(seen) == "solid"

    assert reached == wanted


async def test_a_press_copies_a_name_and_a_command(browse: Browse) -> None:
    async with browse(1280, 800) as page:
        for name, copied in (
            ("Copy username maria", "maria"),
            ("Copy command make test", "make test"),
        ):
            button = page.get_by_role("button", name=name)
            await button.focus()
            await page.keyboard.press("Enter")
            await page.get_by_role("status").get_by_text("Copied.").wait_for(state="attached")
            assert await page.evaluate("navigator.clipboard.readText()") == copied


async def test_an_entity_shows_its_lines_in_the_picture(browse: Browse) -> None:
    async with browse(1280, 800) as page:
        await page.get_by_role("link", name="teams").focus()
        shown = await page.locator(".line.shown").evaluate_all(
            "found => found.map(one => ({ ...one.dataset }))"
        )
        assert {"from": "teams", "to": "users"} in shown
        assert {"from": "team_members", "to": "teams"} in shown
        await page.get_by_role("link", name="Health").focus()
        assert await page.locator(".line.shown").count() == 0


async def test_the_links_lead_somewhere(browse: Browse) -> None:
    async with browse(1280, 800) as page:
        await page.get_by_role("link", name="Sign in on the page of the API").click()
        await page.locator("#operations-auth-login .opblock-body").wait_for()
