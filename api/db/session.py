"""The session of a request: SQLModel's AsyncSession, with a faster way to read.

Everything that SQLAlchemy and SQLModel document about sessions applies. Three things are added: `rows`, with
which lists and row dependencies read; `guard`, a condition that is checked before the response and the
commit; and `hold`, which reads a row for a change without locking it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import ref

from sqlalchemy import ColumnElement, TextClause, UpdateBase, inspect
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from api.db.guard import Guard
from api.db.outbox import OutboxSession
from api.db.problems import sqlstate
from api.models.base import Entity

if TYPE_CHECKING:
    from api.db.engine import Database

Row = TypeVar("Row", bound=Entity)
ABORTED = "25P02"  # the SQLSTATE of a statement in a transaction that an error has aborted


class ReadingSession(OutboxSession):
    """The ORM session of a GET on SQLite: it uses a reader's connection until it first writes."""

    is_writing = False

    def get_bind(self, mapper: Any = None, *, clause: Any = None, bind: Any = None, **options: Any) -> Any:
        self.is_writing = self.is_writing or self._flushing or clause is None or _writes(clause)
        return super().get_bind(
            mapper, clause=clause, bind=bind or (None if self.is_writing else self.info["reader"])
        )


def _writes(clause: Any) -> bool:
    if isinstance(clause, TextClause):
        return not clause.text.lstrip().upper().startswith("SELECT")
    return isinstance(clause, UpdateBase) or getattr(clause, "_for_update_arg", None) is not None


class Session(AsyncSession):
    """An AsyncSession that is initialized on first use. Reads with `rows` alone need no ORM session."""

    sync_session: OutboxSession
    guard: Guard | None = None
    is_reserved = False  # whether it has a connection even if all writers wait (see `RESERVED`)
    held: Any = None  # a row that was read without a lock, with its values at that time
    ended = 0  # how often `end` was called: rows that were read before that are detached
    handed: tuple[tuple[Any, Any], ...] = ()  # mappers, each with rows that the ORM does not know yet
    turn: Any = None  # the row that others wait for
    pending: Any = None  # a row to insert or to update that the ORM does not know yet

    def __init__(self, database: "Database", *, is_reading: bool) -> None:
        self.database, self.is_reading, self.fast = database, is_reading, database.fast

    def __getattr__(self, name: str) -> Any:
        """Initialize the AsyncSession when one of its attributes is first used."""
        if self.is_made:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        database, engine, kind = self.database, self.database.engine, OutboxSession
        info = dict[str, Any](wake=database.wake, quotas=database.quotas, activity=database.settings.activity)
        if self.is_reading and database.is_sqlite:
            kind, info = ReadingSession, info | {"reader": database.reader.sync_engine}
        elif self.is_reading or (self.is_reserved and not database.is_sqlite):
            engine = database.reader
        super().__init__(engine, expire_on_commit=False, sync_session_class=kind, info=info)
        self.sync_session.owner = ref(self)
        if self.handed or self.pending is not None:
            self.fast.hand_over(self)
        return getattr(self, name)

    @property
    def is_made(self) -> bool:
        """Whether the AsyncSession is initialized."""
        return "sync_session" in vars(self)

    @property
    def is_touched(self) -> bool:
        """Whether the session has a pending row, or the ORM session a transaction or instances."""
        is_used = self.is_made and (self.sync_session.in_transaction() or self.sync_session.identity_map)
        return bool(is_used) or self.pending is not None

    @property
    def is_connected(self) -> bool:
        """Whether a transaction has begun in the database."""
        return self.is_made and self.sync_session.is_connected

    def add(self, instance: object, *, _warn: bool = True) -> None:
        if self.fast is None or not self.fast.add(self, instance):
            super().add(instance, _warn=_warn)

    async def rows(self, statement: Any, **values: Any) -> Sequence[Any]:
        """The result of a select as a list: of entities, of values, or of tuples.

        The statement must be a constant, or cached by the function that builds it. Its parameters are
        `bindparam`s, whose values are passed by name.
        """
        if self.fast is not None and self.is_reading:
            found: Sequence[Any] | None = await self.fast.read(self, statement, values)
            if found is not None:
                return found
        return _listed(await self.exec(statement, params=values), statement)

    async def hold(self, statement: Any, **values: Any) -> Sequence[Any] | None:
        """The row that a select finds, read for a change without a lock; None if this is not possible.

        If another request changes the row meanwhile, `RowChanged` is raised when this session's transaction
        begins or commits.
        """
        return await self.fast.hold(self, statement, values) if self.fast is not None else None

    async def confirm(self) -> None:
        """Raise if the guard's condition is false. An open transaction checks it on its own connection."""
        if self.guard is None:
            return
        statement, values = _holds(self.guard.condition), self.guard.values
        if self.is_connected and self.sync_session.is_active:
            try:
                with self.no_autoflush:
                    [holds] = await self.exec(statement, params=dict(values))
                return self.judge(holds)
            except DBAPIError as error:
                if sqlstate(error) != ABORTED:
                    raise
        is_broken = self.is_connected and not self.sync_session.is_active
        await self.undo()
        [holds] = await self.database.rows(statement, **values)
        self.judge(holds)
        if is_broken:
            raise PendingRollbackError("A failed flush was ignored. Roll the transaction back.")

    async def beside(self, statement: Any, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """The detached result of a select on this session's connection.

        None, and no connection is left, if an error that the handler has caught has ended the transaction.
        """
        if self.sync_session.is_active:
            try:
                own = await self.connection(bind_arguments={"clause": statement})
                async with AsyncSession(own) as other:  # which leaves the transaction as it is
                    return _listed(await other.exec(statement, params=values), statement)
            except DBAPIError as error:
                if sqlstate(error) != ABORTED:
                    raise
        await self.undo()
        return None

    async def undo(self) -> None:
        """Roll back, also when the request is being cancelled."""
        if self.is_connected:
            await asyncio.shield(self.rollback())

    def judge(self, holds: bool) -> None:
        guard, self.guard = self.guard, None
        if guard is not None and not holds:
            raise guard.refusal()

    async def commit(self) -> None:
        await self.confirm()
        await super().commit()

    async def end(self) -> None:
        """Release the connection and the instances, also when the request is cancelled."""
        if self.is_connected:
            await asyncio.shield(self.close())
        elif self.is_made:
            self.sync_session.close()  # without a connection, nothing to await
        if self.turn is not None:
            self.fast.turns.pass_on(self.turn)
        self.turn, self.ended, self.handed, self.held, self.pending = None, self.ended + 1, (), None, None

    async def __aexit__(self, *_: Any) -> None:
        await self.end()


def _listed(result: Any, statement: Any) -> list[Any]:
    return list((result.unique() if _multiplies(statement) else result).all())


@lru_cache
def _holds(condition: ColumnElement[bool]) -> SelectOfScalar[bool]:
    return select(condition)


def _multiplies(statement: Any) -> bool:
    """Whether a join loads a to-many relationship, which repeats the row for each related row."""
    described = getattr(statement, "column_descriptions", ())
    entities = [one["expr"] for one in described if one["expr"] is one.get("entity")]
    return len(entities) == 1 and _joins_many(inspect(entities[0]).mapper, ())


@lru_cache
def _joins_many(mapper: Any, path: tuple[Any, ...]) -> bool:
    joined = [one for one in mapper.relationships if one.lazy in {"joined", False}]
    inner = [one.mapper for one in joined if one.mapper not in path]
    return any(one.uselist for one in joined) or any(_joins_many(one, (*path, mapper)) for one in inner)
