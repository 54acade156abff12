"""Commits on SQLite: the requests of one turn of the event loop are committed together, and then answered.

Most of a small transaction is its beginning and its commit. A thread would take longer for the way there and
back, so it is for those that have to wait for a lock.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine

from api.db.fast.driver import Found, Script
from api.db.fast.errors import failure
from api.db.request_state import RequestState, current
from api.problems import Code, ProblemError

log = logging.getLogger(__name__)

LEANS_ON = ("aiosqlite.core:Connection._execute", "sqlite3:SQLITE_INTERRUPT")

IN_A_THREAD = {sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY}  # errors after which it is done in a thread
PRIMARY = 0xFF  # the bits of an error code without its extension
MOST = 32  # transactions that are committed together, so that others come in between
MOST_CHECKS = 1000  # of SQLite, after which a commit is done in a thread
CHECKPOINT_EVERY = 256  # transactions, after which those that follow wait until the WAL is empty again


class Waiting(NamedTuple):
    """A transaction that waits to be committed with others."""

    script: Script
    found: asyncio.Future[Found]
    request: RequestState | None

    def is_wanted(self) -> bool:
        """Whether somebody still waits for it."""
        if self.request is not None and self.request.is_abandoned:
            self.answer(ProblemError(Code.unavailable))
        return not self.found.done()

    def answer(self, found: Found | Exception) -> None:
        if self.found.done():
            return
        if isinstance(found, Exception):
            self.found.set_exception(found)
        else:
            self.found.set_result(found)


class Writer:
    """Commits with a connection of its own in the event loop, or with the ORM's, behind other writers."""

    def __init__(
        self,
        engine: AsyncEngine,
        connect: Callable[[Callable[[], bool]], sqlite3.Connection],
        checkpoint: Callable[[], Awaitable[Any]],
    ) -> None:
        self.engine, self.connect, self.checkpoint = engine, connect, checkpoint
        self.connection: sqlite3.Connection | None = None
        self.written = self.checks = 0  # transactions since the last checkpoint; what `_is_long` counts
        self.waiting: list[Waiting] = []
        self.task: asyncio.Task[None] | None = None  # as long as something is committed in a thread

    async def commit(self, script: Script) -> Found:
        loop = asyncio.get_running_loop()
        waiting = Waiting(script, loop.create_future(), current.get())
        self.waiting.append(waiting)
        if len(self.waiting) == 1 and self.task is None:
            loop.call_soon(self._go_on, context=Context())
        return await waiting.found

    def _go_on(self) -> None:
        """Commit what waits, unless it has to wait for another writer."""
        if self.engine.pool.checkedout() == 0:  # type: ignore[attr-defined]  # of a QueuePool
            batch = self._taken()
            answers = self._written_here([one.script for one in batch])
            if answers is not None:
                self._answer(batch, answers)
                if self.written >= CHECKPOINT_EVERY:
                    self.task = asyncio.create_task(self._checkpoint(), context=Context())
                elif self.waiting:
                    asyncio.get_running_loop().call_soon(self._go_on, context=Context())
                return
            self.waiting = batch + self.waiting
        self.task = asyncio.create_task(self._commit_in_thread(), context=Context())

    def _written_here(self, scripts: Sequence[Script]) -> Sequence[Found | Exception] | None:
        """The answers, or None if this takes too long for the event loop, or has to wait for a lock."""
        self.checks = 0
        try:
            if self.connection is None:
                self.connection = self.connect(self._is_long)
            answers = write(self.connection, scripts)
        except Exception as error:
            return None if is_to_wait(error) else [error] * len(scripts)
        self.written += len(scripts)
        return answers

    async def _checkpoint(self) -> None:
        """Let a thread move what was committed from the WAL to the database, which takes the disk some time.

        Nothing is committed meanwhile: SQLite begins the WAL anew only if all of it was moved.
        """
        try:
            await self.checkpoint()
        except Exception as error:
            log.warning("The WAL of SQLite could not be moved to the database: %s", error)
        finally:
            self.task, self.written = None, 0
            if self.waiting:
                self._go_on()

    def _is_long(self) -> bool:
        self.checks += 1
        return self.checks > MOST_CHECKS

    async def _commit_in_thread(self) -> None:
        """Commit what waits with the ORM's connection, behind those that use it, until nothing waits."""
        try:
            while self.waiting:
                batch, asked = list[Waiting](), len(self.waiting)
                answers: Sequence[Found | Exception]
                try:
                    async with self.engine.connect() as connection:
                        driver: Any = (await connection.get_raw_connection()).driver_connection
                        batch = self._taken()
                        answers = await driver._execute(write, driver._conn, [one.script for one in batch])
                except Exception as error:
                    batch = batch or self._taken(asked)  # and not those who have come since
                    answers = [error] * len(batch)
                self._answer(batch, answers)
        finally:
            self.task = None

    def _taken(self, most: int = MOST) -> list[Waiting]:
        """The first of those that wait and are still wanted."""
        batch, self.waiting = self.waiting[:most], self.waiting[most:]
        return [one for one in batch if one.is_wanted()]

    def _answer(self, batch: Sequence[Waiting], answers: Sequence[Found | Exception]) -> None:
        for one, answer in zip(batch, answers, strict=True):
            one.answer(answer)


def is_to_wait(error: Exception) -> bool:
    """Whether it has to wait for a lock, or takes too long, and may be done again in a thread."""
    return getattr(getattr(error, "orig", None), "sqlite_errorcode", 0) & PRIMARY in IN_A_THREAD


def write(connection: sqlite3.Connection, scripts: Sequence[Script]) -> list[Found | Exception]:
    """Run the scripts in one transaction, and return the answer or the error of each.

    A script that fails takes back only what it has written itself. What fails all of them is raised.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        answers = [_run(connection, script) for script in scripts]
        connection.execute("COMMIT")
    except Exception as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise failure("COMMIT", error) from error
    return answers


def _run(connection: sqlite3.Connection, script: Script) -> Found | Exception:
    (sql, values), *others = script
    connection.execute("SAVEPOINT one")
    try:
        found: Found = connection.execute(sql, values).fetchall()
        for sql, values in others if found else ():
            found = connection.execute(sql, values).fetchall()
    except Exception as error:
        if not connection.in_transaction:
            raise  # it has ended for all of them, as when the disk is full
        connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
        return failure(sql, error)
    connection.execute("RELEASE one")
    return found
