"""Search indexes on PostgreSQL. They are derived from the lists, so no migration names them."""

import logging
import zlib

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from api.lists.filters import searches
from api.lists.word_indexes import word_searches
from api.lists.words import FUNCTION, FUNCTION_NAME, WORDS, indexed

log = logging.getLogger(__name__)

SEARCH = "search_"  # the prefix of these indexes, which migrations ignore


def search_indexes() -> dict[str, str]:
    """The definition of each index, by name."""
    found = {
        name: f"{table} USING gin (({indexed(columns)}))"
        for name, (table, columns) in word_searches().items()
    }
    for model, how in searches():
        if how.of_all and not how.words:
            columns = ", ".join(f"lower({column}) gin_trgm_ops" for column in how.columns)
            found[f"{SEARCH}{model.__tablename__}_{zlib.crc32(columns.encode()):08x}"] = (
                f"{model.__tablename__} USING gin ({columns})"
            )
    return found


def index_searches(connection: Connection) -> None:
    """On PostgreSQL, create the missing search indexes of all lists, and drop the obsolete ones.

    The indexes are derived from the lists, so no migration names them. Without the extension, `q` for texts
    works too, but reads every row. Obsolete functions stay: another version may still run.
    """
    tables = inspect(connection).get_table_names()
    wanted = {name: on for name, on in search_indexes().items() if on.partition(" ")[0] in tables}
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
