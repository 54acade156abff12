"""Calls the application in this process, as the user who is signed in, through everything that it checks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.types import ASGIApp, Message

from api.web.admin.bodies import JSON, encode
from api.web.logs import request_id

API = "/api/v1"
KEPT = {b"host", b"user-agent"}  # of the browser's headers


@dataclass
class Answer:
    status: int = 500
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_fine(self) -> bool:
        return self.status < 400

    @property
    def code(self) -> str:
        return str(self.data["code"]) if isinstance(self.data, dict) and "code" in self.data else ""

    @property
    def message(self) -> str:
        return str(self.data["detail"]) if isinstance(self.data, dict) and "detail" in self.data else ""

    @property
    def field_errors(self) -> dict[str, list[str]]:
        """The messages of a 422 by the field of the body or of the query that they belong to."""
        found: dict[str, list[str]] = {}
        for error in self.data.get("errors") or [] if isinstance(self.data, dict) else []:
            name, _, inner = ".".join(map(str, error["loc"][1:])).partition(".")
            found.setdefault(name, []).append(f"{inner}: {error['msg']}" if inner else error["msg"])
        return found


async def call(
    app: ASGIApp,
    request: Request,
    method: str,
    path: str,
    *,
    token: str | None = None,
    query: Sequence[tuple[str, str]] = (),
    body: Any = None,
    media: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """The answer of a route of the API, whose path begins below /api/v1."""
    sent = {"x-request-id": request_id.get() or "", **(headers or {})}
    content = b""
    if body is not None:
        content, sent["content-type"] = encode(body, media)
    if token is not None:
        sent["authorization"] = f"Bearer {token}"
    raw = [(name, value) for name, value in request.scope["headers"] if name in KEPT]
    raw += [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items() if value]
    raw.append((b"content-length", str(len(content)).encode()))
    root = request.scope.get("app_root_path", "")
    scope = {
        **{name: request.scope[name] for name in ("type", "asgi", "http_version", "scheme", "server")},
        **{name: request.scope[name] for name in ("client", "state") if name in request.scope},
        "method": method,
        "path": root + API + path,
        "raw_path": quote(root + API + path).encode(),
        "root_path": root,
        "query_string": urlencode(query).encode(),
        "headers": raw,
    }
    answer, chunks = Answer(), list[bytes]()
    messages: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else await request.receive()  # which tells when the browser leaves

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode("latin-1") for name, value in message["headers"]}
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    whole = b"".join(chunks)  # a 204 of FastAPI is JSON without content
    if whole and answer.headers.get("content-type", "").partition(";")[0].endswith(("/json", "+json")):
        answer.data = json.loads(whole)
    return answer
