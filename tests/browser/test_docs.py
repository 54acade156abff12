"""The documentation pages in a real browser: on phones and desktops, in light and dark."""

import os
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, async_playwright

from tests.browser.test_first_page import AXE, every_look, every_width
from tests.support.served import Served, served
from tools.screenshots import CHROMIUM

PATIENCE = 120_000  # milliseconds until something is plainly broken; drawing all operations takes seconds
MARKS = {"serious", "critical"}

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(
        (CHROMIUM is None or not AXE.exists()) and "CI" not in os.environ,
        reason="There is no Chromium, or no axe-core: make browser installs that.",
    ),
]


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A server in development, with the demo."""
    async with served(tmp_path_factory.mktemp("served"), environment="development") as server:
        yield server


@pytest.fixture
async def context(server: Served, width: int, height: int, scheme: Any) -> AsyncIterator[BrowserContext]:
    """A window. At its end, no page in it said that anything was wrong, or asked another host."""
    told, asked, here = list[str](), list[str](), f"http://localhost:{server.port}/"
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await chromium.new_context(
            base_url=here, viewport={"width": width, "height": height}, color_scheme=scheme
        )
        context.set_default_timeout(PATIENCE)
        # Chromium also gives hints there, such as that Swagger UI's password field is in no form.
        context.on(
            "console", lambda said: told.append(said.text) if said.type in {"error", "warning"} else None
        )
        context.on("weberror", lambda found: told.append(str(found.error)))
        context.on("request", lambda request: asked.append(request.url))
        yield context
        await chromium.close()
    assert told == []
    assert [url for url in asked if not url.startswith((here, "data:", "blob:"))] == []


async def faults(page: Page, *parts: str) -> list[Any]:
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    run = "parts => axe.run(parts.length ? { include: parts } : document, { resultTypes: ['violations'] })"
    found = await page.evaluate(run, [[part] for part in parts])
    return [
        (one["id"], node["html"], node["failureSummary"])
        for one in found["violations"]
        if one["impact"] in MARKS
        for node in one["nodes"]
    ]


@every_look
@every_width
async def test_a_route_is_tried_out(context: BrowserContext, server: Served, width: int, scheme: str) -> None:
    page = await context.new_page()
    await page.goto("docs")
    await page.locator(".opblock").first.wait_for()
    dark = await page.evaluate("document.documentElement.classList.contains('dark-mode')")
    assert dark is (scheme == "dark")
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert await faults(page) == []

    found = re.search(r"All passwords: (\S+)", server.log)
    assert found
    await page.locator(".btn.authorize").first.click()
    await page.locator(".modal-ux input[name=username], #oauth_username").first.fill("maria")
    await page.locator(".modal-ux input[type=password]").first.fill(found[1])
    await page.locator(".modal-ux .btn.authorize").first.click()
    # An operation is named Logout, too.
    await page.locator(".modal-ux").get_by_role("button", name="Logout").first.wait_for()
    await page.locator(".modal-ux .close-modal").click()

    operation = page.locator("#operations-me-get_me")
    await operation.locator(".opblock-summary-control").click()
    await operation.get_by_role("button", name="Try it out").click()
    await operation.get_by_role("button", name="Execute").click()
    await operation.locator(".live-responses-table .response-col_status").first.wait_for()
    assert '"maria"' in await operation.locator(".live-responses-table").inner_text()
    assert await faults(page) == []


@every_width
@pytest.mark.parametrize("scheme", ["light"])
async def test_the_reference_can_be_read(context: BrowserContext, width: int) -> None:
    page = await context.new_page()
    await page.goto("redoc")
    await page.locator("h1").first.wait_for()
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    # All operations look alike, and axe takes minutes for hundreds of them.
    assert await faults(page, ".menu-content", ".api-content > div:nth-child(-n+3)") == []
