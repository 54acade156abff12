"""Rows that the house found for a handler: whatever is asked of them, they are rows of the session."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import async_object_session
from sqlalchemy.orm import selectinload
from sqlmodel import func, select

from tests.machinery.ordinary_db import ladders
from tests.machinery.ordinary_db.cases import Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.comparing import person
from tests.machinery.ordinary_db.conftest import Both
from tests.machinery.ordinary_db.seeds import id_of

pytestmark = marks
m: Any = ladders
Thing, Folder, Paper, Stamp, Leaf = m.OrdinaryThing, m.OrdinaryFolder, m.OrdinaryPaper, m.OrdinaryStamp, m.OrdinaryLeaf
cases = Cases()


def row_of(model: Any, id: int) -> Any:
    """A case of a row, by each of the dependencies."""

    def add(act: Any) -> Any:
        for what in ("owned", "found", "visible"):
            cases(act, name=f"{act.__name__}-{what}", given=(what, model, id_of(id)), **getattr(act, "options", {}))
        return act

    return add


def rows_of(model: Any, **options: Any) -> Any:
    return cases(given=("list", model), **options)


def raising(name: str) -> Any:
    def mark(act: Any) -> Any:
        act.options = {"raises": name}
        return act

    return mark


@row_of(Thing, 101)
async def row(session: Any, row: Any) -> Any:
    return row


@row_of(Thing, 101)
async def row_is_of_the_session(session: Any, row: Any) -> Any:
    state = sa.inspect(row)
    return row in session, state.persistent, state.detached, async_object_session(row) is session, type(row).__name__


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
    return row.name, row.model_dump(), repr(row)


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


@row_of(Folder, 201)
async def lists_that_come_with_a_row(session: Any, row: Any) -> Any:
    return [one.title for one in row.papers], [one.colour for one in row.stamps], row.papers[0].folder is row


@row_of(Folder, 201)
async def lists_in_a_session(session: Any, row: Any) -> Any:
    return [one in session for one in (*row.papers, *row.stamps)], type(row.papers).__name__


@row_of(Folder, 201)
@raising("MissingGreenlet")
async def list_that_does_not_come(session: Any, row: Any) -> Any:
    return row.children


@row_of(Folder, 201)
async def list_that_is_refreshed(session: Any, row: Any) -> Any:
    await session.refresh(row, ["children", "notes"])
    return [one.name for one in row.children], [one.text for one in row.notes], row.children[0].parent is row


@row_of(Folder, 202)
async def parent_refreshed(session: Any, row: Any) -> Any:
    await session.refresh(row, ["parent"])
    return row.parent.name, [one.title for one in row.parent.papers]


@row_of(Folder, 201)
async def list_appended_to(session: Any, row: Any) -> Any:
    row.papers.append(Paper(id=id_of(901), title="New", owner_id=row.owner_id))


@row_of(Folder, 201)
async def list_taken_from(session: Any, row: Any) -> Any:
    row.papers.pop()


@row_of(Folder, 202)
async def row_with_a_cascade_deleted(session: Any, row: Any) -> Any:
    await session.refresh(row, ["notes", "children", "parent"])
    await session.delete(row)


@row_of(Paper, 211)
async def one_that_comes_with_a_row(session: Any, row: Any) -> Any:
    return row.folder.name, row.folder in session, [one.title for one in row.folder.papers]


@row_of(Paper, 214)
async def one_that_there_is_not(session: Any, row: Any) -> Any:
    return row.folder


@row_of(Paper, 211)
async def one_changed(session: Any, row: Any) -> Any:
    row.folder.name = "changed"


@row_of(Paper, 211)
async def one_replaced(session: Any, row: Any) -> Any:
    row.folder = await session.get(Folder, id_of(204))
    await session.flush()
    return row.folder_id


@row_of(Leaf, 231)
@raising("MissingGreenlet")
async def one_that_does_not_come(session: Any, row: Any) -> Any:
    return row.folder


@row_of(Leaf, 231)
async def one_that_is_refreshed(session: Any, row: Any) -> Any:
    await session.refresh(row, ["folder"])
    return row.folder.name


@rows_of(Thing)
async def rows(session: Any, rows: Any) -> Any:
    return rows


@rows_of(Thing)
async def rows_are_of_the_session(session: Any, rows: Any) -> Any:
    return [(row in session, sa.inspect(row).persistent) for row in rows]


@rows_of(Thing)
async def rows_are_the_same(session: Any, rows: Any) -> Any:
    return [await session.get(Thing, row.id) is row for row in rows], len(session.identity_map)


@rows_of(Thing)
async def rows_changed(session: Any, rows: Any) -> Any:
    for row in rows:
        row.count += 1


@rows_of(Thing)
async def rows_one_changed(session: Any, rows: Any) -> Any:
    rows[0].name = "changed"
    return [sa.inspect(row).modified for row in rows], len(session.dirty)


@rows_of(Thing)
async def rows_one_deleted(session: Any, rows: Any) -> Any:
    await session.delete(rows[0])


@rows_of(Thing)
async def rows_changed_then_read(session: Any, rows: Any) -> Any:
    rows[0].count = 1000
    return (await session.exec(select(func.max(Thing.count)))).one()


@rows_of(Thing)
async def rows_and_one_added(session: Any, rows: Any) -> Any:
    session.add(Thing(name=rows[0].name + "!", owner_id=rows[0].owner_id, id=id_of(900)))


@rows_of(Thing)
async def rows_expunged(session: Any, rows: Any) -> Any:
    session.expunge_all()
    rows[0].name = "lost"


@rows_of(Thing)
async def rows_of_which_nothing_is_asked(session: Any, rows: Any) -> Any:
    return [(row.name, row.price, repr(row)) for row in rows]


@rows_of(Folder)
async def rows_are_not_multiplied(session: Any, rows: Any) -> Any:
    return [(row.name, len(row.papers), len(row.stamps)) for row in rows]


@rows_of(Folder)
async def rows_with_their_lists(session: Any, rows: Any) -> Any:
    return rows


@rows_of(Folder, raises="MissingGreenlet")
async def rows_without_a_list(session: Any, rows: Any) -> Any:
    return rows[0].notes


@rows_of(Folder)
async def rows_loaded_further(session: Any, rows: Any) -> Any:
    await session.exec(select(Folder).options(selectinload(Folder.children)).execution_options(populate_existing=True))
    return len(rows)


@rows_of(Folder)
async def rows_refreshed(session: Any, rows: Any) -> Any:
    for row in rows:
        await session.refresh(row, ["children"])
    return [[one.name for one in row.children] for row in rows]


@rows_of(Paper)
async def rows_with_one_each(session: Any, rows: Any) -> Any:
    return [row.folder and row.folder.name for row in rows], rows[-1].folder is rows[-2].folder


@rows_of(Paper)
async def rows_whose_one_is_changed(session: Any, rows: Any) -> Any:
    for row in rows:
        if row.folder:
            row.folder.name = f"of {row.title}"


@rows_of(Leaf, raises="MissingGreenlet")
async def rows_without_their_one(session: Any, rows: Any) -> Any:
    return rows[0].folder


@rows_of(Leaf)
async def rows_in_run_sync(session: Any, rows: Any) -> Any:
    return await session.run_sync(lambda _: [row.folder.name for row in rows])


@rows_of(Stamp)
async def rows_moved(session: Any, rows: Any) -> Any:
    for row in rows:
        row.folder_id = id_of(204)


@in_every_way
@cases.on_each_engine()
async def test_a_row_of_the_house_is_one_of_the_session(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
