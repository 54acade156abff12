"""Migrations: upgrade a database to the newest version. Replicas may do so at the same time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

HOME = Path(__file__).parent.parent.parent


def configuration() -> Config:
    return Config(toml_file=HOME / "pyproject.toml")


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    def run(connection: Connection) -> None:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    async with engine.connect() as connection:
        await connection.run_sync(run)
