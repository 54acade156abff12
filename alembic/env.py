"""How migrations run: on both engines, one process at a time, all or nothing."""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.operations.ops import AddColumnOp, MigrationScript
from sqlalchemy import JSON, Column, Connection, Enum, String, TypeDecorator
from sqlmodel import AutoString, SQLModel, UTCDateTime

import api.routers  # noqa: F401  so that every table and every list is known
from api.db.engine import Database
from api.environment.start import read
from api.lists.search_indexes import SEARCH, index_searches
from api.lists.word_indexes import index_words
from api.lists.words import WORDS
from api.settings import Settings

LOCK = 0x5EED_A1E3  # any constant: one replica migrates, the others wait and then find nothing to do


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write plain SQLAlchemy types in migrations, so that they depend neither on SQLModel nor on the app."""
    if kind == "type" and isinstance(item, AutoString):
        length = getattr(item.impl, "length", None)
        return f"sa.String(length={length})" if length else "sa.String()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    is_ours = isinstance(item, TypeDecorator) and not type(item).__module__.startswith("sqlalchemy.")
    if kind == "type" and is_ours:  # it converts what the plain type holds
        return f"sa.{item.impl!r}"
    return False


def include_name(name: str | None, kind: str, _: Any) -> bool:
    """Leave out what is derived from the lists: see index_searches and index_words."""
    derived = {"index": SEARCH, "table": WORDS}.get(kind)
    return derived is None or not (name or "").startswith(derived)


class Postgresql(PostgresqlImpl):
    """Compares defaults in JSON as they are written. Alembic asks PostgreSQL, which does not compare JSON."""

    __dialect__ = "postgresql"

    def compare_server_default(self, there: Column[Any], here: Column[Any], *defaults: str | None) -> bool:
        if not isinstance(here.type, JSON):
            # Alembic has no types here
            return bool(super().compare_server_default(there, here, *defaults))  # type: ignore[no-untyped-call]
        declared, found = ((one or "").partition("::")[0] for one in defaults)
        return declared != found


def name_constraints_once(_: Any, __: Any, directives: list[MigrationScript]) -> None:
    """Write a new column of an enum as a string. The migration adds its CHECK constraint apart, and once."""
    for script in directives:
        for upgrade in script.upgrade_ops_list:
            for table in upgrade.ops:
                for change in getattr(table, "ops", ()):
                    if isinstance(change, AddColumnOp) and isinstance(enum := change.column.type, Enum):
                        change.column = change.column._copy()
                        change.column.type = String(enum.length)


def migrate(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if (
        sqlite
    ):  # rebuilding a table drops it, and with foreign keys on that would delete the rows which refer to it
        connection = connection.execution_options(
            migrating=True
        )  # the pragma does nothing within a transaction
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
        compare_server_default=True,
        render_as_batch=True,
        render_item=render_item,
        include_name=include_name,
        process_revision_directives=name_constraints_once,
        transactional_ddl=True,
    )
    try:
        with context.begin_transaction():
            if sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            context.run_migrations()
            (index_words if sqlite else index_searches)(connection)
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise RuntimeError(f"This migration leaves rows that refer to nothing: {broken}")
    finally:  # the connection goes back to its pool
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
            connection.commit()


async def main() -> None:
    database = Database(read(Settings), is_patient=True)
    async with database.engine.connect() as connection:
        await connection.run_sync(migrate)
    await database.close()


if context.is_offline_mode():
    context.configure(
        url=read(Settings).database_url,
        target_metadata=SQLModel.metadata,
        literal_binds=True,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
elif (given := context.config.attributes.get("connection")) is not None:
    migrate(given)  # called by the app or the tests, inside their event loop
else:
    asyncio.run(main())
