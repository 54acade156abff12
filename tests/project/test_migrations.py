"""What migrations promise: they build what the models say, lose nothing, and any number of replicas may run
them at once."""

import asyncio
import io
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, text
from sqlmodel import select

from api.db.engine import Database
from api.db.migrations import HOME, configuration, upgrade
from api.models.base import utcnow
from api.models.role import Role
from api.models.user import User
from api.models.user_session import RefreshToken, UserSession
from api.seeds.demo.users import PEOPLE
from api.settings import Settings
from tests.conftest import WORKER, empty_database

pytestmark = pytest.mark.anyio
only_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
async def empty(kind: str, settings: Settings, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with nothing in it."""
    url = await empty_database(kind, tmp_path, f"empty_{WORKER}")
    database = Database(Settings(**settings.model_dump() | {"database_url": url}))
    yield database
    await database.close()


async def run(database: Database, step: Callable[[Config], object], config: Config | None = None) -> None:
    config = config or configuration()
    config.stdout = io.StringIO()

    def inside(connection: Connection) -> None:
        config.attributes["connection"] = connection
        step(config)

    async with database.engine.connect() as connection:
        await connection.run_sync(inside)


async def tables(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_models_and_migrations_are_the_same(database: Database) -> None:
    await run(database, command.check)


async def test_every_migration_goes_up_and_down_and_up_again(empty: Database) -> None:
    revisions = [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()][
        ::-1
    ]

    for revision in revisions:
        await upgrade(empty.engine, revision)
        after = await tables(empty)
        await run(empty, lambda config: command.downgrade(config, "-1"))
        await upgrade(empty.engine, revision)
        assert await tables(empty) == after
    await run(empty, command.check)
    await run(empty, lambda config: command.downgrade(config, "base"))
    assert await tables(empty) == {"alembic_version"}


def test_history_has_one_end() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


def next_migration(folder: Path, up: str, down: str = "pass") -> Config:
    """Our history, and one more migration that nobody wrote yet."""
    shutil.copytree(HOME / "alembic", folder / "alembic")
    config = configuration()
    head = ScriptDirectory.from_config(config).get_current_head()
    lines = [
        "import sqlalchemy as sa",
        "from alembic import op",
        f"revision, down_revision = 'the_next', {head!r}",
        *("def upgrade():", f"    {up}", "def downgrade():", f"    {down}"),
    ]
    (folder / "alembic/versions/the_next.py").write_text("\n".join(lines) + "\n")
    config.set_main_option("script_location", str(folder / "alembic"))
    return config


async def fill(database: Database) -> None:
    now = utcnow()
    async with database.write() as session, session.begin():
        role = Role(name="user")
        ada: dict[str, Any] = {
            "username": "ada",
            "email": "ada@example.com",
            "hashed_password": "-",
            "role_id": role.id,
        }
        user = User(**ada)
        family = UserSession(user_id=user.id, last_used_at=now, expires_at=now + timedelta(days=1))
        for row in (role, user, family, RefreshToken(session_id=family.id, token_hash="-")):
            session.add(row)
            await session.flush()


async def rows(database: Database) -> list[int]:
    async with database.read() as session:
        models = (Role, User, UserSession, RefreshToken)
        return [(await session.exec(select(func.count()).select_from(model))).one() for model in models]


async def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(empty: Database, tmp_path: Path) -> None:
    """SQLite cannot change a column, so Alembic makes the table anew. Dropping the old one must not
    cascade."""
    change = (
        "with op.batch_alter_table('users') as users: users.alter_column('last_name', type_=sa.String({}))"
    )
    config = next_migration(tmp_path, change.format(200), change.format(100))
    await upgrade(empty.engine)
    await fill(empty)

    await run(empty, lambda config: command.upgrade(config, "head"), config)
    changed = await rows(empty)
    await run(empty, lambda config: command.downgrade(config, "-1"), config)

    assert changed == await rows(empty) == [1, 1, 1, 1]
    await run(empty, command.check)  # nor was a constraint lost on the way
    async with empty.write() as session, session.begin():
        await session.delete((await session.exec(select(User))).one())
    assert await rows(empty) == [1, 0, 0, 0]  # and foreign keys are back in force


@only_sqlite
async def test_a_migration_that_leaves_orphans_fails_and_changes_nothing(
    empty: Database, tmp_path: Path
) -> None:
    config = next_migration(tmp_path, "op.execute('DELETE FROM users'); op.drop_table('refresh_tokens')")
    await upgrade(empty.engine)
    await fill(empty)

    with pytest.raises(RuntimeError, match="refer to nothing"):
        await run(empty, lambda config: command.upgrade(config, "head"), config)

    assert await rows(empty) == [1, 1, 1, 1]
    async with empty.engine.connect() as connection:
        version = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
        assert version == ScriptDirectory.from_config(configuration()).get_current_head()
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar_one() == 1


async def test_a_migration_that_breaks_changes_nothing(empty: Database, tmp_path: Path) -> None:
    config = next_migration(
        tmp_path, "op.create_table('half', sa.Column('id', sa.Integer())); raise RuntimeError('broken')"
    )
    await upgrade(empty.engine)
    before = await tables(empty)

    with pytest.raises(RuntimeError, match="broken"):
        await run(empty, lambda config: command.upgrade(config, "head"), config)

    assert await tables(empty) == before


# Importing the app takes longer than migrating, so it is done once: then four processes start in the same
# moment.
REPLICAS = """
import os, sys
import api.__main__ as cli
sys.argv[1:] = ["migrate"]
if all(os.fork() for _ in range(4)):
    sys.exit(sum(os.wait()[1] != 0 for _ in range(4)))
cli.main()
"""


@pytest.mark.heavy
async def test_four_replicas_that_migrate_at_once_make_one_database(empty: Database, tmp_path: Path) -> None:
    environment = os.environ | {
        "DATABASE_URL": empty.engine.url.render_as_string(hide_password=False),
        "ENVIRONMENT": "development",
        "PASSWORD_HASH_ROUNDS": "4",
        "PYTHONPATH": str(HOME),
    }
    replicas = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", REPLICAS),
        env=environment,
        cwd=tmp_path,  # where there is no .env
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await replicas.communicate())[0].decode()

    assert replicas.returncode == 0, said  # it counts those that failed
    assert said.count("Your administrator: admin") == 1
    async with empty.read() as session:
        assert sorted(await session.exec(select(Role.name))) == ["admin", "staff", "user"]
        assert sorted(await session.exec(select(User.username))) == sorted(["admin", *PEOPLE])
    await run(empty, command.check)
