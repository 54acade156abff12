"""A built front end at `/`: its files, its pages, and the API beside them as it is."""

import os
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import ValidationError

from api.app import create_app
from api.problems import MEDIA_TYPE
from api.settings import Settings
from api.web.frontend import is_hashed

pytestmark = pytest.mark.anyio
HERE = "http://test"
PAGE = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
START = "start()"
INDEX = f'<!doctype html><title>App</title><script>{START}</script><script src="assets/a.js"></script>'
FILES = {
    "index.html": INDEX,
    "about/index.html": "<h1>About</h1>",
    "assets/index-BxY2a9c1.js": "let a",
    "assets/settings.js": "let b",
    ".well-known/links.json": "[1, 2]",
    ".env": "KEY=secret",
    "assets/.map": "secret",
    "api/v1/users.html": "secret",
    "docs/index.html": "secret",
}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "dist"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
async def browser(app: FastAPI, settings: Settings, dist: Path) -> AsyncIterator[AsyncClient]:
    other = create_app(
        Settings(_env_file=None, **settings.model_dump() | {"frontend_dist": dist, "docs": None})
    )
    async with AsyncClient(transport=ASGITransport(other), base_url=HERE) as browser:
        yield browser
    await other.state.throttle.close()
    await other.state.database.close()


@pytest.mark.parametrize("path", ["/", "/invoices", "/invoices/7/edit", "/about", "/user/ada", "/invoices/"])
async def test_a_page_of_the_front_end_is_its_index(browser: AsyncClient, path: str) -> None:
    answer = await browser.get(path, headers=PAGE)

    assert (answer.status_code, answer.text) == (200, INDEX)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


async def test_a_folder_may_have_a_page_of_its_own(browser: AsyncClient) -> None:
    assert (await browser.get("/about/")).text == FILES["about/index.html"]


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("/assets/index-BxY2a9c1.js", "public, max-age=31536000, immutable"),
        ("/assets/settings.js", "no-cache"),
        ("/.well-known/links.json", "no-cache"),
    ],
)
async def test_a_file_is_kept_as_long_as_its_name_says(browser: AsyncClient, path: str, caching: str) -> None:
    whole = await browser.get(path)
    assert (whole.status_code, whole.text) == (200, FILES[path[1:]])
    assert whole.headers["cache-control"] == caching
    assert whole.headers["x-content-type-options"] == "nosniff"
    head = await browser.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))

    for header in (
        {"If-None-Match": whole.headers["etag"]},
        {"If-Modified-Since": whole.headers["last-modified"]},
    ):
        same = await browser.get(path, headers=header)
        assert (same.status_code, same.content) == (304, b"")
        assert (same.headers["etag"], same.headers["cache-control"]) == (whole.headers["etag"], caching)
    part = await browser.get(path, headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.text) == (206, FILES[path[1:]][:2])


async def test_a_new_build_is_another_page(browser: AsyncClient, dist: Path) -> None:
    before = await browser.get("/")
    (dist / "index.html").write_text("<script>other()</script>")
    os.utime(dist / "index.html", (1, 1))
    after = await browser.get("/", headers={"If-None-Match": before.headers["etag"]})

    assert (after.status_code, after.text) == (200, "<script>other()</script>")
    assert before.headers["content-security-policy"] != after.headers["content-security-policy"]


async def test_only_scripts_that_were_built_may_run(browser: AsyncClient) -> None:
    policy = (await browser.get("/")).headers["content-security-policy"]
    digest = b64encode(sha256(START.encode()).digest()).decode()

    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "frame-ancestors 'none'" in policy
    assert (
        "script-src 'self';" in (await browser.get("/assets/settings.js")).headers["content-security-policy"]
    )


@pytest.mark.parametrize(
    "path",
    [
        *("/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/..%5csecret.txt"),
        *("//etc/passwd", "/%2fetc/passwd", "/etc/passwd%00.txt", "/out.txt", "/.env", "/assets/.map"),
        *("/nothing.js", f"/{'a' * 300}.js", "/.well-known/nothing.json"),
    ],
)
async def test_nothing_else_is_served(browser: AsyncClient, path: str) -> None:
    answer = await browser.get(f"{HERE}{path}", headers=PAGE)

    assert answer.status_code == 404, answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        *("/api", "/api/v1", "/api/v1/nothing", "/api/v1/users.html", "/docs", "/docs/", "/docs/index.html"),
        *("/redoc", "/health/nothing", "/ready/", "/account/nothing", "/.well-known/security.txt", "/ws"),
    ],
)
async def test_addresses_of_the_api_are_never_pages(browser: AsyncClient, path: str) -> None:
    answer = await browser.get(path, headers=PAGE)

    assert (answer.status_code, answer.headers["content-type"]) == (404, MEDIA_TYPE)


async def test_the_api_answers_as_without_a_front_end(browser: AsyncClient) -> None:
    assert (await browser.get("/health", headers=PAGE)).json()["ok"] is True
    assert (await browser.get("/api/v1/users/me", headers=PAGE)).status_code == 401
    wrong = await browser.delete("/api/v1/auth/register", headers=PAGE)
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert (await browser.get("/account/reset-password")).status_code == 200


async def test_programs_learn_that_an_address_is_wrong(browser: AsyncClient) -> None:
    for answer in (
        await browser.get("/invoices", headers={"Accept": "application/json"}),
        await browser.get("/invoices"),
        await browser.post("/invoices", headers=PAGE),
        await browser.post("/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("made", "said"), [("nothing", "This is no folder."), ("empty", "This folder has no index.html.")]
)
def test_a_wrong_folder_is_refused(tmp_path: Path, made: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, frontend_dist=tmp_path / made)

    assert re.search(said, refused.value.errors()[0]["msg"])


@pytest.mark.parametrize(
    ("name", "hashed"),
    [
        ("assets/index-DfG_-3kQ.js.map", True),
        ("main.3f2a1b4c.css", True),
        ("main-ABCD1234.js", True),
        ("vendor.0123456789abcdef0123.js", True),
        ("_app/immutable/entry/start.js", True),
        ("logo-20240101.png", False),
        ("report-24-01-01.pdf", False),
        ("font-Regular400.woff2", False),
        ("chunk-MyComponent.js", False),
        ("jquery-3.7.1.min.js", False),
        ("logo-version2.svg", False),
    ],
)
def test_a_hash_is_told_from_a_word(name: str, hashed: bool) -> None:
    assert is_hashed(name) is hashed
