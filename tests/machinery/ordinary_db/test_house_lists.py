"""Rows that the house listed: whatever is asked of them, they are rows of the session."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import func, select

from tests.machinery.ordinary_db import ladders
from tests.machinery.ordinary_db.cases import Act, Case, Cases, in_every_way, marks
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


def rows_of(model: Any, **options: Any) -> Callable[[Act], Act]:
    return cases(given=("list", model), **options)


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
    return [(row.name, row.price, sorted(row.model_dump())) for row in rows]


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
    await session.exec(
        select(Folder).options(selectinload(Folder.children)).execution_options(populate_existing=True)
    )
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
async def test_a_row_of_the_house_is_one_of_the_session(
    both: Both, way: tuple[str, bool], case: Case
) -> None:
    await both.must_agree(way, case)
