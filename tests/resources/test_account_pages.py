"""The pages that links in mails lead to, when no front end is named."""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from api.app import create_app
from api.settings import Settings
from api.web.account import PAGES, link
from tests.support.described import ROUTES
from tests.support.mailbox import Mailbox
from tests.support.people import PASSWORD, Person

pytestmark = pytest.mark.anyio
HERE = "http://test"
every_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app), base_url=HERE) as browser:
        yield browser


def linked(mailbox: Mailbox, to: str, subject: str) -> tuple[str, str]:
    """The address of the page that a mail links to, and the token, which is never sent with it."""
    found = re.search(r"^http\S+", mailbox.text(to, subject), re.M)
    assert found is not None
    whole = urlsplit(found[0])
    assert whole.query == ""
    return f"{HERE}{whole.path}", whole.fragment.removeprefix("token=")


async def form_of(browser: AsyncClient, address: str) -> tuple[str, list[str]]:
    """Where the form of a page is sent, and the names of its fields."""
    page = await browser.get(address)
    assert page.status_code == 200
    (action,) = re.findall(r'<form action="([^"]+)"', page.text)
    return urljoin(address, action), re.findall(r' name="(\w+)" type=', page.text)


@every_page
async def test_a_page_may_run_and_ask_only_what_is_from_here(browser: AsyncClient, name: str) -> None:
    page = await browser.get(f"/account/{name}")

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert not re.search(r"unsafe|https?:|\*", policy)
    assert not re.search(r"<script(?![^>]* src=)|<style|\bstyle=|\bon\w+=|://", page.text)


@every_page
async def test_a_page_finds_its_files_also_behind_a_path(browser: AsyncClient, name: str) -> None:
    page = await browser.get(f"/account/{name}")
    files = [file for file in re.findall(r'(?:src|href)="([^"]+)"', page.text) if file != "data:,"]

    assert len(files) >= 2
    for file in files:
        assert (await browser.get(urljoin(f"{HERE}/account/{name}", file))).status_code == 200, file
        assert urljoin(f"{HERE}/below/account/{name}", file).startswith(f"{HERE}/below/account/")


@every_page
async def test_a_page_says_what_it_is_to_those_who_do_not_see_it(browser: AsyncClient, name: str) -> None:
    text = (await browser.get(f"/account/{name}")).text

    assert '<html lang="en">' in text
    assert '<meta name="viewport"' in text
    assert len(re.findall("<h1>", text)) == len(re.findall("<main>", text)) == 1
    for field in re.findall(r'<input id="(\w+)" name=', text):
        assert f'<label for="{field}">' in text
    assert 'role="alert"' in text
    assert 'role="status"' in text
    assert "<noscript>" in text


@every_page
async def test_a_form_is_sent_to_a_route(browser: AsyncClient, name: str) -> None:
    action, _ = await form_of(browser, f"{HERE}/account/{name}")

    assert urlsplit(action).path in {route.path_format for route in ROUTES if "POST" in (route.methods or ())}


async def test_the_mailed_links_lead_to_pages_that_do_what_they_say(
    browser: AsyncClient, client: AsyncClient, ada: Person, mailbox: Mailbox
) -> None:
    address, token = linked(mailbox, ada.email, "Confirm your address")
    action, fields = await form_of(browser, address)
    assert fields == []
    assert (await browser.post(action, json={"token": token})).status_code == 204
    assert (await ada.get("/users/me")).json()["email_verified"] is True

    action, fields = await form_of(browser, f"{HERE}/account/forgot-password")
    assert fields == ["email"]
    assert (await browser.post(action, json={"email": ada.email})).status_code == 202

    address, token = linked(mailbox, ada.email, "Reset your password")
    action, fields = await form_of(browser, address)
    assert fields == ["new_password"]
    body = {"token": token, "new_password": "another horse entirely"}
    assert (await browser.post(action, json=body)).status_code == 204
    again = await browser.post(action, json=body)
    assert (again.status_code, again.json()["detail"]) == (
        401,
        "This link has expired or was used before. Get a new one.",
    )


async def test_a_new_address_and_an_invitation_lead_to_these_pages_too(
    browser: AsyncClient, admin: Person, ada: Person, mailbox: Mailbox
) -> None:
    await admin.post("/users", json={"email": "grace@example.com", "password": PASSWORD})
    await ada.put("/users/me/email", json={"email": "new@example.com", "current_password": PASSWORD})

    for to, subject in (
        ("grace@example.com", "Choose your password"),
        ("new@example.com", "Confirm your address"),
    ):
        address, token = linked(mailbox, to, subject)
        assert (await browser.get(address)).status_code == 200
        assert token.count(".") == 2


async def test_a_forged_host_is_in_no_mail(client: AsyncClient, ada: Person, mailbox: Mailbox) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Origin": "http://evil.example"}
    answer = await client.post("/auth/password/forgot", json={"email": ada.email}, headers=headers)

    assert answer.status_code == 202
    assert "evil" not in mailbox.letters[-1].as_string()


@pytest.mark.parametrize(
    ("named", "start"),
    [
        ({}, "http://localhost:8000/account/verify-email#token=t"),
        ({"public_url": "https://api.example.com"}, "https://api.example.com/account/verify-email#token=t"),
        ({"public_url": "https://a.example/below/"}, "https://a.example/below/account/verify-email#token=t"),
        (
            {"frontend_url": "https://app.example.com", "public_url": "https://api.example.com"},
            "https://app.example.com/verify-email?token=t",
        ),
    ],
)
async def test_links_lead_to_the_front_end_or_else_to_the_public_address(
    settings: Settings, named: dict[str, str], start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PORT", raising=False)

    assert link(Settings(**settings.model_dump() | named), "verify-email", "t") == start


async def test_a_front_end_that_is_named_takes_the_place_of_the_pages(settings: Settings) -> None:
    named = create_app(Settings(**settings.model_dump() | {"frontend_url": "https://app.example.com"}))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(named.state.database.close)
        other = await stack.enter_async_context(AsyncClient(transport=ASGITransport(named), base_url=HERE))
        for name in ("reset-password", "assets/account.js"):
            answer = await other.get(f"/account/{name}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_the_name_of_the_project_is_text(settings: Settings) -> None:
    named = create_app(settings.model_copy(update={"project_name": "<script>alert(1)</script> & {title}"}))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(named.state.database.close)
        other = await stack.enter_async_context(AsyncClient(transport=ASGITransport(named), base_url=HERE))
        text = (await other.get("/account/reset-password")).text

    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {title}" in text


@pytest.mark.parametrize(
    ("change", "warns"),
    [
        ({}, True),
        ({"environment": "staging"}, True),
        ({"environment": "development"}, False),
        ({"smtp_host": None}, False),
        ({"public_url": "https://api.example.com"}, False),
        ({"frontend_url": "https://app.example.com"}, False),
    ],
)
@pytest.mark.usefixtures("app")  # whose database is ready
async def test_a_start_warns_if_mailed_links_would_lead_nowhere(
    settings: Settings, change: dict[str, str], warns: bool, caplog: pytest.LogCaptureFixture
) -> None:
    started = create_app(Settings(**settings.model_dump() | {"demo_data": False} | change))
    logging.getLogger("api.web.account").addHandler(caplog.handler)  # the app has set up logging anew
    async with started.router.lifespan_context(started):
        pass

    assert ("Set PUBLIC_URL" in caplog.text) == warns
