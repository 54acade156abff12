"""Rows of the house in whose values the database, SQLAlchemy or a listener has a say."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, with_loader_criteria

from tests.machinery.ordinary_db import extras, ladders
from tests.machinery.ordinary_db.cases import Act, Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.comparing import person
from tests.machinery.ordinary_db.conftest import Both
from tests.machinery.ordinary_db.defaults import heard
from tests.machinery.ordinary_db.seeds import id_of

pytestmark = marks
m: Any = ladders
cases = Cases()


def compare(model: Any) -> None:
    """The cases of one model."""

    async def row(session: Any, row: Any) -> Any:
        return row

    async def row_changed(session: Any, row: Any) -> Any:
        row.name = "changed"

    async def row_changed_and_refreshed(session: Any, row: Any) -> Any:
        row.name = "changed"
        await session.flush()
        await session.refresh(row)
        return row

    async def row_deleted(session: Any, row: Any) -> Any:
        await session.delete(row)

    async def rows(session: Any, rows: Any) -> Any:
        return rows

    async def rows_changed(session: Any, rows: Any) -> Any:
        for row in rows:
            row.name += "!"

    async def added(session: Any) -> Any:
        session.add(model(id=id_of(1000), owner_id=person("ada"), name="new"))

    for act in (row, row_changed, row_changed_and_refreshed, row_deleted):
        cases(act, name=f"{model.__name__}-{act.__name__}", given=("owned", model, id_of(301)))
    for of_rows in (rows, rows_changed):
        cases(of_rows, name=f"{model.__name__}-{of_rows.__name__}", given=("list", model))
    cases(added, name=f"{model.__name__}-added")


for model in extras.EXTRAS:
    compare(model)


def one_of(model: Any, **options: Any) -> Callable[[Act], Act]:
    return cases(given=("owned", model, id_of(301)), **options)


@one_of(extras.OrdinaryBag)
async def mutable_changed(session: Any, row: Any) -> Any:
    row.options["b"] = 2
    row.items.append(2)
    return row in session.dirty


@cases(given=("list", extras.OrdinaryBag))
async def mutable_changed_in_a_list(session: Any, rows: Any) -> Any:
    for row in rows:
        row.options["b"] = 2
        row.items.append(2)


@one_of(extras.OrdinaryMore)
async def hybrid(session: Any, row: Any) -> Any:
    return row.shouted, row.upper, row.others


@one_of(extras.OrdinaryMore, raises="MissingGreenlet")
async def deferred_column(session: Any, row: Any) -> Any:
    return row.story


@one_of(extras.OrdinaryMore)
async def deferred_column_refreshed(session: Any, row: Any) -> Any:
    await session.refresh(row, ["story"])
    return row.story


@one_of(extras.OrdinaryTold)
async def validated(session: Any, row: Any) -> Any:
    row.email = "NEW@example.com"
    return row.email


@one_of(extras.OrdinaryVersion, raises="StaleDataError")
async def stale(session: Any, row: Any) -> Any:
    table = extras.OrdinaryVersion.__table__  # type: ignore[attr-defined]
    await (await session.connection()).execute(table.update().values(version=9))
    row.name = "changed"
    await session.flush()


@contextmanager
def watching() -> Iterator[None]:
    """What all sessions execute is heard and restricted, as SQLAlchemy's documentation has it."""

    def act(state: Any) -> None:
        if state.is_select and state.bind_mapper in {
            sa.inspect(m.OrdinaryThing),
            sa.inspect(m.OrdinaryFolder),
        }:
            heard.append("executed")
            few = with_loader_criteria(m.OrdinaryThing, m.OrdinaryThing.count > 2)
            state.statement = state.statement.options(few)

    event.listen(Session, "do_orm_execute", act)
    try:
        yield
    finally:
        event.remove(Session, "do_orm_execute", act)


@cases(given=("list", m.OrdinaryThing), around=watching)
async def list_that_is_restricted(session: Any, rows: Any) -> Any:
    heard[:] = sorted(set(heard))  # how many statements there are is nobody's business
    return [row.name for row in rows]


@cases(given=("owned", m.OrdinaryThing, id_of(101)), around=watching)
async def row_that_is_watched(session: Any, row: Any) -> Any:
    heard[:] = sorted(set(heard))
    return row.name


@in_every_way
@cases.on_each_engine()
async def test_a_row_with_more_than_columns_is_alike(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
