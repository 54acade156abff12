"""Values that columns and databases make, and JSON that is changed in place."""

from typing import Any

from sqlmodel import select

from tests.machinery.ordinary_db import defaults, models
from tests.machinery.ordinary_db.cases import Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.conftest import Both

pytestmark = marks
m: Any = models
d: Any = defaults
Bag, Changed, Listened, Made, Versioned = d.Bag, d.Changed, d.Listened, d.Made, d.Versioned
cases = Cases()


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
    return await session.scalar(d.Queued.__table__.c.id.default), (
        await session.exec(select(d.Queued.id))
    ).all()


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


@in_every_way
@cases.on_each_engine()
async def test_it_makes_and_hears_the_same(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
