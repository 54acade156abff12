"""What a new database needs: the built-in roles, and somebody to begin with."""

import logging
import secrets
from importlib import import_module

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import Database
from api.flows.accounts import create_user
from api.models.base import Permission
from api.models.role import ADMIN, SEEDED, Role, seeded_permissions
from api.models.user import User, UserCreate
from api.seeds.demo import load_demo
from api.settings import Settings

WELCOME = "Demo data is loaded. maria and tom are staff, lena is a user. All passwords: {password} (not shown again)"

log = logging.getLogger(__name__)


async def make_ready(settings: Settings, *, is_demo: bool) -> None:
    """Bring the database to the newest migration, with what has to be in it."""
    database = Database(settings)
    await import_module("api.db.migrations").upgrade(database.engine)  # Alembic is not loaded by a process that serves
    await seed(database, settings)
    if is_demo:
        await seed_demo(database, settings)
    await database.close()


async def seed(database: Database, settings: Settings) -> None:
    """Idempotent, and harmless when several replicas do it at once: the one that comes second finds it done."""
    try:
        async with database.write() as session, session.begin():
            await _seed_roles(session)
    except IntegrityError:
        log.info("Another replica created the roles")
    try:
        async with database.write() as session, session.begin():
            made_up = await _seed_admin(session, settings)
            shared = await load_demo(session, settings) if made_up and settings.demo_data else None
        if made_up:
            _tell(f"Your administrator: admin, password {made_up} (not shown again)")
        if shared:
            _tell(WELCOME.format(password=shared))
    except IntegrityError:
        log.info("The first admin was not created: another replica created it, or its username or e-mail address is taken")


async def seed_demo(database: Database, settings: Settings) -> None:
    """The demo on demand. Run again, it changes nothing."""
    try:
        async with database.write() as session, session.begin():
            shared = await load_demo(session, settings)
    except IntegrityError:
        _tell("The demo data was not added: an existing row uses one of its names.")
    else:
        _tell(WELCOME.format(password=shared) if shared else "The demo data already exists.")


def _tell(words: str) -> None:
    print(f"\n{words}\n", flush=True)  # noqa: T201


async def _seed_roles(session: AsyncSession) -> None:
    present = {role.name: role for role in await session.exec(select(Role).where(col(Role.name).in_(SEEDED)))}
    for name, description in SEEDED.items():
        if name not in present:
            session.add(Role(name=name, description=description, permissions=seeded_permissions(name)))
    if ADMIN in present and not set(Permission.members()) <= set(present[ADMIN].permissions):
        present[ADMIN].permissions = Permission.members()  # a new one: nobody could grant it otherwise


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
