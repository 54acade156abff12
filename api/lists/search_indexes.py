"""Search indexes on PostgreSQL. They are derived from the lists, so no migration names them."""

import logging
import zlib

from sqlalchemy import Connection, inspect
from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.exc import DBAPIError

from api.lists.filters import searches
from api.lists.word_indexes import word_searches
from api.lists.words import FUNCTION, FUNCTION_NAME, WORDS, indexed

log = logging.getLogger(__name__)

quoted = dialect().identifier_preparer.quote  # type: ignore[no-untyped-call]  # no types are declared
SEARCH = "search_"  # the prefix of these indexes, which migrations ignore


def search_indexes() -> dict[str, tuple[str, str]]:
    """The table and the definition of each index, by name."""
    found = {
        name: (table, f"gin (({indexed(map(quoted, columns))}))")
        for name, (table, columns) in word_searches().items()
    }
    for model, how in searches():
        if how.of_all and not how.words:
            named = [getattr(model, name).property.columns[0].name for name in how.columns]
            columns = ", ".join(f"lower({column}) gin_trgm_ops" for column in named)
            table, number = str(model.__tablename__), f"{zlib.crc32(columns.encode()):08x}"
            columns = ", ".join(f"lower({quoted(column)}) gin_trgm_ops" for column in named)
            found[f"{SEARCH}{table}_{number}"] = table, f"gin ({columns})"
    return found


def index_searches(connection: Connection) -> None:
    """On PostgreSQL, create the missing search indexes of all lists, and drop the obsolete ones.

    The indexes are derived from the lists, so no migration names them. Without the extension, `q` for texts
    works too, but reads every row. Obsolete functions stay: another version may still run.
    """
    tables = inspect(connection).get_table_names()
    wanted = {
        name: f"{quoted(table)} USING {how}"
        for name, (table, how) in search_indexes().items()
        if table in tables
    }
    indexes = connection.exec_driver_sql(
        "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
    ).scalars()
    present = {name for name in indexes if name.startswith(SEARCH)}
    for name in present - wanted.keys():
        connection.exec_driver_sql(f"DROP INDEX {name}")
    missing = sorted(wanted.keys() - present)
    if any(name.startswith(WORDS) for name in missing):
        connection.exec_driver_sql(f"CREATE OR REPLACE FUNCTION {FUNCTION_NAME}{FUNCTION}")
    for name in missing:
        if name.startswith(WORDS):
            connection.exec_driver_sql(f"CREATE INDEX {name} ON {wanted[name]}")
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            for name in missing:
                if not name.startswith(WORDS):
                    connection.exec_driver_sql(f"CREATE INDEX {name} ON {wanted[name]}")
    except DBAPIError as error:
        log.warning("pg_trgm is unavailable, so every search reads all rows: %s", error.orig)
