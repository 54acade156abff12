"""A row that the house found for a handler: whatever is asked of it, it is one of the session."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import async_object_session
from sqlmodel import func, select

from tests.machinery.ordinary_db import ladders
from tests.machinery.ordinary_db.cases import Act, Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.comparing import person
from tests.machinery.ordinary_db.conftest import Both
from tests.machinery.ordinary_db.seeds import id_of

pytestmark = marks
m: Any = ladders
Thing, Folder, Paper, Stamp, Leaf = (
    m.OrdinaryThing,
    m.OrdinaryFolder,
    m.OrdinaryPaper,
    m.OrdinaryStamp,
    m.OrdinaryLeaf,
)
cases = Cases()


def row_of(model: Any, id: int) -> Callable[[Act], Act]:
    """A case of a row, by each of the dependencies."""

    def add(act: Act) -> Act:
        name, options = getattr(act, "__name__", ""), vars(act).get("options", {})
        for what in ("owned", "found", "visible", "held"):
            cases(
                act,
                name=f"{name}-{what}",
                given=(what, model, id_of(id)),
                **options,
            )
        return act

    return add


def raising(name: str) -> Callable[[Act], Act]:
    def mark(act: Act) -> Act:
        vars(act)["options"] = {"raises": name}
        return act

    return mark


@row_of(Thing, 101)
async def row(session: Any, row: Any) -> Any:
    return row


@row_of(Thing, 101)
async def row_is_of_the_session(session: Any, row: Any) -> Any:
    state = sa.inspect(row)
    return (
        row in session,
        state.persistent,
        state.detached,
        async_object_session(row) is session,
        type(row).__name__,
    )


@row_of(Thing, 101)
async def row_is_the_same(session: Any, row: Any) -> Any:
    found = (await session.exec(select(Thing).where(Thing.id == row.id))).one()
    return found is row, await session.get(Thing, row.id) is row


@row_of(Thing, 101)
async def row_changed(session: Any, row: Any) -> Any:
    row.count += 1
    row.price = Decimal("1.25")
    return sa.inspect(row).modified


@row_of(Thing, 101)
async def row_changed_and_added(session: Any, row: Any) -> Any:
    row.name = "changed"
    session.add(row)
    return row in session.dirty


@row_of(Thing, 101)
async def row_changed_and_another_added(session: Any, row: Any) -> Any:
    row.name = "changed"
    session.add(Thing(name="new", owner_id=row.owner_id, id=id_of(900)))


@row_of(Thing, 101)
async def row_changed_then_read(session: Any, row: Any) -> Any:
    row.count = 77
    return (await session.exec(select(Thing.count).where(Thing.id == row.id))).one()


@row_of(Thing, 101)
async def row_changed_by_an_expression(session: Any, row: Any) -> Any:
    row.count = Thing.count + 1


@row_of(Thing, 101)
async def row_changed_by_a_statement(session: Any, row: Any) -> Any:
    await session.exec(sa.update(Thing).where(Thing.id == row.id).values(count=70))
    await session.refresh(row)
    return row.count


@row_of(Thing, 101)
async def row_deleted(session: Any, row: Any) -> Any:
    await session.delete(row)


@row_of(Thing, 101)
async def row_deleted_then_counted(session: Any, row: Any) -> Any:
    await session.delete(row)
    return (await session.exec(select(func.count(Thing.id)))).one()


@row_of(Thing, 101)
async def row_given_to_another(session: Any, row: Any) -> Any:
    row.owner_id = person("bob")


@row_of(Thing, 101)
async def row_updated(session: Any, row: Any) -> Any:
    return m.OrdinaryThingUpdate(name="updated", remark="new").apply(row)


@row_of(Thing, 101)
async def row_updated_by_sqlmodel(session: Any, row: Any) -> Any:
    body = m.OrdinaryThingUpdate(name="updated")
    row.sqlmodel_update(body.model_dump(exclude_unset=True))
    session.add(row)
    await session.commit()
    await session.refresh(row)
    return row.name, row.count, bool(body.remark), body.model_fields_set


@row_of(Thing, 101)
async def row_expunged(session: Any, row: Any) -> Any:
    session.expunge(row)
    row.name = "lost"
    return row in session


@row_of(Thing, 101)
async def row_refreshed(session: Any, row: Any) -> Any:
    row.name = "lost"
    session.expire(row)
    await session.refresh(row, ["name", "count"])
    return row.name, row.count


@row_of(Thing, 101)
async def row_rolled_back(session: Any, row: Any) -> Any:
    row.name = "lost"
    await session.flush()
    await session.rollback()
    await session.refresh(row)
    return row.name


@row_of(Thing, 101)
async def row_of_which_nothing_is_asked(session: Any, row: Any) -> Any:
    return row.name, sorted(row.model_dump().items(), key=str), type(row)


@row_of(Thing, 101)
async def row_changed_in_a_savepoint(session: Any, row: Any) -> Any:
    savepoint = await session.begin_nested()
    row.name = "lost"
    await session.flush()
    await savepoint.rollback()
    await session.refresh(row)
    return row.name


@row_of(Thing, 101)
@raising("RuntimeError")
async def row_changed_before_an_error(session: Any, row: Any) -> Any:
    row.name = "lost"
    raise RuntimeError


@row_of(Thing, 101)
async def row_refreshed_at_once(session: Any, row: Any) -> Any:
    await session.refresh(row)
    row.count += 1
    return row.count


@row_of(Thing, 101)
async def row_refreshed_in_part(session: Any, row: Any) -> Any:
    await session.refresh(row, ["name"])
    row.count += 1
    return row.count


@row_of(Thing, 101)
async def row_expired(session: Any, row: Any) -> Any:
    session.expire(row)
    await session.refresh(row)
    row.name = "changed"
    return row.name


@row_of(Thing, 101)
async def row_expired_in_part(session: Any, row: Any) -> Any:
    session.expire(row, ["count"])
    row.name = "changed"


@row_of(Thing, 101)
async def row_rolled_back_at_once(session: Any, row: Any) -> Any:
    id = row.id
    await session.rollback()
    again = await session.get(Thing, id)
    again.name = "changed"
    return again.name


@row_of(Thing, 101)
async def row_changed_while_somebody_listens(session: Any, row: Any) -> Any:
    @sa.event.listens_for(session.sync_session, "before_flush")
    def add_another(session: Any, *_: Any) -> None:
        session.add(Thing(name="heard", owner_id=row.owner_id, id=id_of(901)))

    row.name = "changed"


@in_every_way
@cases.on_each_engine()
async def test_a_row_of_the_house_is_one_of_the_session(
    both: Both, way: tuple[str, bool], case: Case
) -> None:
    await both.must_agree(way, case)
