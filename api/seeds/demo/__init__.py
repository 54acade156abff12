"""The demo data of a small learning centre, for development only.

One file per entity, discovered automatically.

In each file, ROWS maps a table to the function that creates its rows. Tables are filled in the order of their
foreign keys, so the rows of groups can use `demo.find(User, username="maria")`.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.models.base import Entity, utcnow, uuid7
from api.models.role import Role
from api.models.user import User
from api.security import hash_password
from api.settings import Settings

Row = TypeVar("Row", bound=Entity)


@dataclass
class Demo:
    """The argument of the functions in ROWS."""

    today: datetime  # the current hour at loading
    hashed_password: str  # the same for all users
    roles: dict[str, UUID]
    made: dict[type[Entity], list[Any]] = field(default_factory=dict)

    def find(self, model: type[Row], **values: Any) -> Row:
        """The demo row with these values."""
        rows: list[Row] = self.made[model]
        return next(row for row in rows if all(getattr(row, name) == values[name] for name in values))

    def user(self, name: str) -> UUID:
        return self.find(User, username=name).id


Make = Callable[[Demo], Iterable[Entity]]


def makers() -> list[tuple[type[Entity], Make]]:
    """The ROWS of all files, in the order of the tables' foreign keys."""
    files = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    order = {table.name: place for place, table in enumerate(SQLModel.metadata.sorted_tables)}
    found = [pair for file in files for pair in file.ROWS.items()]
    return sorted(found, key=lambda pair: order[str(pair[0].__tablename__)])


def usernames() -> list[str]:
    """The names of the demo users, whether they are in the database or not."""
    demo = Demo(utcnow(), "", defaultdict(uuid7))
    for model, make in makers():
        demo.made[model] = list(make(demo))
        if model is User:
            return [user.username for user in demo.made[User]]
    return []


async def load_demo(session: AsyncSession, settings: Settings) -> str | None:
    """Add all rows once. Return the password of the demo users, or None if they already exist."""
    password, today = secrets.token_urlsafe(9), utcnow().replace(minute=0, second=0, microsecond=0)
    roles = {role.name: role.id for role in await session.exec(select(Role))}
    demo = Demo(today, await hash_password(password, settings), roles)
    for model, make in makers():
        demo.made[model] = list(make(demo))
    first: User = demo.made[User][0]
    present = select(User.id).where(User.username_key == first.username_key)
    if (await session.exec(present)).first() is not None:
        return None
    for rows in demo.made.values():
        session.add_all(rows)
        await session.flush()
    return password
