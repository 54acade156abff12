"""Limits how many requests a user may send, or an address without a valid token.

The counters are in memory, so each process counts by itself. The limits of single routes, which all processes
share, are in `api/deps/throttling.py`.
"""

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


class RateLimit:
    """Pure ASGI middleware. It answers 429 when an allowance is used up. Headers tell what is left."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        limit = limits.parse_many(settings.rate_limit_requests)[0]
        self.amount, self.seconds = limit.amount, limit.get_expiry()
        self.policy = f'"requests";q={self.amount};w={self.seconds}'.encode()
        self.window = 0
        self.counts: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in FREE:
            return await self.app(scope, receive, send)
        now = int(time.time())
        count, wait = self._count(self._key(scope), now), self.seconds - now % self.seconds
        left = max(0, self.amount - count)
        headers = context_of(scope).headers
        headers[b"ratelimit-policy"] = self.policy
        headers[b"ratelimit"] = b'"requests";r=%d;t=%d' % (left, wait)
        if count <= self.amount:
            return await self.app(scope, receive, send)
        refused = too_many_requests(wait)
        return await refused.response()(scope, receive, send)

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
