"""What a new database needs: the built-in roles, and somebody to begin with."""

import logging
import secrets

from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import Database
from api.flows.accounts import create_user
from api.models import Role, User, UserCreate
from api.models.role import ADMIN, SEEDED
from api.settings import Settings

log = logging.getLogger(__name__)


async def seed(database: Database, settings: Settings) -> None:
    """Idempotent, and harmless when several replicas do it at once: the one that comes second finds it done."""
    try:
        async with database.write() as session, session.begin():
            await _seed_roles(session)
    except IntegrityError:
        log.info("Another replica made the roles")
    try:
        async with database.write() as session, session.begin():
            made_up = await _seed_admin(session, settings)
        if made_up:
            print(f"\nYour administrator: admin, password {made_up} (it is not shown again)\n", flush=True)  # noqa: T201
    except IntegrityError:
        log.info("Another replica made the first admin, or its name or address belongs to somebody else")


async def _seed_roles(session: AsyncSession) -> None:
    present = set(await session.exec(select(Role.name)))
    for name, (description, permissions) in SEEDED.items():
        if name not in present:
            session.add(Role(name=name, description=description, permissions=permissions))


async def _seed_admin(session: AsyncSession, settings: Settings) -> str | None:
    """The admin of the settings where there is none; in development and an empty database, one whose password is returned."""
    admins = select(User.id).join(Role).where(Role.name == ADMIN).limit(1)
    if (await session.exec(admins)).first() is not None:
        return None
    if settings.first_admin_username and settings.first_admin_email and settings.first_admin_password:
        username, email = settings.first_admin_username, settings.first_admin_email
        password, made_up = settings.first_admin_password.get_secret_value(), None
    elif settings.development and (await session.exec(select(User.id).limit(1))).first() is None:
        username, email, password = "admin", "admin@example.com", secrets.token_urlsafe(12)
        made_up = password
    else:
        return None
    first = UserCreate(username=username, email=email, password=password, role=ADMIN, email_verified=True)
    await create_user(session, settings, **first.model_dump())
    return made_up
