"""The session of a request: SQLModel's own, which also reads by the fast way where that makes no difference.

Everything that SQLAlchemy and SQLModel document of a session is theirs. Three things are added: `rows`, which
the lists
and row dependencies read by; `guard`, a condition that is confirmed before anything is answered or committed;
and `hold`,
which reads a row that is to be changed without locking it.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID
from weakref import ref

from fastapi import Depends, Request
from sqlalchemy import ColumnElement, TextClause, UpdateBase, inspect
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from api.db.guard import Guard
from api.db.outbox import OutboxSession
from api.models.base import Entity

if TYPE_CHECKING:
    from api.db.engine import Database

Row = TypeVar("Row", bound=Entity)


class ReadingSession(OutboxSession):
    """The session of a GET on SQLite: it reads beside the one writer, and goes to the writer as soon as it
    writes."""

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
    """The ORM's session behind it is made on demand: a request that only reads by `rows` needs none."""

    sync_session: OutboxSession
    guard: Guard | None = None
    held: Any = None  # a row that was read without a lock
    ended = 0  # how often it was ended: rows that were read before are detached
    handed: tuple[tuple[Any, Any], ...] = ()  # mappers, and rows of theirs that the ORM does not know yet

    def __init__(self, database: "Database", *, is_reading: bool) -> None:
        self.database, self.is_reading, self.fast = database, is_reading, database.fast

    def __getattr__(self, name: str) -> Any:
        """What AsyncSession sets when it is made, all of it at the first time that any of it is asked for."""
        if self.is_made:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        database, kind = self.database, OutboxSession
        info: dict[str, Any] = {"wake": database.wake}
        if self.is_reading and database.reader is not database.engine:
            kind, info = ReadingSession, info | {"reader": database.reader.sync_engine}
        super().__init__(database.engine, expire_on_commit=False, sync_session_class=kind, info=info)
        self.sync_session.owner = ref(self)
        if self.handed:
            self.fast.hand_over(self)
        return getattr(self, name)

    @property
    def is_made(self) -> bool:
        """Whether there is an ORM's session behind it yet."""
        return "sync_session" in vars(self)

    @property
    def is_touched(self) -> bool:
        """Whether anything was done that is not over: the ORM's session has a transaction, or instances."""
        return self.is_made and (self.sync_session.in_transaction() or bool(self.sync_session.identity_map))

    @property
    def is_connected(self) -> bool:
        """Whether a transaction has begun in the database."""
        return self.is_made and self.sync_session.is_connected

    async def rows(self, statement: Any, **values: Any) -> Sequence[Any]:
        """What a select finds, as a list: of entities, of values, or of tuples.

        The statement is a constant of its module, or made by a function that keeps it. What it compares with
        are
        `bindparam`s, whose values are given by name.
        """
        if self.fast is not None and self.is_reading:
            found: Sequence[Any] | None = await self.fast.read(self, statement, values)
            if found is not None:
                return found
        result: Any = await self.exec(statement, params=values)
        return list((result.unique() if _multiplies(statement) else result).all())

    async def hold(self, statement: Any, **values: Any) -> Sequence[Any] | None:
        """The row that a select finds, read for a change without a lock; None if this session cannot promise
        that.

        When the session is asked for more, and when it is committed, `RowChanged` is raised if somebody else
        has changed
        the row.
        """
        found = await self.fast.hold(self, statement, values) if self.fast is not None else None
        if found:
            [self.held] = found
        return found

    async def confirm(self) -> None:
        """Raise if the guard does not hold. A transaction that has begun asks by its own connection."""
        if self.guard is None:
            return
        statement, values = _holds(self.guard.condition), self.guard.values
        if self.is_connected:
            [holds] = await self.exec(statement, params=dict(values))
        else:
            [holds] = await self.database.rows(statement, **values)
        self.judge(holds)

    def judge(self, holds: bool) -> None:
        guard, self.guard = self.guard, None
        if guard is not None and not holds:
            raise guard.refusal()

    async def commit(self) -> None:
        await self.confirm()
        await super().commit()

    async def end(self) -> None:
        """Give back what the session has, also when the request is being cancelled."""
        if self.is_connected:
            await asyncio.shield(self.close())
        elif self.is_touched:
            self.sync_session.close()  # there is nothing to wait for
        self.ended, self.handed, self.held = self.ended + 1, (), None

    async def __aexit__(self, *_: Any) -> None:
        await self.end()


@lru_cache
def _holds(condition: ColumnElement[bool]) -> SelectOfScalar[bool]:
    return select(condition)


@lru_cache(maxsize=1024)
def _multiplies(statement: Any) -> bool:
    """Whether a relationship to many is loaded by a join, which repeats the row for each of them."""
    entities = [one["expr"] for one in statement.column_descriptions if one["expr"] is one["entity"]]
    return len(entities) == 1 and _joins_many(inspect(entities[0]).mapper, ())


def _joins_many(mapper: Any, path: tuple[Any, ...]) -> bool:
    joined = [one for one in mapper.relationships if one.lazy in {"joined", False}]
    inner = [one.mapper for one in joined if one.mapper not in path]
    return any(one.uselist for one in joined) or any(_joins_many(one, (*path, mapper)) for one in inner)


async def get_session(request: Request) -> AsyncIterator[Session]:
    """One request, one transaction: committed when the handler returns, rolled back if it raises.

    It begins with the first statement, so a handler may hash or think before it without holding anybody up. A
    GET that
    writes nothing commits nothing.
    """
    database: Database = request.app.state.database
    session = Session(database, is_reading=request.method in {"GET", "HEAD"})
    try:
        try:
            yield session
        except Exception:
            await session.confirm()  # a caller whose sign-in has ended learns nothing else
            raise
        await database.commit(session)
    except BaseException:
        if session.is_connected:
            await asyncio.shield(session.rollback())  # a failed COMMIT leaves SQLite's transaction open
        raise
    finally:
        await session.end()


async def lock(session: AsyncSession, model: type[Entity], id: UUID) -> None:
    """Let nobody else change this row before our commit; what is read from now on is its newest state.

    The row is locked by itself: in a join, PostgreSQL drops a row whose foreign key changed while it waited.
    """
    await session.exec(select(model.id).where(model.id == id).with_for_update(key_share=True))


async def fresh(session: AsyncSession, row: Row) -> Row:
    """The row as the database has it now, with what is nested in it and counted for it."""
    session.add(row)
    await session.flush()
    model = type(row)
    again = select(model).where(model.id == row.id).execution_options(populate_existing=True)
    return (await session.exec(again)).unique().one()


# scope="function" commits before the response is sent, so a failed commit is still an error response.
SessionDep = Annotated[Session, Depends(get_session, scope="function")]
