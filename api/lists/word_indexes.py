"""Word indexes on SQLite: for each search for words, an FTS5 table that triggers keep as the rows are.

They are derived from the lists, so no migration names them. A migration that builds a table anew drops its
triggers, and then the index is made anew too.
"""

# ruff: noqa: S608  The statements consist of names that the models declare.

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import OperationalError

from api.db.errors import CannotStart
from api.lists.filters import searches
from api.lists.words import WORDS, index_of

TOKENIZE = "unicode61 remove_diacritics 2"


def word_searches() -> dict[str, tuple[str, tuple[str, ...]]]:
    """The table and the columns of each index, by name."""
    found = {}
    for model, how in searches():
        if how.words:
            table = str(model.__tablename__)
            columns = tuple(getattr(model, name).property.columns[0].name for name in how.columns)
            found[index_of(table, columns)] = table, columns
    return found


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def index_words(connection: Connection) -> None:
    """Create the missing indexes of searches for words, and drop the obsolete ones."""
    tables = {*inspect(connection).get_table_names()}
    wanted = {name: on for name, on in word_searches().items() if on[0] in tables}
    stored = {sql for (sql,) in connection.exec_driver_sql("SELECT sql FROM sqlite_master") if sql}
    present = {name.removesuffix("_rows") for name in tables if _is_ours(name) and name.endswith("_rows")}
    kept = {name for name, on in wanted.items() if name in present and {*_triggers(name, *on)} <= stored}
    for name in sorted(present - kept):
        _drop(connection, name)
    for name in sorted(wanted.keys() - kept):
        _create(connection, name, *wanted[name])


def _is_ours(name: str) -> bool:
    return name.startswith(WORDS)


def _drop(connection: Connection, name: str) -> None:
    for event in ("insert", "update", "delete"):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}_{event}")
    for table in (name, f"{name}_rows"):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")


def _create(connection: Connection, name: str, table: str, columns: tuple[str, ...]) -> None:
    listed, of_table = _parts(columns), ", ".join(f"{quoted(table)}.{quoted(one)}" for one in columns)
    try:
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE {name} USING fts5"
            f"({listed}, content='', prefix='2 3', tokenize='{TOKENIZE}')"
        )
    except OperationalError as error:
        raise CannotStart(f"SQLite has no FTS5, which searches for words need: {error.orig}") from None
    # Numbers of their own, because VACUUM may change those of rows whose key is no number
    connection.exec_driver_sql(
        f"CREATE TABLE {name}_rows (number INTEGER PRIMARY KEY, id CHAR(32) NOT NULL UNIQUE)"
    )
    connection.exec_driver_sql(f"INSERT INTO {name}_rows (id) SELECT id FROM {quoted(table)}")
    connection.exec_driver_sql(
        f"INSERT INTO {name} (rowid, {listed}) "
        f"SELECT {name}_rows.number, {of_table} FROM {quoted(table)} JOIN {name}_rows USING (id)"
    )
    for trigger in _triggers(name, table, columns):
        connection.exec_driver_sql(trigger)


def _parts(columns: tuple[str, ...]) -> str:
    """The columns of the FTS5 table. They have names of their own, as `rank` is one that it has itself."""
    return ", ".join(f"part_{number}" for number in range(len(columns)))


def _triggers(name: str, table: str, columns: tuple[str, ...]) -> list[str]:
    listed, named, on = _parts(columns), [quoted(column) for column in columns], quoted(table)
    old, new = (", ".join(f"{row}.{column}" for column in named) for row in ("old", "new"))
    changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in ("id", *named))
    number = f"SELECT number FROM {name}_rows WHERE id ="
    remove = (
        f"INSERT INTO {name} ({name}, rowid, {listed}) VALUES ('delete', ({number} old.id), {old}); "
        f"DELETE FROM {name}_rows WHERE id = old.id;"
    )
    add = (
        f"INSERT INTO {name}_rows (id) VALUES (new.id); "
        f"INSERT INTO {name} (rowid, {listed}) VALUES (({number} new.id), {new});"
    )
    return [
        f"CREATE TRIGGER {name}_insert AFTER INSERT ON {on} BEGIN {add} END",
        f"CREATE TRIGGER {name}_delete AFTER DELETE ON {on} BEGIN {remove} END",
        f"CREATE TRIGGER {name}_update AFTER UPDATE OF id, {', '.join(named)} ON {on} "
        f"WHEN {changed} BEGIN {remove} {add} END",
    ]
