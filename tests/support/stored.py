"""Everything that is stored, to compare what it was before a request with what it is afterwards."""

from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from api.db.engine import Database

Stored = dict[str, list[Any]]


async def stored(database: Database, *without: str) -> Stored:
    """The rows of all tables but these."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in without]
    async with database.reader.connect() as connection:
        return {
            table.name: sorted(map(repr, (await connection.execute(select(table))).all())) for table in tables
        }


def changed(before: Stored, after: Stored) -> list[str]:
    """The tables whose rows differ."""
    return [name for name in before if before[name] != after[name]]
