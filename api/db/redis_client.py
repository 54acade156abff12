"""The way to Redis. Its client takes memory, so only a process that has a REDIS_URL imports it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

if TYPE_CHECKING:
    from redis.asyncio import Redis


def connect(url: SecretStr, **options: Any) -> "Redis":
    """A client that fails at once: whoever asks has another way, and knows when to try again."""
    retry = import_module("redis.asyncio.retry").Retry(import_module("redis.backoff").NoBackoff(), 0)
    client: Redis = import_module("redis.asyncio").Redis.from_url(
        url.get_secret_value(), retry=retry, **options
    )
    return client


def failures() -> tuple[type[Exception], ...]:
    """What is raised when Redis is away. An `except` looks here only when something was raised."""
    return import_module("redis").RedisError, OSError  # of which a timeout is one
