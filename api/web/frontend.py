"""A built front end at `/`, from the folder FRONTEND_DIST.

It answers only what no route answers. An address without a file is one of its pages if a browser asks for a
page: `index.html` then, in which the front end's own router finds it.
"""

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from os import stat_result
from pathlib import Path
from stat import S_ISREG

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from api.environment.folders import INDEX
from api.web.headers import first_headers

PUBLIC = ".well-known"  # the only name with a dot before it that is served
PAGES = {".html", ".htm"}
OURS = {"docs", "redoc"}  # also where they are hidden
IMMUTABLE = "public, max-age=31536000, immutable"
# As bundlers name what they build: `index-BxY2a9c1.js`, `main.3f2a1b4c.css`. A word or a date is no hash.
HASHED = re.compile(r"[.-](?P<hash>[\w-]{8}|[0-9a-f]{16,64})(\.\w+){1,2}$", re.A)
WORD = re.compile(r"[A-Za-z]?[a-z]*([A-Z][a-z]+)*[A-Z]?[\d_-]*")
# Styles within a page are allowed, because many libraries add them. Scripts are allowed by their hashes.
CSP = (
    "default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SCRIPT = re.compile(rb"<script(?![^>]*\ssrc\b)[^>]*>(.+?)</script", re.S | re.I)


class Frontend:
    """What the router calls when no route matches."""

    def __init__(self, app: FastAPI, folder: Path) -> None:
        self.not_found = app.router.default
        self.files = StaticFiles(directory=folder)
        paths = (str(route.path or "/") for route in iter_route_contexts(app.routes))
        self.taken = {path.split("/")[1] for path in paths} - {"", PUBLIC} | OURS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        answer = await run_in_threadpool(self._find, scope) if is_asked else None
        await (answer or self.not_found)(scope, receive, send)

    def _find(self, scope: Scope) -> Response | None:
        path = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/")
        parts = path.split("/")
        if parts[0] in self.taken or _is_hidden(parts):
            return None
        name = f"{path}{INDEX}" if path.endswith("/") or not path else path
        return self._file(name, scope) or (self._file(INDEX, scope) if _is_page(parts, scope) else None)

    def _file(self, name: str, scope: Scope) -> Response | None:
        try:
            found, status = self.files.lookup_path(name)
        except (OSError, ValueError):  # a name that is too long, or a file that may not be read
            return None
        if status is None or not S_ISREG(status.st_mode):
            return None
        answer = self.files.file_response(found, status, scope)
        answer.headers["Cache-Control"] = IMMUTABLE if is_hashed(name) else "no-cache"
        answer.headers["Content-Security-Policy"] = _policy(Path(found), status)
        return answer


def install(app: FastAPI, folder: Path) -> None:
    app.router.default = Frontend(app, folder)


def is_hashed(name: str) -> bool:
    """Whether the file has another name as soon as it has another content."""
    if "/immutable/" in f"/{name}":
        return True
    found = HASHED.search(name)
    return found is not None and not WORD.fullmatch(found["hash"])


def _is_hidden(parts: list[str]) -> bool:
    """Whether it leads to what no bundler builds: above the folder, or a name that begins with a dot."""
    below = parts[1:] if parts[0] == PUBLIC else parts
    return "" in parts[:-1] or any(part.startswith(".") for part in below)


def _is_page(parts: list[str], scope: Scope) -> bool:
    asks = b"text/html" in first_headers(scope).get(b"accept", b"").lower()
    return asks and "." not in parts[-1] and parts[0] != PUBLIC


def _policy(file: Path, status: stat_result) -> str:
    if file.suffix.lower() not in PAGES:
        return CSP.format(scripts="")
    return _policy_of_page(file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=256)
def _policy_of_page(file: Path, *_: int) -> str:
    """The policy of a page, until it is built again."""
    scripts = (b64encode(sha256(script).digest()).decode() for script in SCRIPT.findall(file.read_bytes()))
    return CSP.format(scripts="".join(f" 'sha256-{one}'" for one in dict.fromkeys(scripts)))
