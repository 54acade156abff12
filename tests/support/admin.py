"""A visitor of the admin, who has a browser without JavaScript."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from tests.support.people import PASSWORD

HOST = "https://admin.test"  # the cookies are for HTTPS outside of development


class Read(HTMLParser):
    """What a page holds: its links, and its forms with their fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self.area: str | None = None
        self.select: tuple[str, bool] = ("", False)
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "a":
            self.links.append(given.get("href") or "")
        elif tag == "form":
            self.forms.append(
                {"to": given.get("action"), "type": given.get("enctype"), "fields": [], "files": []}
            )
        elif self.forms and name and tag == "input":
            is_left = given.get("type") == "checkbox" and "checked" not in given
            if given.get("type") == "file":
                self.forms[-1]["files"].append(name)
            elif not is_left:
                self.fields.append((name, value))
        elif tag == "select":
            self.select = (name, "multiple" in given)
        elif tag == "option" and "selected" in given:
            self.fields.append((self.select[0], value))
        elif tag == "textarea" and self.forms:
            self.area = name
            self.fields.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            name, text = self.fields.pop()
            self.fields.append((name, text.removeprefix("\n")))
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area:
            name, text = self.fields.pop()
            self.fields.append((name, text + data))

    @property
    def fields(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = self.forms[-1]["fields"]
        return found

    def form(self, field: str) -> dict[str, Any]:
        """The first form that has this field."""
        return next(one for one in self.forms if field in one["files"] or field in dict(one["fields"]))

    def forms_to(self, end: str) -> Iterator[dict[str, Any]]:
        return (one for one in self.forms if str(one["to"]).endswith(end))


class Visitor(AsyncClient):
    def __init__(self, app: FastAPI, *, follow_redirects: bool = True) -> None:
        super().__init__(transport=ASGITransport(app), base_url=HOST, follow_redirects=follow_redirects)
        self.headers["Origin"] = HOST

    async def sign_in(self, username: str, password: str = PASSWORD, **more: str) -> Response:
        page = await self.get("/admin/sign-in")
        return await self.send_form(page, "username", username=username, password=password, **more)

    async def send_form(self, page: Response, field: str, **change: Any) -> Response:
        """Send the form of a page that has this field, with these changes; None leaves a field out.

        A file is given as a tuple of its name and its bytes.
        """
        form = Read(page.text).form(field)
        given = [(name, value) for name, value in form["fields"] if name not in change]
        for name, value in change.items():
            several = value if isinstance(value, list) else [] if value is None else [value]
            given += [(name, one) for one in several]
        sent: dict[str, list[str]] = {}
        for name, value in given:
            if isinstance(value, str):
                sent.setdefault(name, []).append(value)
        files = [(name, value) for name, value in given if not isinstance(value, str)]
        if form["type"] == "multipart/form-data":
            files = files or [(name, ("", b"")) for name in form["files"]]  # so that it has parts
        return await self.post(form["to"], data=sent, files=files)

    async def delete_at(self, path: str) -> Response:
        """Open the page of a row, and press the button that deletes it."""
        page = Read((await self.get(path)).text)
        form = [one for one in page.forms_to(path) if "version" in dict(one["fields"])][-1]
        return await self.post(path, data=dict(form["fields"]) | {"do": "delete"})

    async def tick(self, page: Response, *rows: str) -> Response:
        """Tick rows of a list, and delete them."""
        form = next(
            one
            for one in Read(page.text).forms
            if "form_token" in dict(one["fields"]) and one["to"] == page.url.path
        )
        return await self.post(form["to"], data=dict(form["fields"]) | {"do": "delete", "row": list(rows)})

    async def press(self, page: Response, end: str) -> Response:
        """Send the form whose address ends like this."""
        form = next(Read(page.text).forms_to(end))
        return await self.post(form["to"], data=dict(form["fields"]))


def said(page: Response) -> str:
    """What a page tells its visitor."""
    found = re.findall(
        r'<p (?:class="wrong"|[^>]*role="(?:status|alert)")[^>]*>(.*?)</p>', page.text, re.DOTALL
    )
    return " ".join(unescape(" ".join(re.sub("<.*?>", "", one).split())) for one in found)
