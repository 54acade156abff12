"""What a connection to SQLite needs, so that it is what we expect of a database."""

from typing import Any

from sqlalchemy import Connection

PRAGMAS = ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 15000")


def configure(connection: Any, _: Any = None) -> None:
    """Make a new connection to SQLite what we expect of a database."""
    connection.isolation_level = None  # The driver begins nothing by itself: `begin_immediate` does.
    # SQLite's own lower() knows only ASCII, and a search for "ÉCOLE" must find "école" on both engines.
    connection.create_function("lower", 1, lambda value: value.lower() if isinstance(value, str) else value)
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin(connection: Connection) -> None:
    """Several reads of one session see the same state. The driver begins nothing by itself."""
    connection.exec_driver_sql("BEGIN")


def begin_immediate(connection: Connection) -> None:
    """Writers queue for the lock before they read: a deferred transaction that upgrades later fails
    instead."""
    if not connection.get_execution_options().get("migrating"):  # migrations begin by themselves
        connection.exec_driver_sql("BEGIN IMMEDIATE")
