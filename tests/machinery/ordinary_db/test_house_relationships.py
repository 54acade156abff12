"""What hangs on a row that the house found: what comes with it, and what does not."""

from collections.abc import Callable
from typing import Any

from tests.machinery.ordinary_db import ladders
from tests.machinery.ordinary_db.cases import Act, Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.conftest import Both
from tests.machinery.ordinary_db.seeds import id_of

pytestmark = marks
m: Any = ladders
Thing, Folder, Paper, Stamp, Leaf, Branch = (
    m.OrdinaryThing,
    m.OrdinaryFolder,
    m.OrdinaryPaper,
    m.OrdinaryStamp,
    m.OrdinaryLeaf,
    m.OrdinaryBranch,
)
cases = Cases()


def row_of(model: Any, id: int) -> Callable[[Act], Act]:
    """A case of a row, by each of the dependencies."""

    def add(act: Act) -> Act:
        name, options = getattr(act, "__name__", ""), vars(act).get("options", {})
        for what in ("owned", "found", "visible"):
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
async def parent_loaded_in_run_sync(session: Any, row: Any) -> Any:
    return await session.run_sync(lambda _: (row.parent.name, row.parent in session))


@row_of(Folder, 202)
@raising("MissingGreenlet")  # SQLAlchemy refreshes no reference from a table to itself
async def parent_refreshed(session: Any, row: Any) -> Any:
    await session.refresh(row, ["parent"])
    return row.parent


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
    return row.folder.name, row.folder in session


@row_of(Paper, 211)
@raising("MissingGreenlet")
async def what_would_come_back_to_the_row(session: Any, row: Any) -> Any:
    return row.folder.papers


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


@row_of(Branch, 243)
async def one_of_the_same_table(session: Any, row: Any) -> Any:
    return row.parent.name, row.parent in session, "parent" in vars(row.parent)


@row_of(Branch, 243)
@raising("MissingGreenlet")
async def what_is_deeper_than_the_join(session: Any, row: Any) -> Any:
    return row.parent.parent


@row_of(Branch, 244)
async def one_that_is_the_row_itself(session: Any, row: Any) -> Any:
    return row.parent is row


@row_of(Branch, 242)
async def one_of_the_same_table_replaced(session: Any, row: Any) -> Any:
    row.parent = await session.get(Branch, id_of(244))
    await session.flush()
    return row.parent_id


@cases(given=("list", Branch))
async def rows_that_are_nested_in_each_other(session: Any, rows: Any) -> Any:
    nested = [(row.parent.name, row.parent in rows, row.parent in session) for row in rows if row.parent]
    return nested, [row.parent_id for row in rows], rows[1].parent.parent.name


@in_every_way
@cases.on_each_engine()
async def test_a_row_of_the_house_is_one_of_the_session(
    both: Both, way: tuple[str, bool], case: Case
) -> None:
    await both.must_agree(way, case)
