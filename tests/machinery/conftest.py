"""Apps for these tests alone: one with an entity of their own, and a second one on the same database."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.db.engine import Database
from api.settings import Settings
from tests.machinery.books import Apart, router
from tests.support.apart import with_routes
from tests.support.visitors import House


def with_books(settings: Settings, **changes: Any) -> FastAPI:
    return with_routes(settings, router, **changes)


@pytest.fixture(scope="module")
async def running_books(settings: Settings) -> AsyncIterator[FastAPI]:
    app = with_books(settings)
    database: Database = app.state.database
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.create_all)
    yield app
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.drop_all)
    await database.close()


@pytest.fixture
async def books(
    app: FastAPI, running_books: FastAPI, settings: Settings, request: pytest.FixtureRequest
) -> AsyncIterator[FastAPI]:
    """The app with books; `app` keeps the rest of the database. With a parameter, one with these settings."""
    changes = getattr(request, "param", None)
    shown = running_books if changes is None else with_books(settings, **changes)
    yield shown
    if shown is not running_books:
        await shown.state.database.close()
    database: Database = running_books.state.database
    async with database.engine.begin() as connection:
        for table in reversed(Apart.metadata.sorted_tables):
            await connection.execute(table.delete())


@pytest.fixture
async def house(app: FastAPI, settings: Settings) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield House(settings, stack)


@pytest.fixture
async def second(app: FastAPI, settings: Settings) -> AsyncIterator[FastAPI]:
    """Another app on the same database, for routes that the real one must not have."""
    second = create_app(settings)
    yield second
    await second.state.database.close()
