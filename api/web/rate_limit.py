"""Limits how many requests a user may send, or an address without a valid token, and lets users take turns.

The counters are in memory, so each process counts by itself. The limits of single routes, which all processes
share, are in `api/deps/throttling.py`.
"""

import asyncio
import time

import limits
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import too_many_requests
from api.security import InvalidToken, read_token
from api.settings import Settings
from api.web.addresses import network_of, parse
from api.web.context import context_of
from api.web.headers import first_headers

FREE = {"/health", "/ready"}  # a load balancer asks often
SCHEME = b"bearer "
MOST_KEYS = 100_000  # counters in memory; beyond them, all further users and addresses share one
OTHERS = "others"
AT_ONCE = 8  # requests of a user that begin in one round of the event loop


class RateLimit:
    """Pure ASGI middleware. It answers 429 when an allowance is used up. Headers tell what is left.

    If a user sends many at once, the further ones begin one after the other, each in another round of the
    event loop, so that those of others come in between. While there are no others, this delays nothing.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        limit = limits.parse_many(settings.rate_limit_requests)[0]
        self.amount, self.seconds = limit.amount, limit.get_expiry()
        self.policy = f'"requests";q={self.amount};w={self.seconds}'.encode()
        self.window = 0
        self.counts: dict[str, int] = {}
        self.begun: dict[str, int] = {}  # in this round of the event loop
        self.last: dict[str, asyncio.Future[None]] = {}  # is done when another one may begin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in FREE:
            return await self.app(scope, receive, send)
        now, key = int(time.time()), self._key(scope)
        count, wait = self._count(key, now), self.seconds - now % self.seconds
        left = max(0, self.amount - count)
        headers = context_of(scope).headers
        headers[b"ratelimit-policy"] = self.policy
        headers[b"ratelimit"] = b'"requests";r=%d;t=%d' % (left, wait)
        if count > self.amount:
            refused = too_many_requests(wait)
            return await refused.response()(scope, receive, send)
        if not self.begun:
            asyncio.get_running_loop().call_soon(self.begun.clear)
        self.begun[key] = begun = self.begun.get(key, 0) + 1
        if begun > AT_ONCE or key in self.last:
            await self._turn(key)
        return await self.app(scope, receive, send)

    async def _turn(self, key: str) -> None:
        """Wait until the request before has begun."""
        loop = asyncio.get_running_loop()
        before, mine = self.last.get(key), loop.create_future()
        self.last[key] = mine
        try:
            if before is not None:
                await before
        finally:
            loop.call_soon(self._begin_next, key, mine)

    def _begin_next(self, key: str, mine: asyncio.Future[None]) -> None:
        if not mine.done():  # the one that waited for it was cancelled
            mine.set_result(None)
        if self.last.get(key) is mine:
            del self.last[key]

    def _count(self, key: str, now: int) -> int:
        """Count a request, and return how many there were in this window."""
        if now // self.seconds != self.window:
            self.window, self.counts = now // self.seconds, {}
        if key not in self.counts and len(self.counts) >= MOST_KEYS:
            key = OTHERS
        count = self.counts[key] = self.counts.get(key, 0) + 1
        return count

    def _key(self, scope: Scope) -> str:
        given = first_headers(scope).get(b"authorization", b"")
        if given[: len(SCHEME)].lower() == SCHEME:
            try:
                token = given[len(SCHEME) :].decode("latin-1")
                return str(read_token(self.settings, "access", token)["sub"])
            except InvalidToken:
                pass
        return network_of(parse(scope["client"][0]) if scope.get("client") else None)
