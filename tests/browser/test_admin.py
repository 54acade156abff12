"""The admin in a real browser: on phones and desktops, in light and dark, with two people at one row."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.test_first_page import AXE, every_look, every_width, pytestmark
from tests.support.people import PASSWORD
from tests.support.served import Served, served
from tools.screenshots import CHROMIUM

__all__ = ["pytestmark"]  # without a browser, these are skipped too
MANY = 100_000
PATIENCE = 60_000  # milliseconds until something is plainly broken
# As many users as there can be in a test, each a copy of one who registered
FILL = """
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {many})
INSERT INTO users ({columns}) SELECT {values} FROM users, number WHERE username = 'lena'
"""


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    async with served(
        folder,
        environment="development",
        rate_limit_enabled=False,
        first_admin_username="root",
        first_admin_email="root@example.com",
        first_admin_password=PASSWORD,
    ) as server:
        lena = {"username": "lena", "email": "lena@example.com", "password": PASSWORD}
        await server.client.post("/api/v1/auth/register", json=lena)
        yield server


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


class Visit:
    """A window, in which somebody may be signed in. At its end, nothing was wrong or from elsewhere."""

    def __init__(self, server: Served, context: BrowserContext, page: Page) -> None:
        self.base, self.context, self.page = f"http://localhost:{server.port}/admin", context, page

    async def open(self, path: str) -> None:
        await self.page.goto(self.base + path)

    async def sign_in(self, username: str = "root") -> None:
        await self.open("/")
        await self.page.get_by_label("Username or e-mail address").fill(username)
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.wait_for_url(f"{self.base}/")

    async def save(self) -> None:
        await self.page.get_by_role("button", name="Save").click()

    async def tells(self, text: str) -> None:
        await expect(self.page.get_by_text(text)).to_be_visible()


@asynccontextmanager
async def visiting(
    server: Served, chromium: Browser, width: int = 1280, height: int = 800, scheme: Any = "light"
) -> AsyncIterator[Visit]:
    told, asked = list[str](), list[str]()
    context = await chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, timezone_id="Europe/Berlin"
    )
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    page.on("console", lambda said: told.append(said.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    visit = Visit(server, context, page)
    yield visit
    await context.close()
    refusals = [one for one in told if "the server responded with a status of 4" not in one]
    assert refusals == []
    assert [url for url in asked if not url.startswith((visit.base, "data:"))] == []


@every_look
@every_width
async def test_every_page_fits_and_leaves_nobody_out(
    server: Served, chromium: Browser, width: int, height: int, scheme: str, tmp_path: Path
) -> None:
    async with visiting(server, chromium, width, height, scheme) as visit:
        page = visit.page

        async def check(name: str) -> None:
            await page.wait_for_load_state()
            assert await page.evaluate("document.documentElement.scrollWidth") == width, name
            await page.screenshot(path=tmp_path / f"{name}-{width}-{scheme}.png", full_page=True)
            if AXE.exists():
                await page.evaluate(AXE.read_text(encoding="utf-8"))
                found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
                broken = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
                assert (name, broken) == (name, [])

        await visit.open("/")
        await check("sign-in")
        await visit.sign_in()
        await check("start")
        for name, path in (("list", "/users"), ("filtered", "/users?is_active=true"), ("new", "/users/new")):
            await visit.open(path)
            await check(name)
        await page.get_by_role("button", name="Save").evaluate("one => one.form.noValidate = true")
        await visit.save()
        await visit.tells("It is not saved yet.")
        await check("wrong")
        await visit.open("/users")
        await page.get_by_role("link", name="lena").click()
        await page.get_by_role("button", name="Save").wait_for()
        await check("row")


async def test_a_row_is_made_changed_and_deleted(server: Served, chromium: Browser) -> None:
    async with visiting(server, chromium) as visit:
        page = visit.page
        await visit.sign_in()
        await page.get_by_role("navigation", name="Lists").get_by_role("link", name="Roles").click()
        await page.get_by_role("link", name="New").click()
        await page.get_by_label("Name").fill("Not a name")
        await visit.save()
        await visit.tells("Begin with a letter.")
        assert await page.get_by_label("Name").get_attribute("aria-invalid") == "true"
        await page.get_by_label("Name").fill("clerk")
        await page.get_by_label("users:read").check()
        await visit.save()
        await visit.tells("“clerk” is saved.")
        await page.get_by_label("Description").fill("Answers the phone.")
        await visit.save()
        await visit.tells("“clerk” is saved.")
        assert await page.get_by_label("Description").input_value() == "Answers the phone."
        page.once("dialog", lambda dialog: dialog.accept())
        await page.get_by_role("button", name="Delete").click()
        await visit.tells("It is deleted.")
        assert await page.get_by_role("link", name="clerk").count() == 0


async def test_who_saves_last_sees_what_the_other_has_written(server: Served, chromium: Browser) -> None:
    async with visiting(server, chromium) as visit, visiting(server, chromium) as other:
        await visit.sign_in()
        await other.sign_in()
        await visit.open("/teams/new")
        await visit.page.get_by_label("Name").fill("Ours")
        await visit.save()
        await visit.tells("“Ours” is saved.")
        await other.page.goto(visit.page.url)
        await other.page.get_by_label("Name").fill("Theirs")
        await other.save()
        await other.tells("“Theirs” is saved.")
        await visit.page.get_by_label("Name").fill("Mine")
        await visit.save()
        await visit.tells("Now: Theirs")
        assert await visit.page.get_by_label("Name").input_value() == "Mine"
        await visit.save()
        await visit.tells("“Mine” is saved.")


async def test_one_is_found_among_many(server: Served, chromium: Browser) -> None:
    with closing(sqlite3.connect(server.output.parent / "served.db")) as database, database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(users)")]
        own = {
            "id": "lower(hex(randomblob(16)))",
            "username": "'member' || n",
            "username_key": "'member' || n",
            "email": "'member' || n || '@example.com'",
            "email_key": "'member' || n || '@example.com'",
        }
        values = ", ".join(own.get(name, f'"{name}"') for name in columns)
        names = ", ".join(f'"{name}"' for name in columns)
        database.execute(FILL.format(many=MANY, columns=names, values=values))
    async with visiting(server, chromium) as visit:
        page = visit.page
        await visit.sign_in()
        await visit.open("/users")
        await page.get_by_role("searchbox", name="Search").fill("member77777")
        await page.get_by_role("button", name="Find").click()
        await expect(page.locator("tbody tr")).to_have_count(1)
        await page.get_by_role("link", name="Show all").click()
        await page.get_by_role("link", name="Next page").click()
        await expect(page.locator("tbody tr")).to_have_count(25)
        await page.get_by_role("link", name="Count").click()
        await visit.tells("100,002 in all")
        await visit.open("/notifications/new")
        await page.get_by_role("searchbox", name="Search user", exact=True).fill("member4242")
        chosen = page.get_by_label("User (required)").locator("option:checked")
        await expect(chosen).to_contain_text("member4242")


async def test_signing_out_in_one_tab_ends_the_other(server: Served, chromium: Browser) -> None:
    async with visiting(server, chromium) as visit:
        await visit.sign_in()
        other = await visit.context.new_page()
        await other.goto(f"{visit.base}/roles")
        await other.get_by_role("button", name="Sign out").click()
        await other.wait_for_url(f"{visit.base}/sign-in")
        await visit.page.get_by_role("link", name="Roles").first.click()
        await expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_a_sign_in_that_is_ended_elsewhere_ends_at_the_next_click(
    server: Served, chromium: Browser
) -> None:
    async with visiting(server, chromium) as visit:
        await visit.sign_in()
        body = {"username": "root", "password": PASSWORD}
        token = (await server.client.post("/api/v1/auth/login", json=body)).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        await server.client.delete("/api/v1/auth/sessions", headers=headers)
        await visit.page.get_by_role("link", name="Roles").first.click()
        await expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_who_has_no_permission_is_told_so(server: Served, chromium: Browser) -> None:
    async with visiting(server, chromium) as visit:
        await visit.sign_in("lena")
        await visit.tells("has no permission to manage anything here")
        await expect(visit.page.get_by_role("navigation", name="Lists")).to_have_count(0)
