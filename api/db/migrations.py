"""Migrations: upgrade a database to the newest version. Replicas may do so at the same time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from api.db.errors import CannotStart

HOME = Path(__file__).parent.parent.parent


def configuration() -> Config:
    return Config(toml_file=HOME / "pyproject.toml")


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    def run(connection: Connection) -> None:
        config = configuration()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, revision)
        except CommandError as error:  # its migration is of another version, or there are two heads
            raise CannotStart(f"The database cannot be migrated: {error}") from None

    async with engine.connect() as connection:
        await connection.run_sync(run)
