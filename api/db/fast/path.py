"""The fast path of the database. A method returns None or False if the ORM has to do the work."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Dialect

from api.db.fast.changes import (
    Change,
    Held,
    change_of,
    change_of_pending,
    is_watched,
    model_of,
    settle,
    unfit,
)
from api.db.fast.children import OWNERS, in_parts
from api.db.fast.driver import Driver
from api.db.fast.plans import Plan
from api.db.fast.rows import (
    Origin,
    become_instance,
    give_many,
    hand_over,
    is_bare,
    is_new,
    origin_of,
    take_in,
)
from api.db.fast.single_row import script, unchanged
from api.db.fast.statements import plan
from api.db.fast.turns import Turns
from api.db.fast.types import Unfit
from api.db.outbox import OutboxSession
from api.db.quotas import Growth, creator_of, growth_of
from api.models.base import Entity
from api.problems import ProblemError, RowChanged
from api.settings import Mechanism, Settings

if TYPE_CHECKING:
    from api.db.session import Session

LEANS_ON = ("sqlalchemy.orm:Session.dispatch",)


class FastPath:
    def __init__(self, driver: Driver, settings: Settings) -> None:
        self.driver, self.mechanisms = driver, settings.fast_path
        self.turns = Turns(settings.database_lock_seconds)
        self.dialect: Dialect = driver.dialect
        self.any_session: Any = OutboxSession()  # its listeners are those of all sessions

    async def find(self, statement: Any, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """The result of a select without a session. The rows are detached."""
        found = plan(statement, self.dialect)
        if not isinstance(found, Plan) or found.is_watched or self.is_watched:
            return None
        try:
            origin = Origin()
            rows = found.read(await self.driver.run(*found.bind(values)), origin)
            await self._read_many(found, rows, origin)
            return rows
        except Unfit:
            return None

    async def read(
        self, session: "Session", statement: Any, values: Mapping[str, Any]
    ) -> Sequence[Any] | None:
        """The result of a select, or None if the ORM has to run it.

        A session that has used the ORM goes on with it, because the driver cannot see its uncommitted
        changes.
        """
        guard = session.guard
        is_guarded = guard is not None and Mechanism.guard in self.mechanisms
        found = plan(statement, self.dialect, guard.condition if guard is not None and is_guarded else None)
        if session.is_made or not isinstance(found, Plan) or found.is_watched or self.is_watched:
            return None
        if found.mappers and any(found.mappers[0] is known for known, _ in session.handed):
            return None  # only the ORM returns the same object for the same row
        try:
            if guard is None or not found.is_guarded:
                await session.confirm()
                answer = await self.driver.run(*found.bind(values))
            else:
                answer = await self.driver.run(*found.bind({**values, **guard.values}))
                if answer:  # without a row, `commit` confirms the guard
                    session.judge(answer[0][-1])
            origin = origin_of(session)
            rows = found.read(answer, origin)
            await self._read_many(found, rows, origin)
        except Unfit:
            return None
        if found.mappers:
            session.handed = (*session.handed, (found.mappers[0], rows))
        return rows

    async def _read_many(self, found: Plan, rows: Sequence[Any], origin: Origin) -> None:
        """Read the lists that the rows have, each by one statement."""
        if not found.many or not rows:
            return
        owners = {row.id: row for row in rows}
        lists: dict[Any, dict[str, list[Any]]] = {id: {name: [] for name, _ in found.many} for id in owners}
        for name, inner_plan in found.many:
            for ids in in_parts([*owners]):
                answer = await self.driver.run(*inner_plan.bind({OWNERS: ids}))
                inner, values = inner_plan.read_values(answer, origin)
                await self._read_many(inner_plan, inner, origin)
                for row, one in zip(inner, values, strict=True):
                    lists[one[-1]][name].append(row)
        for id, row in owners.items():
            give_many(row, lists[id])

    def add(self, session: "Session", row: Any) -> bool:
        """Add a new row. False if the ORM has to do it, or to add other rows before."""
        if session.held is not None and row is session.held.row and is_bare(row):
            return True  # it belongs to the session already
        is_first = not session.is_made and not session.is_reading and session.pending is None
        if not is_first or Mechanism.single_row not in self.mechanisms or not isinstance(row, Entity):
            return False
        if not is_new(row) or unfit(type(row), self.dialect) or is_watched(self.any_session, type(row)):
            return False
        take_in(row, session)
        session.pending = row
        return True

    async def hold(
        self, session: "Session", statement: Any, values: Mapping[str, Any]
    ) -> Sequence[Any] | None:
        """The row for a change, without a lock. `on_begin` and `commit` check that it has not changed."""
        found = plan(statement, self.dialect)
        if Mechanism.hold not in self.mechanisms or session.held is not None or not isinstance(found, Plan):
            return None
        if not found.mappers or unfit(found.mappers[0].class_, self.dialect):
            return None
        if session.is_made:  # it may have what those before need
            return None
        row = found.mappers[0], values.get("id")
        if session.turn is None and await self.turns.take(row):
            session.turn = row
        rows = await self.read(session, statement, values)
        if rows:
            session.held = Held.of(rows[0])
        return rows

    @property
    def is_watched(self) -> bool:
        """Whether there are listeners for `do_orm_execute`, which the driver would not call."""
        return bool(self.any_session.dispatch.do_orm_execute)

    async def commit(self, session: "Session") -> bool:
        """Commit the session's change, if it is a single row. False if the ORM has to commit."""
        if Mechanism.single_row not in self.mechanisms or not session.is_touched:
            return False
        if session.pending is not None:
            change = change_of_pending(session.pending, session.held, self.any_session)
        else:
            change = change_of(session.sync_session, session.held, self.dialect)
        if change is None:
            return False
        if Mechanism.guard not in self.mechanisms:
            await session.confirm()
        await self._check_quota(session, change)
        statements, recipients = script(
            change, self.dialect, session.guard, is_kept=session.database.settings.activity
        )
        found = await self.driver.commit(statements)
        if not found and change.was:
            raise RowChanged
        session.judge(bool(found))
        settle(session, change)
        if session.database.wake is not None:
            session.database.wake({id: found[0][0] for id in recipients})
        return True

    async def _check_quota(self, session: "Session", change: Change) -> None:
        creator = creator_of(model_of(change.row))
        user_id = getattr(change.row, creator) if creator else None
        if user_id is None:
            return
        try:
            await session.database.quotas.check(session.database, user_id, _growth_of(change))
        except ProblemError:
            await session.confirm()  # if the guard fails, only its error is answered
            raise

    def hand_over(self, session: "Session") -> None:
        """Make the rows that were read without the ORM its instances, before the ORM is used."""
        handed, session.handed = session.handed, ()
        for _, rows in handed:
            hand_over(rows)
        pending, session.pending = session.pending, None
        if pending is not None:
            become_instance(pending, session)

    def on_begin(self, session: "Session", connection: Any) -> None:
        """Lock the held row in the transaction that begins. Raises RowChanged if the row has changed."""
        held, session.held = session.held, None
        if held is None:
            return
        model: Any = type(held.row)
        if connection.execute(unchanged(model), held.was).first() is None:
            raise RowChanged


def _growth_of(change: Change) -> Growth:
    """How much the change adds to what its creator has stored."""
    was: Iterable[Any] = change.was.values()
    if change.action == "updated":
        was = [change.was["was_" + name.removeprefix("new_")] for name in change.new]
    return growth_of(change.action, was, change.new.values())
