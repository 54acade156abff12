"""The fast path to the database, as the session uses it. A method answers None, or False, where the ORM has to do it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Dialect

from api.db.fast.changes import as_read, change_of, settle, unfit
from api.db.fast.driver import Driver
from api.db.fast.rows import Origin, hand_over
from api.db.fast.single_row import script, unchanged
from api.db.fast.statements import Plan, plan
from api.problems import RowChanged
from api.settings import Mechanism

if TYPE_CHECKING:
    from api.db.session import Session

LEANS_ON = ("sqlalchemy.orm:Session.dispatch",)


class FastPath:
    def __init__(self, driver: Driver, mechanisms: frozenset[Mechanism]) -> None:
        self.driver, self.mechanisms = driver, mechanisms
        self.dialect: Dialect = driver.dialect

    async def read(self, session: "Session", statement: Any, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """What the statement finds, if the session has done nothing yet that the driver would not see."""
        orm, guard = session.sync_session, session.guard
        is_claimed = guard is not None and Mechanism.guard in self.mechanisms
        found = plan(statement, self.dialect, guard.condition if guard is not None and is_claimed else None)
        if orm.in_transaction() or orm.dispatch.do_orm_execute or not isinstance(found, Plan) or found.is_watched:
            return None
        if found.mappers and any(found.mappers[0] is known for known, _ in orm.handed):
            return None  # the ORM knows how to answer one row with one object
        if guard is None or not found.is_guarded:
            await session.confirm()
            answer = await self.driver.run(*found.bind(values))
        else:
            answer = await self.driver.run(*found.bind({**values, **guard.values}))
            if answer:  # else it is confirmed in the end
                session.judge(answer[0][-1])
        rows = found.read(answer, Origin(orm))
        if found.mappers:
            orm.handed.append((found.mappers[0], rows))
        return rows

    async def hold(self, session: "Session", statement: Any, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """The row, for a session that has not done anything yet; `check_held` sees whether it stays as it is."""
        [model] = [one["entity"] for one in statement.column_descriptions]
        if Mechanism.hold not in self.mechanisms or session.sync_session.held is not None or unfit(model, self.dialect):
            return None
        return await self.read(session, statement, values)

    async def commit(self, session: "Session") -> bool:
        """Commit what the session has, if that is a single row."""
        if Mechanism.single_row not in self.mechanisms or not session.in_transaction():
            return False
        change = change_of(session.sync_session, self.dialect)
        if change is None:
            return False
        if self.dialect.name == "sqlite" or Mechanism.guard not in self.mechanisms:
            await session.confirm()
        statements, recipients = script(change, self.dialect, session.guard)
        found = await self.driver.commit(statements)
        if not found and change.was:
            raise RowChanged
        session.judge(bool(found))
        settle(session.sync_session, change)
        if session.database.wake is not None:
            session.database.wake({id: found[0][0] for id in recipients})
        return True

    def on_begin(self, session: Any, connection: Any) -> None:
        """The ORM takes over: it learns of the rows that were handed out, and a row that was held is locked."""
        handed, session.handed = session.handed, []
        for _, rows in handed:
            hand_over(rows)
        held, session.held = session.held, None
        model: Any = type(held)
        if held is not None and connection.execute(unchanged(model), as_read(held)).first() is None:
            raise RowChanged
