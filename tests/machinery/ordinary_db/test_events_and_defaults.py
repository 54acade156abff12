"""Versions, and what listeners hear and do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session
from sqlmodel import select

from tests.machinery.ordinary_db import defaults, models
from tests.machinery.ordinary_db.cases import Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.conftest import Both
from tests.machinery.ordinary_db.defaults import heard

pytestmark = marks
m: Any = models
d: Any = defaults
Bag, Changed, Listened, Made, Versioned = d.Bag, d.Changed, d.Listened, d.Made, d.Versioned
cases = Cases()

OF_SESSIONS = (
    "before_flush",
    "after_flush",
    "after_flush_postexec",
    "before_commit",
    "after_commit",
    "after_rollback",
    "after_begin",
    "before_attach",
    "after_attach",
    "pending_to_persistent",
    "loaded_as_persistent",
    "persistent_to_deleted",
    "do_orm_execute",
)
OF_COMMITS = ("before_flush", "after_flush", "before_commit", "after_commit")


@contextmanager
def listening(*names: str) -> Iterator[None]:
    """All sessions say what they do to rows of this suite."""
    listeners = [(name, lambda *_, name=name: heard.append(name)) for name in names]
    for listener in listeners:
        event.listen(Session, *listener)
    try:
        yield
    finally:
        for listener in listeners:
            event.remove(Session, *listener)


@contextmanager
def changing() -> Iterator[None]:
    """A listener that writes something of its own."""

    def act(session: Any, *_: Any) -> None:
        for row in [row for row in session.new if isinstance(row, m.Team)]:
            row.headquarters = "set before the flush"
            session.add(m.Hero(name=f"of {row.name}", secret_name="s", team=row))

    event.listen(Session, "before_flush", act)
    try:
        yield
    finally:
        event.remove(Session, "before_flush", act)


@contextmanager
def filtering() -> Iterator[None]:
    """A listener that rewrites what is asked for, as SQLAlchemy's documentation has it."""

    def act(state: Any) -> None:
        if state.is_select and not state.is_column_load and state.bind_mapper is inspect(m.Hero):
            state.statement = state.statement.where(m.Hero.id > 4)

    event.listen(Session, "do_orm_execute", act)
    try:
        yield
    finally:
        event.remove(Session, "do_orm_execute", act)


@cases
async def version_of_an_added_row(session: Any) -> Any:
    session.add(Versioned(name="x"))


@cases
async def version_of_a_changed_row(session: Any) -> Any:
    one = await session.get(Versioned, 2)
    one.name = "x"
    await session.flush()
    seen = one.version
    one.name = "y"
    return seen


@cases(raises="StaleDataError")
async def version_that_is_stale(session: Any) -> Any:
    one = await session.get(Versioned, 1)
    await (await session.connection()).execute(Versioned.__table__.update().values(version=9))
    one.name = "x"
    await session.flush()


@cases
async def version_of_a_deleted_row(session: Any) -> Any:
    await session.delete(await session.get(Versioned, 1))


@cases
async def events_of_an_insert(session: Any) -> Any:
    session.add(Listened(name="New One", email="NEW@example.com"))


@cases
async def events_of_two_inserts(session: Any) -> Any:
    session.add_all([Listened(name="New One"), Listened(name="New Two")])
    await session.flush()


@cases
async def events_of_an_update(session: Any) -> Any:
    one = await session.get(Listened, 1)
    one.name = "Other"


@cases
async def events_of_a_delete(session: Any) -> Any:
    await session.delete(await session.get(Listened, 1))


@cases
async def events_of_a_select(session: Any) -> Any:
    return (await session.exec(select(Listened).order_by(Listened.id))).all()


@cases
async def events_of_a_refresh(session: Any) -> Any:
    one = await session.get(Listened, 1)
    await session.refresh(one)
    await session.refresh(one, ["name"])


@cases(raises="ValueError")
async def validated(session: Any) -> Any:
    one = await session.get(Listened, 1)
    one.email = "TWO@example.com"
    heard.append(one.email)
    one.email = "nonsense"


@cases(raises="ValueError")
async def validated_when_made(session: Any) -> Any:
    session.add(Listened(name="x", email="nonsense"))


@cases(around=lambda: listening(*OF_COMMITS))
async def commit_of_an_added_row(session: Any) -> Any:
    session.add(m.Team(name="x", headquarters="y"))


@cases(around=lambda: listening(*OF_COMMITS))
async def commit_of_a_row_with_a_key(session: Any) -> Any:
    session.add(m.Team(id=50, name="x", headquarters="y"))


@cases(around=lambda: listening(*OF_COMMITS))
async def commit_of_a_changed_row(session: Any) -> Any:
    (await session.get(m.Team, 1)).name = "x"


@cases(around=lambda: listening(*OF_COMMITS), raises="RuntimeError")
async def no_commit_of_an_error(session: Any) -> Any:
    session.add(m.Team(name="x", headquarters="y"))
    raise RuntimeError


@cases(around=lambda: listening(*OF_SESSIONS[:3], *OF_SESSIONS[6:]))
async def everything_that_a_session_says(session: Any) -> Any:
    session.add(m.Team(name="x", headquarters="y"))
    await session.flush()
    await session.delete(await session.get(m.Team, 3))
    await session.flush()


@cases(around=changing)
async def changed_before_the_flush(session: Any) -> Any:
    session.add(m.Team(name="x", headquarters="y"))


@cases(around=changing)
async def changed_before_an_autoflush(session: Any) -> Any:
    session.add(m.Team(name="x", headquarters="y"))
    return (await session.exec(select(m.Hero.name).where(m.Hero.name == "of x"))).all()


@cases(around=filtering)
async def filtered_by_a_listener(session: Any) -> Any:
    return (await session.exec(select(m.Hero).order_by(m.Hero.id))).all()


@cases
async def listener_of_the_session(session: Any) -> Any:
    event.listen(session.sync_session, "before_flush", lambda *_: heard.append("flush of this session"))
    event.listen(session.sync_session, "before_commit", lambda *_: heard.append("commit of this session"))
    session.add(m.Team(name="x", headquarters="y"))


@in_every_way
@cases.on_each_engine()
async def test_it_makes_and_hears_the_same(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
