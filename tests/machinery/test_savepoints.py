"""Savepoints: events tell what is committed, all of it and nothing else."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from api.db.engine import Database
from api.models.event import Event
from api.models.task import Task
from tests.support.people import Person

pytestmark = pytest.mark.anyio


@pytest.fixture
def woken(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[Mapping[UUID, int]]:
    """What listeners are told."""
    told: list[Mapping[UUID, int]] = []
    monkeypatch.setattr(database, "wake", told.append)
    return told


async def events(database: Database) -> list[tuple[str, str]]:
    rows = await database.rows(select(Event).order_by(col(Event.number)))
    return [(row.kind, row.data.partition('"description":"')[2].partition('"')[0]) for row in rows]


async def save(session: Any, ada: Person, description: str) -> Task:
    task = Task(owner_id=UUID(ada.id), description=description)
    session.add(task)
    await session.flush()
    return task


async def test_what_came_before_a_savepoint_is_told_when_it_is_rolled_back(
    database: Database, ada: Person, woken: list[Any]
) -> None:
    async with database.write() as session, session.begin():
        await save(session, ada, "kept")
        with suppress(KeyError):
            async with session.begin_nested():
                await save(session, ada, "dropped")
                raise KeyError
        with suppress(KeyError):
            async with session.begin_nested():
                async with session.begin_nested():
                    await save(session, ada, "dropped too")
                raise KeyError
        async with session.begin_nested():
            await save(session, ada, "kept too")

    assert await events(database) == [("task.created", "kept"), ("task.created", "kept too")]
    assert [list(numbers) for numbers in woken] == [[UUID(ada.id)]]


async def test_listeners_are_woken_after_the_commit_and_not_before(
    database: Database, ada: Person, woken: list[Any]
) -> None:
    async with database.write() as session, session.begin():
        async with session.begin_nested():
            await save(session, ada, "first")
        assert woken == []
    assert len(woken) == 1

    with suppress(KeyError):
        async with database.write() as session, session.begin():
            async with session.begin_nested():
                await save(session, ada, "never")
            raise KeyError
    assert await events(database) == [("task.created", "first")]
    assert len(woken) == 1
