"""Creates a database with Onefold's migrations, and adds accounts and sign-ins."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert, select
from sqlmodel import SQLModel

from api.db.engine import Database
from api.db.migrations import upgrade
from api.models.base import uuid7
from api.models.role import USER, Role
from api.models.user import User
from api.models.user_session import UserSession
from api.security import hash_password, make_token
from api.seeds.first_start import seed
from api.settings import Settings
from bench.apps import SECRET_KEY

PASSWORD = "correct horse battery"  # noqa: S105  of made-up accounts


@dataclass(frozen=True)
class Owner:
    id: UUID
    username: str
    token: str  # of a sign-in, if there is one
    notes: list[UUID] = field(default_factory=list)  # newest first


async def populate(url: str, owners: int, asking: int) -> list[Owner]:
    """So many accounts, the first of which are signed in."""
    settings = Settings(_env_file=None, environment="production", database_url=url, secret_key=SECRET_KEY)
    database = Database(settings, is_patient=True)
    await upgrade(database.engine)
    await seed(database, settings)
    users = accounts(owners, await hash_password(PASSWORD, settings))
    sessions = {user["id"]: uuid7() for user in users[:asking]}
    async with database.engine.begin() as connection:
        role_id = (
            await connection.execute(select(table(Role).c.id).where(table(Role).c.name == USER))
        ).scalar_one()
        await connection.execute(insert(table(User)), [user | {"role_id": role_id} for user in users])
        await connection.execute(insert(table(UserSession)), [signed_in(*pair) for pair in sessions.items()])
    await database.close()
    day = timedelta(days=1)
    tokens = {
        id: make_token(settings, "access", id, day, sid=str(session)) for id, session in sessions.items()
    }
    return [Owner(user["id"], user["username"], tokens.get(user["id"], "")) for user in users]


async def add(url: str, model: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    settings = Settings(_env_file=None, environment="production", database_url=url, secret_key=SECRET_KEY)
    database = Database(settings, is_patient=True)
    async with database.engine.begin() as connection:
        await connection.execute(insert(table(model)), rows)
    await database.close()


def accounts(number: int, hashed: str) -> list[dict[str, Any]]:
    now, users = datetime.now(UTC), []
    for name in (f"owner{i}" for i in range(number)):
        email = f"{name}@example.com"
        keys = {"username": name, "username_key": name, "email": email, "email_key": email}
        state = {"email_verified": True, "is_active": True, "hashed_password": hashed}
        users.append({"id": uuid7(), "created_at": now, "updated_at": now} | keys | state)
    return users


def signed_in(user_id: UUID, session_id: UUID) -> dict[str, Any]:
    now = datetime.now(UTC)
    moments = {
        "created_at": now,
        "updated_at": now,
        "last_used_at": now,
        "expires_at": now + timedelta(days=30),
    }
    return {"id": session_id, "user_id": user_id} | moments


def table(model: type[SQLModel]) -> Table:
    found: Table = SQLModel.metadata.tables[str(model.__tablename__)]
    return found
