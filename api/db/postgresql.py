"""Connections to PostgreSQL with limits: for connecting, for statements, for locks, and for the network."""

import logging
import select
from typing import Any

import psycopg
from sqlalchemy import URL, Dialect
from sqlalchemy.exc import DisconnectionError

from api.db.errors import READ_ONLY
from api.db.hosts import targets_of
from api.db.timeouts import timeout
from api.db.watch import Watch
from api.settings import Settings

# The operating system notices within about ten seconds that the network of an idle connection is gone. What
# the URL says wins.
NETWORK = {
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,  # milliseconds
}
log = logging.getLogger(__name__)

LOST = {"26000", "42P05"}  # a prepared statement does not exist, or exists already
UNPREPARED = (
    "The server has lost a prepared statement, as behind PgBouncer before 1.21. No more are prepared."
)
IDLE_SECONDS = 30  # that a transaction may do nothing, so that a lost client does not hold its locks
SET = (
    "SELECT pg_backend_pid(); "
    "SET TIME ZONE 'UTC'; "  # so that times need no conversion
    "SET statement_timeout = {statement}; SET lock_timeout = {lock}; "
    "SET idle_in_transaction_session_timeout = {idle}"
)
LATE = "The database did not answer in time."


class Connection(psycopg.AsyncConnection[Any]):
    """A connection whose statements are watched.

    psycopg numbers the statements that it prepares. Behind a pooler, the numbers of several clients would
    meet on one server. So there it prepares none; the driver of the fast path has names of its own.
    """

    watch: Watch
    threshold: int | None  # how often the driver runs a statement before it prepares it
    limit: int  # looks of the watch until a statement is late
    cuts: int  # of the watch, when this connection was made
    looks = 0  # since the statement has begun
    state: Any = None  # the request that the statement is for
    is_cut = False
    is_cancelled = False  # a late cancel could end the next statement, of somebody else

    async def wait(self, *arguments: Any, **options: Any) -> Any:
        """What psycopg calls for each statement, and for a commit or rollback."""
        self.watch.begin(self)
        try:
            return await super().wait(*arguments, **options)
        except psycopg.OperationalError as error:
            raise psycopg.OperationalError(LATE) if self.is_cut else error from None
        finally:
            self.watch.end(self)

    @property
    def is_outdated(self) -> bool:
        """Whether its statement was cancelled, or another connection has been silent since it was made."""
        return self.is_cancelled or self.cuts != self.watch.cuts


class Server:
    """The database server: how to connect to it."""

    def __init__(self, settings: Settings, *, is_patient: bool) -> None:
        statement, lock = settings.database_statement_seconds, settings.database_lock_seconds
        idle = settings.database_maintenance_seconds if is_patient else IDLE_SECONDS
        self.connect_seconds = settings.database_connect_seconds
        self.watch = Watch(statement, self.connect_seconds)
        limits = {"statement": statement, "lock": lock, "idle": idle}
        self.set = SET.format(**{name: round(1000 * seconds) for name, seconds in limits.items()})
        # A statement is prepared after it has run this many times. 0 means never.
        self.prepare_threshold = settings.database_prepare_threshold or None
        self.targets: list[dict[str, Any]] = []  # the one that was connected to last comes first

    def read_url(self, url: URL, dialect: Dialect) -> None:
        self.targets = targets_of({**NETWORK, **dialect.create_connect_args(url)[1]})

    def hear(self, error: BaseException) -> None:
        """Learn from an error. Connections to a former primary are not used again: its writes fail.

        Nor are those that prepare statements, if a pooler gives them another server for each transaction.
        """
        state = getattr(error, "sqlstate", None)
        if state == READ_ONLY:
            self.watch.cuts += 1
        elif state in LOST and self.prepare_threshold is not None:
            self.prepare_threshold = None
            self.watch.cuts += 1
            log.warning(UNPREPARED)

    async def _reach(self) -> Connection:
        """A connection to the first server that accepts it. Each has its share of the time."""
        refused: Exception | None = None
        for target in tuple(self.targets):
            try:
                async with timeout(self.connect_seconds / len(self.targets)):
                    connection = await Connection.connect(
                        **target, autocommit=True, prepare_threshold=self.prepare_threshold
                    )
            except TimeoutError:
                refused = psycopg.OperationalError(LATE)
            except psycopg.OperationalError as error:
                refused = error
            else:
                self.targets.sort(key=lambda one: one is not target)
                return connection
        raise refused or psycopg.OperationalError(LATE) from None

    async def connect(self, *, autocommit: bool = False) -> Connection:
        connection = await self._reach()
        connection.watch, connection.cuts = self.watch, self.watch.cuts
        connection.threshold = self.prepare_threshold
        connection.limit = self.watch.looks_at_start
        try:
            [pid] = await (await connection.execute(self.set)).fetchone() or [None]
            if pid != connection.info.backend_pid:  # a pooler is in between
                connection.prepare_threshold = None
            await connection.set_autocommit(autocommit)
        except BaseException:
            connection.pgconn.finish()
            raise
        connection.limit = self.watch.looks
        return connection


def refuse_dead(connection: Any, *_: Any) -> None:
    """Refuse a pooled connection that the server has closed: it has data to read, although no statement runs.

    SQLAlchemy's `pool_pre_ping` would cost three round trips.
    """
    driver, waiting = connection.driver_connection, select.poll()
    if driver.closed or driver.is_outdated:
        raise DisconnectionError
    waiting.register(driver.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError
