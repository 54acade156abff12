"""The first start: the built-in roles and the first admin."""

import logging
import secrets
from importlib import import_module

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import Database
from api.db.errors import CannotStart
from api.db.readiness import why_not
from api.flows.accounts import create_user
from api.flows.sign_outs import end_impersonations
from api.models.base import Permission
from api.models.role import ADMIN, SEEDED, Role, seeded_permissions
from api.models.user import User, UserCreate
from api.problems import ProblemError
from api.seeds.demo import load_demo, usernames
from api.settings import Settings

WELCOME = (
    "Demo data is loaded. maria and tom are staff, lena is a user. "
    "All passwords: {password} (not shown again)"
)

FIRST_ADMIN = "admin"  # without the settings of one, in development

log = logging.getLogger(__name__)


async def make_ready(settings: Settings, *, migrates: bool = True, is_demo: bool = False) -> None:
    """Migrate the database, and add the required rows. This may take longer than a request."""
    database = Database(settings, is_patient=True)
    try:
        if migrates:  # imported only then, because Alembic takes time and memory
            await import_module("api.db.migrations").upgrade(database.engine)
        await seed(database, settings)
        if is_demo:
            await seed_demo(database, settings)
    except (SQLAlchemyError, OSError) as error:
        if reason := why_not(error):
            raise CannotStart(reason) from error
        raise
    finally:
        await database.close()


async def seed(database: Database, settings: Settings) -> None:
    """Add the missing roles and the first admin. Several replicas may run this at the same time."""
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
        log.info(
            "The first admin was not created: another replica did, or its username or e-mail address is taken"
        )


async def seed_demo(database: Database, settings: Settings) -> None:
    """Add the demo data. A second run changes nothing."""
    try:
        async with database.write() as session, session.begin():
            shared = await load_demo(session, settings)
    except IntegrityError:
        _tell("The demo data was not added: an existing row uses one of its names.")
    else:
        _tell(WELCOME.format(password=shared) if shared else "The demo data already exists.")


def known_usernames(settings: Settings) -> list[str]:
    """The accounts that a first start in development makes: the first admin, and the demo users."""
    return [settings.first_admin_username or FIRST_ADMIN, *usernames()]


def _tell(words: str) -> None:
    print(f"\n{words}\n", flush=True)  # noqa: T201


async def _seed_roles(session: AsyncSession) -> None:
    present = {role.name: role for role in await session.exec(select(Role).where(col(Role.name).in_(SEEDED)))}
    for name, description in SEEDED.items():
        if name not in present:
            session.add(Role(name=name, description=description, permissions=seeded_permissions(name)))
    if ADMIN in present and not set(Permission.members()) <= set(present[ADMIN].permissions):
        # Includes new permissions, which nobody could grant otherwise
        present[ADMIN].permissions = Permission.members()
        await end_impersonations(session, col(User.role_id) == present[ADMIN].id)


async def _seed_admin(session: AsyncSession, settings: Settings) -> str | None:
    """Create the admin from the settings, if there is none.

    In development and an empty database, create one with a random password, and return this password.
    """
    admins = select(User.id).join(Role).where(Role.name == ADMIN).limit(1)
    if (await session.exec(admins)).first() is not None:
        return None
    if settings.first_admin_username and settings.first_admin_email and settings.first_admin_password:
        username, email = settings.first_admin_username, settings.first_admin_email
        password, made_up = settings.first_admin_password.get_secret_value(), None
    elif settings.development and (await session.exec(select(User.id).limit(1))).first() is None:
        username, email, password = FIRST_ADMIN, "admin@example.com", secrets.token_urlsafe(12)
        made_up = password
    else:
        return None
    try:
        first = UserCreate(username=username, email=email, password=password, role=ADMIN, email_verified=True)
        await create_user(session, settings, **first.model_dump())
    except (ValidationError, ProblemError) as error:
        raise CannotStart(_said(error)) from None  # without the values, of which one is the password
    return made_up


def _said(error: ValidationError | ProblemError) -> str:
    """What is wrong with the settings of the first admin."""
    errors = error.errors(include_input=False) if isinstance(error, ValidationError) else error.errors
    wrong = [one if isinstance(one, dict) else one.model_dump() for one in errors]
    return " ".join(f"FIRST_ADMIN_{str(one['loc'][-1]).upper()}: {one['msg']}" for one in wrong)
