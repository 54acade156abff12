"""The practical limit: no framework, no query for the caller, cached token checks, and little code.

A store returns rows as JSON. All stores share the code of this module.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qs
from uuid import UUID

import jwt

from bench.peers import contract

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
HEALTHY = b"true"


class Rows(NamedTuple):
    """A page, as JSON, and the last id if there are more rows."""

    json: bytes
    more_after: str | None


class Store(Protocol):
    async def open(self) -> None: ...
    async def page(self, owner: UUID, limit: int, after: UUID | None, pattern: str | None) -> Rows: ...
    async def get(self, owner: UUID, id: UUID) -> bytes | None: ...
    async def create(self, owner: UUID, title: str, content: str) -> bytes: ...
    async def patch(self, owner: UUID, id: UUID, title: str | None, content: str | None) -> bytes | None: ...
    async def account(self, username: str) -> tuple[UUID, str] | None: ...


caller = lru_cache(maxsize=4096)(contract.caller)


def build(store: Store) -> Callable[[dict[str, Any], Receive, Send], Awaitable[None]]:
    async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(store, receive, send)
            return
        status, body = await answer(store, scope, receive)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


async def live(store: Store, receive: Receive, send: Send) -> None:
    await receive()
    await store.open()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def answer(store: Store, scope: dict[str, Any], receive: Receive) -> tuple[int, bytes]:
    path, method = scope["path"], scope["method"]
    if path == "/health":
        return 200, HEALTHY
    if path == "/api/v1/auth/login":
        return await sign_in(store, await read(receive))
    try:
        owner = caller(
            next((value for name, value in scope["headers"] if name == b"authorization"), b"")[7:].decode()
        )
    except jwt.InvalidTokenError:
        return 401, b"null"
    id = path[14:]  # /api/v1/notes/…
    if not id and method == "GET":
        return 200, await page(store, owner, parse_qs(scope["query_string"].decode()))
    if not id:
        body = await read(receive)
        return 201, await store.create(owner, body["title"], body["content"])
    if method == "GET":
        found = await store.get(owner, UUID(id))
    else:
        body = await read(receive)
        found = await store.patch(owner, UUID(id), body.get("title"), body.get("content"))
    return (200, found) if found is not None else (404, b"null")


async def page(store: Store, owner: UUID, query: dict[str, list[str]]) -> bytes:
    after = contract.place(query["cursor"][0]) if "cursor" in query else None
    pattern = contract.pattern(query["q"][0]) if "q" in query else None
    rows = await store.page(owner, int(query.get("limit", ["50"])[0]), after, pattern)
    cursor = f'"{contract.next_cursor(rows.more_after)}"' if rows.more_after else "null"
    return b'{"items":%b,"next_cursor":%b,"total":null}' % (rows.json, cursor.encode())


async def sign_in(store: Store, body: dict[str, Any]) -> tuple[int, bytes]:
    found = await store.account(body["username"])
    if found is None or not await asyncio.to_thread(contract.is_right, body["password"], found[1]):
        return 401, b"null"
    return 200, json.dumps({"access_token": contract.access_token(found[0]), "token_type": "bearer"}).encode()


async def read(receive: Receive) -> Any:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return json.loads(body)
