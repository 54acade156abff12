"""Databases with the tables of this suite, the house on them, and the plain way to them."""

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from uuid import UUID

import psycopg
import pytest

from tests.conftest import WORKER, empty_database
from tests.machinery.ordinary_db import comparing
from tests.machinery.ordinary_db.cases import Case
from tests.machinery.ordinary_db.comparing import differences
from tests.machinery.ordinary_db.house import create_app, settings_for
from tests.machinery.ordinary_db.running import House, Plain
from tests.machinery.ordinary_db.storage import Storage
from tests.support.people import register


class Both:
    """One database, and the ways to it."""

    def __init__(self, plain: Plain, houses: dict[bool, House]) -> None:
        self.plain, self.houses = plain, houses

    async def must_agree(self, way: tuple[str, bool], case: Case) -> None:
        """Fail in so far as the house differs from plain SQLModel, which has to do what the case is about."""
        method, fast = way
        expected = await self.plain.run(case)
        if (expected.raised, expected.is_committed) != (case.raises, case.commits):
            pytest.fail(f"plain SQLModel does something else: {expected}", pytrace=False)
        if found := differences(await self.houses[fast].run(method, case), expected):
            pytest.fail(found, pytrace=False)


@pytest.fixture(scope="package", autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """What MissingGreenlet leaves is collected here, where nobody minds, and not in another test."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
async def both(kind: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Both]:
    url = await empty_database(kind, tmp_path_factory.mktemp("ordinary"), f"ordinary_{WORKER}")
    if kind == "postgresql":
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION citext; CREATE EXTENSION hstore")
            connection.execute(
                f"ALTER DATABASE {connection.info.dbname} SET timezone TO 'UTC'"
            )  # wherever we are
    async with AsyncExitStack() as stack:
        apps = {fast: create_app(settings_for(url, fast_path=fast)) for fast in (True, False)}
        for app in apps.values():
            await stack.enter_async_context(app.router.lifespan_context(app))
        ada, bob = [await register(apps[True], username=name) for name in ("ada", "bob")]
        comparing.people.clear()
        comparing.people |= {ada.id: "ada", bob.id: "bob"}
        storage = Storage(url, [UUID(ada.id), UUID(bob.id)])
        stack.callback(storage.close)
        houses = {fast: House(app, ada.headers["Authorization"], storage) for fast, app in apps.items()}
        plain = Plain(url, storage, UUID(ada.id))
        stack.push_async_callback(plain.engine.dispose)
        for client in (ada, bob, *(house.client for house in houses.values())):
            stack.push_async_callback(client.aclose)
        yield Both(plain, houses)
