"""What the page tells: what runs, how many rows each entity has, and which demo accounts there are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select
from starlette.requests import Request

from api.db.engine import Database
from api.db.readiness import UNAVAILABLE, fault_of
from api.models.base import public_of, tables
from api.models.user import User
from api.problems import ProblemError
from api.security import fold
from api.settings import Settings

MOST = 10_000  # rows of a table that are counted
CHECK = "Check DATABASE_URL, and whether the server runs."


@dataclass(frozen=True)
class Part:
    """Something that the application runs with. One that is not well says what to do."""

    name: str
    state: str  # a word beside its colour
    about: str
    is_well: bool = True


@dataclass(frozen=True)
class Account:
    username: str
    full_name: str
    role: str


@dataclass
class Facts:
    parts: list[Part] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)


@cache
def entities() -> list[sa.Table]:
    """The tables whose rows the API shows. The others serve these."""
    return [model.__table__ for model in tables() if public_of(model) is not None]


async def facts_of(request: Request, settings: Settings, usernames: Sequence[str]) -> Facts:
    database: Database = request.app.state.database
    facts, fault = Facts(), None
    try:
        await database.ping()
        version, facts.counts = await _counts(database)
        facts.accounts = await _accounts(database, usernames)
    except ProblemError as problem:
        fault = str(problem.detail)
    except (SQLAlchemyError, OSError) as error:
        fault = fault_of(error)
    if fault is None:
        where = f", in {database.engine.url.database}" if database.is_sqlite else ""
        engine = "SQLite" if database.is_sqlite else "PostgreSQL"
        facts.parts = [Part("Database", "runs", f"{engine} {version}{where}")]
    else:
        facts.parts = [
            Part("Database", "fails", f"{fault} {CHECK}" if fault == UNAVAILABLE else fault, False)
        ]
    facts.parts += [await _redis(request, settings), _mail(settings), _pictures(settings)]
    return facts


async def _counts(database: Database) -> tuple[str, dict[str, int]]:
    """The engine's version, and the rows of each entity: of a large one, as many as are counted, and one."""
    [found] = await database.rows(_counting(database.is_sqlite))
    version, *counts = found
    return str(version).partition(" ")[0], dict(
        zip((table.name for table in entities()), counts, strict=True)
    )


@cache
def _counting(is_sqlite: bool) -> Any:
    version = sa.func.sqlite_version() if is_sqlite else sa.func.current_setting("server_version")
    few = [sa.select(sa.literal(1)).select_from(table).limit(MOST + 1).subquery() for table in entities()]
    counts = [sa.select(sa.func.count()).select_from(one).scalar_subquery() for one in few]
    return sa.select(
        version, *(count.label(table.name) for count, table in zip(counts, entities(), strict=True))
    )


async def _accounts(database: Database, usernames: Sequence[str]) -> list[Account]:
    """Those of these accounts that there are, in this order."""
    place = {fold(name): number for number, name in enumerate(usernames)}
    query = select(User).where(col(User.username_key).in_(place), col(User.is_active))
    async with database.read() as session:
        found = (await session.exec(query)).all()
    found = sorted(found, key=lambda user: place[user.username_key])
    return [Account(user.username, user.full_name, user.role.name) for user in found]


async def _redis(request: Request, settings: Settings) -> Part:
    if settings.redis_url is None:
        return Part("Redis", "not needed", "One process counts for itself. Set REDIS_URL for several.")
    try:
        await request.app.state.throttle.ping()
    except OSError:
        about = "It does not answer, so each process counts for itself. Start it, or check REDIS_URL."
        return Part("Redis", "fails", about, False)
    return Part("Redis", "runs", "It counts for all processes, and wakes their streams.")


def _mail(settings: Settings) -> Part:
    if settings.smtp_host:
        return Part("Mail", "sent", f"Through {settings.smtp_host}, port {settings.smtp_port}.")
    return Part("Mail", "printed", "The server prints it in its terminal. Set SMTP_HOST to send it.")


def _pictures(settings: Settings) -> Part:
    most = settings.max_upload_bytes // 1024
    return Part("Pictures", "stored", f"In the database, up to {most:,} KB each.")
