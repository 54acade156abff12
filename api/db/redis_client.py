"""The client for Redis. It takes memory, so only a process with a REDIS_URL imports it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

if TYPE_CHECKING:
    from redis.asyncio import Redis


def connect(url: SecretStr, **options: Any) -> "Redis":
    """A client that does not retry, because its callers have a fallback and decide when to try again."""
    retry = import_module("redis.asyncio.retry").Retry(import_module("redis.backoff").NoBackoff(), 0)
    client: Redis = import_module("redis.asyncio").Redis.from_url(
        url.get_secret_value(), retry=retry, **options
    )
    return client


def failures() -> tuple[type[Exception], ...]:
    """The exceptions that the client raises if Redis is unavailable.

    Call it only in an `except` clause, which evaluates it after an exception, because it imports the client.
    """
    return import_module("redis").RedisError, OSError  # a timeout is an OSError
