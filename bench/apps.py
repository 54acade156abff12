"""The measured apps: Onefold as users run it, its peers and the limits. Their pools have the same size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

HOME = Path(__file__).parent.parent
OURS, THEIRS = HOME / ".venv/bin/python", HOME / ".venv-bench/bin/python"
SECRET_KEY = "a secret for measuring, which is long enough"  # noqa: S105  it protects made-up rows
POOL = 16
BOTH = ("postgresql", "sqlite")


@dataclass(frozen=True)
class App:
    name: str
    kind: Literal["ours", "peer", "limit"]
    what: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    engines: tuple[str, ...] = BOTH

    def started_with(self, url: str, processes: int) -> tuple[list[str], dict[str, str]]:
        command = [part.replace("{processes}", str(processes)) for part in self.command]
        environment = {"DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, "DATABASE_POOL_SIZE": str(POOL)}
        return command, environment | {
            name: value.format(processes=processes) for name, value in self.environment.items()
        }


def asgi(module: str) -> tuple[str, ...]:
    options = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning")
    return (
        str(THEIRS),
        "-m",
        "uvicorn",
        f"bench.peers.{module}:app",
        *options,
        "--port",
        "{port}",
        "--workers",
        "{processes}",
    )


def wsgi(module: str) -> tuple[str, ...]:
    options = (
        "--worker-class",
        "gthread",
        "--threads",
        THREADS,
        "--keep-alive",
        "60",
        "--log-level",
        "warning",
    )
    bound = ("--bind", "127.0.0.1:{port}", "--workers", "{processes}")
    return (str(THEIRS), "-m", "gunicorn", f"bench.peers.{module}:app", *options, *bound)


THREADS = "16"
ONEFOLD = App(
    "onefold",
    "ours",
    "`python -m api serve` in production, all promises kept",
    (str(OURS), "-m", "api", "serve"),
    {
        "ENVIRONMENT": "production",
        "MIGRATE_ON_START": "false",
        "RATE_LIMIT_ENABLED": "false",
        "WEB_CONCURRENCY": "{processes}",
    },
)
APPS = (
    ONEFOLD,
    App(
        "template",
        "peer",
        "FastAPI, in the style of full-stack-fastapi-template, synchronous",
        asgi("template"),
    ),
    App("plain", "peer", "FastAPI and SQLModel with an `AsyncSession`", asgi("plain")),
    App("litestar", "peer", "Litestar, advanced-alchemy and msgspec", asgi("litestar_app")),
    App("drf", "peer", "Django REST Framework on gunicorn's threads", wsgi("drf")),
    App("ninja", "peer", "Django Ninja on gunicorn's threads", wsgi("ninja")),
    App(
        *(
            "limit-asyncpg",
            "limit",
            "no framework; asyncpg, and JSON built by PostgreSQL",
            asgi("limit_postgres"),
        ),
        environment={"LIMIT": "asyncpg"},
        engines=("postgresql",),
    ),
    App(
        *("limit-psycopg", "limit", "the same with psycopg 3", asgi("limit_postgres")),
        environment={"LIMIT": "psycopg"},
        engines=("postgresql",),
    ),
    App(
        "limit-sqlite",
        "limit",
        "no framework; the standard library's sqlite3",
        asgi("limit_sqlite"),
        engines=("sqlite",),
    ),
)
