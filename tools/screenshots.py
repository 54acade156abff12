"""Writes docs/screenshots/: what somebody sees first, of a server with the demo, in a real browser.

python -m tools.screenshots
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from tools.servers import free_port

HOME = Path(__file__).parent.parent
FOLDER = HOME / "docs" / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
SIZE = {"width": 1280, "height": 800}
PASSWORD = "only for these pictures"  # noqa: S105  of a server that nobody else reaches
PATIENCE = 120  # seconds until something is plainly broken


def main() -> None:
    if CHROMIUM is None:
        sys.exit("There is no Chromium in the PATH. Install it, or name it in CHROMIUM.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport=SIZE, timezone_id="Europe/Berlin")  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.goto(address)
        keep(page, "first-page")
        page.goto(f"{address}/admin/users")
        page.get_by_label("Username").fill("root")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("table").wait_for()
        keep(page, "admin-list")
        page.get_by_role("table").get_by_role("link").nth(1).click()
        page.get_by_role("button", name="Save").wait_for()
        keep(page, "admin-form")
        page.goto(f"{address}/docs")
        page.locator(".opblock").first.wait_for()
        keep(page, "docs")
        browser.close()


def keep(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png")
    sys.stdout.write(f"docs/screenshots/{name}.png\n")


@contextmanager
def served() -> Iterator[str]:
    """The address of a server with a new database."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DATABASE_URL": "sqlite:///onefold.db",
            "ENVIRONMENT": "development",
            "FIRST_ADMIN_EMAIL": "root@example.com",
            "FIRST_ADMIN_PASSWORD": PASSWORD,
            "FIRST_ADMIN_USERNAME": "root",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "PYTHONPATH": str(HOME),
            "SECRET_KEY": "a secret for pictures, which is long enough",
        }
        command = [sys.executable, "-m", "api"]
        for step in ("migrate", "demo"):
            subprocess.run([*command, step], env=environment, cwd=folder, check=True, capture_output=True)
        process = subprocess.Popen(
            [*command, "serve"], env=environment, cwd=folder, stdout=subprocess.DEVNULL
        )
        try:
            address = f"http://localhost:{port}"
            _wait(f"{address}/health")
            yield address
        finally:
            process.terminate()
            process.wait()


def _wait(address: str) -> None:
    for _ in range(PATIENCE * 10):
        try:
            httpx.get(address)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    sys.exit("The server did not start.")


if __name__ == "__main__":
    main()
