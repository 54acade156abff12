"""Rows that `model_validate` builds and `apply` changes: whatever is asked of them, they are SQLModel's."""

import copy
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import async_object_session
from sqlalchemy.orm import Session as SyncSession
from sqlmodel import func, select

from api.db.session import Session
from api.models.base import Entity
from tests.machinery.ordinary_db import ladders
from tests.machinery.ordinary_db.cases import Act, Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.comparing import person
from tests.machinery.ordinary_db.conftest import Both
from tests.machinery.ordinary_db.seeds import id_of
from tests.machinery.ordinary_db.test_session_state import states

pytestmark = marks
m: Any = ladders
Stamp: Any = m.OrdinaryStamp
cases = Cases()


@contextmanager
def as_sqlmodel_does(session: Any) -> Iterator[None]:
    """Without the fast path on the plain session."""
    fast = Entity.__fast__
    if not isinstance(session, Session):
        Entity.__fast__ = None
    yield
    Entity.__fast__ = fast


def stamp(session: Any, number: int = 900, **values: Any) -> Any:
    """A new row."""
    body = m.OrdinaryStampCreate(**{"colour": "blue", "folder_id": id_of(201)} | values)
    with as_sqlmodel_does(session):
        return Stamp.model_validate(body, update={"id": id_of(number), "owner_id": person("ada")})


def painted(session: Any, row: Any, colour: str = "green") -> Any:
    """The row after a change."""
    with as_sqlmodel_does(session):
        return m.OrdinaryStampUpdate(colour=colour).apply(row)


def add_another(session: Any, *_: Any) -> None:
    """A listener that adds a row to what is flushed."""
    session.add(Stamp(id=id_of(901), colour="red", folder_id=id_of(201), owner_id=person("ada")))


def of_a_held_row(act: Act) -> Act:
    return cases(act, given=("held", Stamp, id_of(221)))


def raising(name: str) -> Callable[[Act], Act]:
    return lambda act: cases(act, raises=name)


def count() -> Any:
    return select(func.count(Stamp.id))


@cases
async def added(session: Any) -> Any:
    session.add(row := stamp(session))
    return row


@cases
async def fields(session: Any) -> Any:
    row = stamp(session)
    session.add(row)
    return (
        sorted(row.model_fields_set),
        row.model_dump(exclude_unset=True),
        row == stamp(session),
        repr(row) != "",
    )


@cases
async def state_before_and_after(session: Any) -> Any:
    row = stamp(session)
    before = states(row), row in session
    session.add(row)
    pending = states(row), row in session, list(session.new) == [row], async_object_session(row) is session
    await session.flush()
    persistent = states(row), row in session
    await session.commit()
    return before, pending, persistent, states(row)


@cases
async def history(session: Any) -> Any:
    row = stamp(session)
    state = sa.inspect(row)
    first = sorted(state.committed_state), [tuple(map(len, one.history)) for one in state.attrs]
    session.add(row)
    row.colour = "red"
    return first, sa.inspect(row).attrs.colour.history, session.is_modified(row)


@cases
async def seen_by_the_next_statement(session: Any) -> Any:
    before = (await session.exec(count())).one()
    session.add(stamp(session))
    return (await session.exec(count())).one() - before


@cases
async def added_before_any_statement(session: Any) -> Any:
    session.add(row := stamp(session))
    found = (await session.exec(select(Stamp).where(Stamp.id == row.id))).one()
    return found is row, await session.get(Stamp, row.id) is row


@cases
async def two_added(session: Any) -> Any:
    session.add(stamp(session))
    session.add(stamp(session, 901))
    return len(session.new)


@cases
async def the_same_added_twice(session: Any) -> Any:
    row = stamp(session)
    session.add(row)
    session.add(row)
    return len(session.new)


@cases
async def all_added(session: Any) -> Any:
    session.add_all([stamp(session), stamp(session, 901)])


@cases
async def changed_after_it_was_added(session: Any) -> Any:
    session.add(row := stamp(session))
    row.colour = "red"
    return row


@cases
async def given_an_expression(session: Any) -> Any:
    session.add(row := stamp(session))
    row.colour = sa.func.lower("GREEN")
    await session.flush()
    await session.refresh(row)
    return row.colour


@cases
async def never_added(session: Any) -> Any:
    return states(stamp(session))


@cases
async def expunged(session: Any) -> Any:
    session.add(row := stamp(session))
    session.expunge(row)
    return states(row)


@cases
async def rolled_back(session: Any) -> Any:
    session.add(row := stamp(session))
    await session.rollback()
    return states(row), row in session


@cases
async def committed_by_the_handler(session: Any) -> Any:
    session.add(row := stamp(session))
    await session.commit()
    row.colour = "red"
    return states(row)


@cases
async def closed(session: Any) -> Any:
    session.add(row := stamp(session))
    await session.close()
    return states(row)


@cases
async def refreshed(session: Any) -> Any:
    session.add(row := stamp(session))
    await session.flush()
    await session.refresh(row)
    return row


@cases
async def merged(session: Any) -> Any:
    row = await session.merge(stamp(session))
    return states(row), row.colour


@cases
async def deleted_after_a_flush(session: Any) -> Any:
    session.add(row := stamp(session))
    await session.flush()
    await session.delete(row)


@raising("InvalidRequestError")
async def deleted_before_a_flush(session: Any) -> Any:
    session.add(row := stamp(session))
    await session.delete(row)


@raising("InvalidRequestError")
async def refreshed_before_a_flush(session: Any) -> Any:
    session.add(row := stamp(session))
    await session.refresh(row)


@cases
async def in_a_savepoint(session: Any) -> Any:
    savepoint = await session.begin_nested()
    session.add(row := stamp(session))
    await savepoint.rollback()
    return states(row)


@cases
async def before_a_savepoint(session: Any) -> Any:
    session.add(stamp(session))
    async with session.begin_nested():
        session.add(stamp(session, 901))


@raising("IntegrityError")
async def with_an_id_that_exists(session: Any) -> Any:
    session.add(stamp(session, 221))
    await session.flush()


@raising("RuntimeError")
async def before_an_error(session: Any) -> Any:
    session.add(stamp(session))
    raise RuntimeError


@cases
async def heard_by_the_session(session: Any) -> Any:
    told: list[str] = []
    for name in ("before_attach", "after_attach", "transient_to_pending"):
        sa.event.listen(session.sync_session, name, lambda *_, name=name: told.append(name))
    session.add(stamp(session))
    return told


@cases
async def heard_after_it_was_added(session: Any) -> Any:
    session.add(stamp(session))

    sa.event.listen(session.sync_session, "before_flush", add_another)


@contextmanager
def listening(target: Any, name: str) -> Iterator[list[str]]:
    told: list[str] = []

    def hear(*_: Any) -> None:
        told.append(name)

    sa.event.listen(target, name, hear)
    yield told
    sa.event.remove(target, name, hear)


@cases
async def heard_when_it_is_made(session: Any) -> Any:
    with listening(Stamp, "init") as told:
        session.add(stamp(session))
    return told


@cases
async def heard_when_it_is_set(session: Any) -> Any:
    with listening(Stamp.colour, "set") as told:
        session.add(stamp(session))
    return told


@cases
async def heard_when_it_is_inserted(session: Any) -> Any:
    with listening(Stamp, "before_insert") as told:
        session.add(stamp(session))
        await session.flush()
    return told


@cases
async def heard_by_all_sessions(session: Any) -> Any:
    with listening(SyncSession, "before_attach") as told:
        session.add(stamp(session))
    return told


@cases
async def copied(session: Any) -> Any:
    row = stamp(session)
    pickled = pickle.loads(pickle.dumps(row))  # noqa: S301  its own
    again = pickled, copy.copy(row), copy.deepcopy(row)
    return [(one.model_dump(), one.model_fields_set) for one in again]


@raising("ValidationError")
async def not_valid(session: Any) -> Any:
    stamp(session, owner_id="nobody")


@of_a_held_row
async def changed(session: Any, row: Any) -> Any:
    return painted(session, row)


@of_a_held_row
async def changed_and_asked_for_its_fields(session: Any, row: Any) -> Any:
    painted(session, row)
    return row.colour, sorted(row.model_dump(exclude={"updated_at"}).items())


@of_a_held_row
async def changed_and_asked_for_its_state(session: Any, row: Any) -> Any:
    painted(session, row)
    return states(row), row in session.dirty, session.is_modified(row), async_object_session(row) is session


@of_a_held_row
async def changed_and_asked_for_its_history(session: Any, row: Any) -> Any:
    painted(session, row)
    state = sa.inspect(row)
    return state.attrs.colour.history, state.committed_state["colour"], state.attrs.folder_id.history


@of_a_held_row
async def changed_twice(session: Any, row: Any) -> Any:
    painted(session, painted(session, row), "yellow")
    return sa.inspect(row).attrs.colour.history


@of_a_held_row
async def changed_and_changed_back(session: Any, row: Any) -> Any:
    painted(session, painted(session, row), "red")
    return row.colour


@of_a_held_row
async def changed_and_then_set(session: Any, row: Any) -> Any:
    painted(session, row)
    row.folder_id = id_of(203)


@of_a_held_row
async def set_and_then_changed(session: Any, row: Any) -> Any:
    row.folder_id = id_of(203)
    painted(session, row)


@of_a_held_row
async def changed_and_set_by_an_expression(session: Any, row: Any) -> Any:
    painted(session, row)
    row.colour = sa.func.upper(Stamp.colour)


@of_a_held_row
async def changed_and_added(session: Any, row: Any) -> Any:
    session.add(painted(session, row))


@of_a_held_row
async def changed_and_another_added(session: Any, row: Any) -> Any:
    painted(session, row)
    session.add(stamp(session))


@of_a_held_row
async def another_added_and_then_changed(session: Any, row: Any) -> Any:
    session.add(stamp(session))
    painted(session, row)


@of_a_held_row
async def changed_then_read(session: Any, row: Any) -> Any:
    painted(session, row)
    return (await session.exec(select(Stamp.colour).where(Stamp.id == row.id))).one()


@of_a_held_row
async def changed_then_refreshed(session: Any, row: Any) -> Any:
    painted(session, row)
    await session.refresh(row)
    return row.colour


@of_a_held_row
async def changed_then_rolled_back(session: Any, row: Any) -> Any:
    painted(session, row)
    await session.rollback()
    await session.refresh(row)
    return row.colour


@of_a_held_row
async def changed_then_expunged(session: Any, row: Any) -> Any:
    painted(session, row)
    session.expunge(row)
    return states(row)


@of_a_held_row
async def changed_then_deleted(session: Any, row: Any) -> Any:
    await session.delete(painted(session, row))


@of_a_held_row
async def changed_then_committed(session: Any, row: Any) -> Any:
    painted(session, row)
    await session.commit()
    return states(row), row.colour


@of_a_held_row
async def changed_while_its_class_is_heard(session: Any, row: Any) -> Any:
    with listening(Stamp.colour, "set") as told:
        painted(session, row)
    return told


@of_a_held_row
async def changed_while_its_update_is_heard(session: Any, row: Any) -> Any:
    with listening(Stamp, "before_update") as told:
        painted(session, row)
        await session.flush()
    return told


@of_a_held_row
async def changed_then_heard(session: Any, row: Any) -> Any:
    painted(session, row)

    sa.event.listen(session.sync_session, "before_flush", add_another)


@cases(given=("held", Stamp, id_of(221)), raises="RuntimeError")
async def changed_before_an_error(session: Any, row: Any) -> Any:
    painted(session, row)
    raise RuntimeError


@of_a_held_row
async def changed_to_what_it_was(session: Any, row: Any) -> Any:
    return painted(session, row, row.colour)


@contextmanager
def painting(name: str) -> Iterator[None]:
    def paint(mapper: Any, connection: Any, target: Any) -> None:
        target.colour = "black"

    sa.event.listen(Stamp, name, paint)
    yield
    sa.event.remove(Stamp, name, paint)


@cases(given=("held", Stamp, id_of(221)), around=lambda: painting("before_update"))
async def changed_by_a_listener_too(session: Any, row: Any) -> Any:
    painted(session, row)


@cases(around=lambda: painting("before_insert"))
async def added_and_changed_by_a_listener(session: Any) -> Any:
    session.add(stamp(session))


@in_every_way
@cases.on_each_engine()
async def test_a_row_is_one_of_sqlmodels(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)


async def test_the_fast_path_writes_without_the_orm(both: Both) -> None:
    """Otherwise the cases above would compare SQLModel with itself."""
    database = both.houses[True].app.state.database
    for make in (_added, _changed):
        session = Session(database, is_reading=False)
        row = await make(session)
        assert "_sa_instance_state" not in vars(row)
        assert session.pending is row
        assert not session.is_made
        await session.end()
        assert session.pending is None


async def _added(session: Any) -> Any:
    session.add(row := stamp(session))
    return row


async def _changed(session: Any) -> Any:
    [row] = await session.hold(select(Stamp).where(Stamp.id == sa.bindparam("id")), id=id_of(221))
    return painted(session, row)
