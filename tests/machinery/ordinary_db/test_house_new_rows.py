"""A new row that `model_validate` has built: whatever is asked of it, it is one that SQLModel has built."""

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


def stamp(session: Any, number: int = 900, **values: Any) -> Any:
    """A new row; on the plain session, as SQLModel builds it."""
    build = Entity.__build__
    if not isinstance(session, Session):
        Entity.__build__ = None
    try:
        body = m.OrdinaryStampCreate(**{"colour": "blue", "folder_id": id_of(201)} | values)
        return Stamp.model_validate(body, update={"id": id_of(number), "owner_id": person("ada")})
    finally:
        Entity.__build__ = build


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

    @sa.event.listens_for(session.sync_session, "before_flush")
    def add_another(session: Any, *_: Any) -> None:
        session.add(Stamp(id=id_of(901), colour="red", folder_id=id_of(201), owner_id=person("ada")))


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


@in_every_way
@cases.on_each_engine()
async def test_a_new_row_is_one_of_sqlmodels(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)


async def test_the_fast_path_builds_it(both: Both) -> None:
    """Otherwise the cases above would compare SQLModel with itself."""
    session = Session(both.houses[True].app.state.database, is_reading=False)
    row = stamp(session)
    session.add(row)
    assert "_sa_instance_state" not in vars(row)
    assert session.added is row
    assert not session.is_made
    await session.end()
    assert session.added is None
