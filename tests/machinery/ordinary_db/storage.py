"""The tables of this suite in a database: made, filled, looked at by plain SQL, and put back."""

from typing import Any

import sqlalchemy as sa

from tests.machinery.ordinary_db.comparing import masked
from tests.machinery.ordinary_db.models import apart
from tests.machinery.ordinary_db.seeds import seeds

FIRST_MADE = 100  # what sequences begin with, beyond the ids that seeds have


class Storage:
    def __init__(self, url: str, people: list[Any]) -> None:
        self.engine = sa.create_engine(sa.make_url(url.replace("+aiosqlite", "")), poolclass=sa.StaticPool)
        self.is_postgresql = self.engine.dialect.name == "postgresql"
        self.tables = [table for table in apart.metadata.sorted_tables if self._holds(table)]
        self.connection = self.engine.connect()
        apart.metadata.create_all(self.connection, tables=self.tables)
        self.seeds = seeds(people)
        for table in self.tables:
            self._fill(table)
        self._end()
        self.seeded = self._look()
        self.version = self._version()

    def _holds(self, table: sa.Table) -> bool:
        return (
            not table.info.get("foreign")
            and table.info.get("only", self.engine.dialect.name) == self.engine.dialect.name
        )

    def _fill(self, table: sa.Table) -> None:
        if rows := self.seeds.get(table.name):
            for row in rows:
                self.connection.execute(table.insert().values(row))

    def _end(self) -> None:
        if self.is_postgresql:
            ours = "FROM pg_class WHERE relkind = 'S' AND starts_with(relname, 'ordinary')"
            self.connection.exec_driver_sql(f"SELECT setval(oid, {FIRST_MADE}) {ours}")
        self.connection.commit()

    def _version(self) -> Any:
        """Another one as soon as somebody has written."""
        sql = (
            "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
            if self.is_postgresql
            else "PRAGMA data_version"
        )
        found = self.connection.exec_driver_sql(sql).scalar_one()
        self.connection.rollback()
        return found

    def _look(self) -> dict[str, list[str]]:
        """Every row as text."""
        found: dict[str, list[str]] = {table.name: [] for table in self.tables}
        if self.is_postgresql:
            each = " UNION ALL ".join(
                f"SELECT '{name}', row_to_json(t)::text FROM {name} AS t" for name in found
            )
            for name, row in self.connection.exec_driver_sql(each):
                found[name].append(row)
        else:
            for name, rows in found.items():
                rows += (repr(tuple(row)) for row in self.connection.exec_driver_sql(f"SELECT * FROM {name}"))
        self.connection.rollback()
        return {name: sorted(map(masked, rows)) for name, rows in found.items()}

    def changes(self) -> dict[str, list[str]]:
        """The tables that are not as they were filled; they are put back."""
        if self.version == self._version():
            return {}
        changed = {name: rows for name, rows in self._look().items() if rows != self.seeded[name]}
        if self.is_postgresql:
            self.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no foreign keys
        for table in self.tables:
            if table.name in changed:
                self.connection.execute(table.delete())
                self._fill(table)
        self._end()
        self.version = self._version()
        return changed

    def close(self) -> None:
        self.connection.close()
        self.engine.dispose()
