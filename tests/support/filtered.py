"""What a filter should find, judged by the rows themselves and not by its SQL."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy.orm import selectinload
from sqlmodel import col, select

from api.db.engine import Database
from api.lists.conditions import IS_NULL, NOT, SUFFIXES, Meaning
from api.lists.filters import NO_FILTERS, By, Filters, compared
from api.lists.searches import Searches
from tests.support.makers import Maker


def compared_by_name(query: type[Filters[Any]], name: str) -> Meaning | None:
    """What a filter compares; None if it has an expression, or one value of a column of its own."""
    if name in NO_FILTERS or any(isinstance(one, By | Searches) for one in query.model_fields[name].metadata):
        return None
    meant = compared(query, name)
    is_plain = not meant.path and not meant.takes_list and meant.suffix in ("", *SUFFIXES)
    return None if is_plain else meant


async def related(database: Database, model: Any, meant: Meaning, ids: list[str]) -> dict[str, list[Any]]:
    """By the id of a row, the values that the filter compares: its own, or those of rows it is related to."""
    statement = select(model).where(col(model.id).in_([UUID(id) for id in ids]))
    if meant.path:
        first, *others = meant.path
        loading = selectinload(first)
        for one in others:
            loading = loading.selectinload(one)
        statement = statement.options(loading)
    async with database.read() as session:
        rows = (await session.exec(statement)).unique().all()
        return {str(row.id): _values(row, meant) for row in rows}


async def fill(database: Database, model: Any, meant: Meaning, ids: list[str], value: Any) -> None:
    """Give one of the related rows a value, as what has no routes is made with few."""
    target, key = meant.column.parent.class_, meant.column.key
    there = await related(database, model, replace(meant, column=target.id), ids)
    id = next(one for found in there.values() for one in found)
    valid = TypeAdapter(target.model_fields[key].rebuild_annotation()).validate_python(value)
    async with database.write() as session, session.begin():
        await session.exec(sa.update(target).where(target.id == id).values({key: valid}))


def _values(row: Any, meant: Meaning) -> list[Any]:
    here = [row]
    for one in meant.path:
        there = [getattr(each, one.key) for each in here]
        here = [inner for found in there for inner in (found if isinstance(found, list) else [found])]
        here = [inner for inner in here if inner is not None]
    return [getattr(each, meant.column.key) for each in here]


def expected(meant: Meaning, known: dict[str, list[Any]], given: list[Any]) -> set[str]:
    """The ids of the rows that the filter should find."""
    if meant.suffix == IS_NULL:
        return {id for id, has in known.items() if all(one is None for one in has) is given[0]}
    if meant.suffix in SUFFIXES:
        meets, edge = SUFFIXES[meant.suffix][0], given[0]
        return {id for id, has in known.items() if any(one is not None and meets(one, edge) for one in has)}
    having = {id for id, has in known.items() if any(one in given for one in has)}
    return known.keys() - having if meant.suffix == NOT else having


def written(values: list[Any]) -> list[Any]:
    """Values as a query string has them."""
    return [str(one).lower() if isinstance(one, bool) else to_jsonable_python(one) for one in values]


async def add_links(model: Any, id: UUID, maker: Maker) -> None:
    """Two new rows for each many-to-many relationship of a row."""
    assert maker.database is not None
    for one in sa.inspect(model).relationships:
        if one.secondary is None:
            continue
        for _ in range(2):
            other = await maker.insert(one.mapper.class_)
            near = {column: id for _, column in one.synchronize_pairs}
            far = {column: UUID(other["id"]) for _, column in one.secondary_synchronize_pairs}
            values = {column.name: value for column, value in (near | far).items()}
            async with maker.database.engine.begin() as connection:
                await connection.execute(sa.insert(one.secondary).values(values))
