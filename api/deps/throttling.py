"""Rate limits, with the `limits` library: in memory, or in Redis for all replicas.

While Redis is unavailable, each process counts separately, because signing in must not depend on Redis. An
attacker then gets at most one allowance for each process.
"""

import asyncio
import hashlib
import logging
import math
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any
from weakref import WeakValueDictionary

from fastapi import Depends, Request
from fastapi.requests import HTTPConnection
from limits import RateLimitItem, parse_many
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter

from api.db import redis_client as redis
from api.deps.counters import Counters
from api.problems import Code, too_many_requests
from api.settings import Settings
from api.web.addresses import network
from api.web.dry_runs import counting

if TYPE_CHECKING:
    from redis.asyncio import Redis

log = logging.getLogger(__name__)

REDIS_SECONDS = 0.5  # seconds to wait for an answer
REDIS_PAUSE = 5.0  # seconds before Redis is tried again
Ask = Callable[[FixedWindowRateLimiter, RateLimitItem, str, str], Awaitable[Any]]


class Throttle:
    """Counts by rule and key. `hit` raises 429 when the allowance of a rule is used up."""

    def __init__(self, settings: Settings) -> None:
        self.enabled = settings.rate_limit_enabled
        self.rules = {
            "auth": parse_many(settings.rate_limit_auth),
            "refresh": parse_many(settings.rate_limit_refresh),
            "mail": parse_many(settings.rate_limit_mail),
            "recipient": parse_many(settings.rate_limit_recipient),
            "device": parse_many(settings.rate_limit_known_device),
            "source": parse_many(settings.rate_limit_failures_source),
            "account": parse_many(settings.rate_limit_failures_account),
            "address": parse_many(settings.rate_limit_failures_address),
        }
        self.turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.memory = FixedWindowRateLimiter(Counters())
        self.redis: FixedWindowRateLimiter | None = None
        self.client: Redis | None = None
        self.away_until = 0.0
        if settings.redis_url:
            patience = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
            self.client = redis.connect(settings.redis_url, **patience)
            pool: Any = self.client.connection_pool
            storage = RedisStorage("async+redis://", implementation="redispy", connection_pool=pool)
            self.redis = FixedWindowRateLimiter(storage)

    async def hit(self, rule: str, key: str) -> None:
        """Count a request, and raise 429 if it exceeds the allowance."""
        await self._refuse(rule, key, await self._exceeded(rule, key, FixedWindowRateLimiter.hit))

    async def check(self, rule: str, key: str) -> None:
        """Raise 429 if no allowance is left, without counting."""
        await self._refuse(rule, key, await self._exceeded(rule, key, FixedWindowRateLimiter.test))

    async def count(self, rule: str, key: str) -> bool:
        """Count a request, and tell whether it is within the allowance."""
        return await self._exceeded(rule, key, FixedWindowRateLimiter.hit) is None

    async def has_left(self, rule: str, key: str) -> bool:
        """Whether some allowance is left, without counting."""
        return await self._exceeded(rule, key, FixedWindowRateLimiter.test) is None

    def turn(self, key: str) -> asyncio.Lock:
        """A lock for this key in this process."""
        return self.turns.setdefault(key, asyncio.Lock())

    async def forgive(self, rule: str, key: str) -> None:
        """Reset the count of this key."""
        for item in self.rules[rule]:
            await self._ask(FixedWindowRateLimiter.clear, item, rule, key)

    async def _exceeded(self, rule: str, key: str, ask: Ask) -> RateLimitItem | None:
        """The first limit of the rule that is exceeded."""
        for item in self.rules[rule] if self.enabled else ():
            if not await self._ask(ask, item, rule, key):
                return item
        return None

    async def _refuse(self, rule: str, key: str, item: RateLimitItem | None) -> None:
        if item is not None:
            stats = await self._ask(FixedWindowRateLimiter.get_window_stats, item, rule, key)
            wait = max(1, math.ceil(stats.reset_time - time.time()))
            raise too_many_requests(wait)

    async def _ask(self, ask: Ask, item: RateLimitItem, rule: str, key: str) -> Any:
        if self.redis is not None and time.monotonic() >= self.away_until:
            try:
                return await ask(self.redis, item, rule, _hashed(key))
            except redis.failures() as error:
                self.away_until = time.monotonic() + REDIS_PAUSE
                log.warning("Redis is unavailable; each process counts separately: %s", error)
        return await ask(self.memory, item, rule, _hashed(key))

    async def ping(self) -> None:
        """Raise if Redis is configured and does not answer."""
        if self.redis is not None and not await self.redis.storage.check():
            raise ConnectionError("Redis does not answer.")

    async def close(self) -> None:
        if self.client is not None:
            await self.client.aclose()


def _hashed(key: str) -> str:
    """A hash of the key, so that Redis stores no usernames and addresses."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:32]


async def get_throttle(connection: HTTPConnection) -> Throttle:
    throttle: Throttle = connection.app.state.throttle
    return throttle


get_throttle.is_throttle = True  # type: ignore[attr-defined]  # read in web/dry_runs.py
ThrottleDep = Annotated[Throttle, Depends(get_throttle)]


def limited(rule: str) -> Any:
    """A dependency: limit the requests of each address to this route by a rule."""

    @counting
    async def count(request: Request, throttle: ThrottleDep) -> None:
        await throttle.hit(rule, f"{network(request)} {request.scope['route'].name}")

    count.codes = (Code.too_many_requests,)  # type: ignore[attr-defined]  # read in openapi/
    return Depends(count)
