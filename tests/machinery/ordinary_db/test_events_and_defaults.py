"""Values that columns, databases and listeners make, and what listeners hear."""

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
async def defaults_at_the_end(session: Any) -> Any:
    session.add(Made(name="x"))


@cases
async def defaults_after_a_flush(session: Any) -> Any:
    one = Made(name="x")
    session.add(one)
    await session.flush()
    return one.by_field, one.by_column


@cases
async def defaults_after_a_refresh(session: Any) -> Any:
    one = Made(name="abc")
    session.add(one)
    await session.flush()
    await session.refresh(one)
    return one


@cases
async def defaults_not_asked_for(session: Any) -> Any:
    session.add(Made(name="x", by_field=1, by_column="c", by_sql=2, by_server="s"))


@cases
async def none_for_a_server_default(session: Any) -> Any:
    one = Made(name="x", by_server=None)
    session.add(one)
    await session.flush()
    await session.refresh(one, ["by_server"])
    return one.by_server


@cases
async def none_set_for_a_server_default(session: Any) -> Any:
    one = Made(name="x")
    one.by_server = None
    session.add(one)
    await session.flush()
    await session.refresh(one)
    return one.by_server


@cases
async def onupdate(session: Any) -> Any:
    one = await session.get(Changed, 1)
    one.number = 5


@cases
async def onupdate_then_refreshed(session: Any) -> Any:
    one = await session.get(Changed, 1)
    one.number = 5
    await session.flush()
    seen = one.by_python
    await session.refresh(one)
    return seen, one


@cases(raises="MissingGreenlet")
async def onupdate_by_sql_is_expired(session: Any) -> Any:
    one = await session.get(Changed, 1)
    one.number = 5
    await session.flush()
    return one.computed


@cases
async def onupdate_given(session: Any) -> Any:
    one = await session.get(Changed, 1)
    one.by_python, one.by_sql, one.name = "mine", "mine", "other"


@cases
async def numbered_by_identity(session: Any) -> Any:
    one = d.Numbered(name="x")
    session.add(one)
    await session.flush()
    return one.id


@cases
async def numbered_at_the_end(session: Any) -> Any:
    session.add(d.Numbered(name="x"))


@cases
async def numbered_by_a_sequence(session: Any) -> Any:
    session.add(d.Queued(name="x"))


@cases(only="postgresql")
async def next_of_a_sequence(session: Any) -> Any:
    return await session.scalar(d.Queued.__table__.c.id.default), (await session.exec(select(d.Queued.id))).all()


@cases
async def mutable_dict(session: Any) -> Any:
    bag = await session.get(Bag, 1)
    bag.options["b"] = 2
    del bag.options["a"]
    return bag in session.dirty, bag.options


@cases
async def mutable_dict_found(session: Any) -> Any:
    for bag in (await session.exec(select(Bag).order_by(Bag.id))).all():
        bag.options.update(seen=True)
        bag.items.append(3)


@cases
async def mutable_dict_deep_down(session: Any) -> Any:
    bag = await session.get(Bag, 1)
    bag.options["deep"]["b"] = 5
    return session.is_modified(bag)


@cases
async def mutable_list(session: Any) -> Any:
    bag = await session.get(Bag, 1)
    bag.items.append({"new": True})
    bag.items[0] = "first"
    bag.items.sort(key=str)


@cases
async def mutable_in_an_added_row(session: Any) -> Any:
    bag = Bag(options={"a": 1}, items=[1])
    session.add(bag)
    await session.flush()
    bag.options["b"] = 2
    bag.items.append(2)


@cases
async def mutable_in_a_pending_row(session: Any) -> Any:
    bag = Bag(options={"a": 1}, items=[1])
    session.add(bag)
    bag.options["b"] = 2


@cases
async def json_without_mutable(session: Any) -> Any:
    bag = await session.get(Bag, 1)
    bag.frozen["d"] = 4
    return session.is_modified(bag)


@cases
async def json_replaced(session: Any) -> Any:
    bag = await session.get(Bag, 1)
    bag.frozen = {**bag.frozen, "d": 4}


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
