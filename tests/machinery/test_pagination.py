"""What every list promises: all rows once, in order, whatever happens meanwhile, and no scan to get them."""

import base64
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from fastapi import FastAPI, Query
from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel, col, select

from api.db.engine import Database
from api.lists import pagination as paging
from api.lists.filters import By
from api.lists.pagination import Page, PageQuery, paginate
from api.lists.searches import Search, Searches
from api.models.account_types import Username
from api.models.base import uuid7
from api.models.role import Role
from api.models.types import UtcDatetime
from api.models.user import User
from api.settings import Settings
from tests.support.people import Person

pytestmark = pytest.mark.anyio

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def in_role(name: Any) -> Any:
    return select(Role.id).where(col(Role.name) == name).scalar_subquery()


class EveryQuery(PageQuery[User]):
    """All that a list can declare, on a table that has all kinds of columns."""

    last_name: str | None = None
    is_active: bool | None = None
    created_before: UtcDatetime | None = None
    created_after: UtcDatetime | None = None
    username_min: Username | None = None
    username_max: Username | None = None
    named: Annotated[bool | None, By(lambda yes: col(User.last_name).is_not(None) == yes)] = None
    role: Annotated[str | None, By(lambda name: col(User.role_id) == in_role(name))] = None
    q: Annotated[Search | None, Searches("username", "last_name")] = None
    sort: Literal["id", "username", "last_name", "created_at"] = "id"


async def add(database: Database, *names: tuple[str, str | None], **fields: Any) -> None:
    """Users, by username and last name, each a minute older than the next."""
    async with database.write() as session, session.begin():
        role = (await session.exec(select(Role.id).where(Role.name == "user"))).one()
        for i, (username, last_name) in enumerate(names):
            email = f"{username}@example.com"
            fields |= {"created_at": BEGINNING + timedelta(minutes=i)}
            session.add(
                User(
                    username=username,
                    last_name=last_name,
                    email=email,
                    hashed_password="-",
                    role_id=role,
                    **fields,
                )
            )


async def page(database: Database, kind: type[EveryQuery] = EveryQuery, **query: Any) -> Page[User]:
    async with database.read() as session:
        return await paginate(session, kind(**query))


async def names(database: Database, **query: Any) -> list[str]:
    """Who is on the page that the query asks for, in alphabetical order."""
    return sorted(user.username for user in (await page(database, **query)).items)


async def walk(database: Database, **query: Any) -> AsyncIterator[Page[User]]:
    """Page after page."""
    cursor = None
    for _ in range(100):
        found = await page(database, cursor=cursor, **query)
        yield found
        cursor = found.next_cursor
        if cursor is None:
            return
    raise AssertionError("This list has no end.")


# As last names: nulls and equal ones, some of them where a page ends.
PEOPLE = list(
    zip(
        ["c1", "C2", "a3", "b4", "d5", "e6", "F7", "g8", "h9", "i0"],
        [None, "m", "m", None, "b", "m", "z", None, "b", "m"],
        strict=True,
    )
)
IN_ORDER = {  # every sort goes by id, hence by age, where it cannot decide
    ("id", "asc"): "c1 C2 a3 b4 d5 e6 F7 g8 h9 i0",
    ("id", "desc"): "i0 h9 g8 F7 e6 d5 b4 a3 C2 c1",
    ("created_at", "asc"): "c1 C2 a3 b4 d5 e6 F7 g8 h9 i0",
    ("created_at", "desc"): "i0 h9 g8 F7 e6 d5 b4 a3 C2 c1",
    ("username", "asc"): "a3 b4 c1 C2 d5 e6 F7 g8 h9 i0",
    ("username", "desc"): "i0 h9 g8 F7 e6 d5 C2 c1 b4 a3",
    ("last_name", "asc"): "d5 h9 C2 a3 e6 i0 F7 c1 b4 g8",
    ("last_name", "desc"): "F7 i0 e6 a3 C2 h9 d5 g8 b4 c1",
}


@pytest.mark.parametrize(("sort", "order"), IN_ORDER)
async def test_walking_shows_every_row_once_in_order(database: Database, sort: str, order: str) -> None:
    await add(database, *PEOPLE)

    for limit in (1, 3, 5, 10, 11):
        pages = [found async for found in walk(database, sort=sort, order=order, limit=limit)]

        assert [user.username for found in pages for user in found.items] == IN_ORDER[sort, order].split()
        assert [len(found.items) for found in pages[:-1]] == [limit] * (len(pages) - 1)
        assert pages[-1].items


@pytest.mark.parametrize(("sort", "order"), IN_ORDER)
async def test_rows_that_come_between_pages_shift_nothing(database: Database, sort: str, order: str) -> None:
    await add(database, *PEOPLE)

    seen, number = list[str](), 0
    async for found in walk(database, sort=sort, order=order, limit=2):
        seen += [user.username for user in found.items]
        number += 1
        if number < 6:  # walking ids upwards, new rows follow for ever
            await add(database, (f"0first{number}", None), (f"znew{number}", "a"), (f"znewer{number}", "zz"))

    there_before = [name for name in seen if name in IN_ORDER[sort, order].split()]
    assert there_before == IN_ORDER[sort, order].split()
    assert len(seen) == len(set(seen))


async def test_pages_by_number_and_the_total(database: Database) -> None:
    await add(database, *PEOPLE)

    third = await page(database, sort="username", order="asc", limit=4, skip=8, count=True)
    beyond = await page(database, skip=10)
    counted = await page(database, last_name="m", limit=1, count=True)

    assert ([user.username for user in third.items], third.next_cursor, third.total) == (
        ["h9", "i0"],
        None,
        10,
    )
    assert (beyond.items, beyond.next_cursor, beyond.total) == ([], None, None)
    assert counted.total == 4


async def test_filters_compare_what_their_names_say(database: Database) -> None:
    await add(database, *PEOPLE)
    await add(database, ("idle", "m"), is_active=False)
    third = BEGINNING + timedelta(minutes=2)

    assert await names(database, last_name="m") == ["C2", "a3", "e6", "i0", "idle"]
    assert await names(database, created_before=third) == ["C2", "c1", "idle"]
    assert await names(database, created_after=third, last_name="m") == ["e6", "i0"]
    assert await names(
        database, created_after=third.astimezone(None), created_before=third + timedelta(minutes=2)
    ) == ["b4"]
    assert await names(database, username_min="g8") == ["g8", "h9", "i0", "idle"]
    assert await names(database, username_min="a3", username_max="b4") == ["a3", "b4"]
    assert await names(database, is_active=False) == ["idle"]
    assert await names(database, is_active=True, last_name="m") == ["C2", "a3", "e6", "i0"]
    assert await names(database, named=False) == ["b4", "c1", "g8"]
    assert await names(database, named=True, created_before=third) == ["C2", "idle"]
    assert len(await names(database, role="user")) == 11
    assert await names(database, role="admin") == []


async def test_a_scope_is_part_of_every_page_and_of_the_total(database: Database) -> None:
    await add(database, *PEOPLE)
    scope = col(User.last_name) == bindparam("theirs")

    async with database.read() as session:
        first = await paginate(session, EveryQuery(limit=3, count=True), scope, theirs="m")
        rest = await paginate(session, EveryQuery(limit=3, cursor=first.next_cursor), scope, theirs="m")

    assert [user.username for user in (*first.items, *rest.items)] == ["i0", "e6", "a3", "C2"]
    assert first.total == 4


async def test_searching_takes_every_character_literally(database: Database) -> None:
    await add(database, ("anna", "B"), ("hannah", "x"), ("per_cent", "100%"), ("slash", "A/B"))

    assert await names(database, q="ANNA") == ["anna", "hannah"]
    for character in ("%", "0%", "_", "r_c"):
        assert await names(database, q=character) == ["per_cent"]
    for character in ("/", "a/b"):
        assert await names(database, q=character) == ["slash"]
    for character in ("\\", "nobody", "a%a", "/_"):
        assert await names(database, q=character) == []


@pytest.fixture
async def worldly(kind: str, database: Database, settings: Settings) -> AsyncIterator[Database]:
    """A database whose locale knows more letters than ASCII's, as is usual outside of tests."""
    if kind == "sqlite":
        yield database
        return
    name = f"worldly_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    server = create_async_engine(os.environ["TEST_POSTGRES_URL"], isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        version = int((await connection.execute(text("SHOW server_version_num"))).scalar_one())
        letters = (
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
            if version >= 170_000
            else "LC_CTYPE 'C.UTF-8'"
        )
        await connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        await connection.exec_driver_sql(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' {letters}"
        )
    await server.dispose()
    url = server.url.set(database=name).render_as_string(hide_password=False)
    worldly = Database(Settings(**settings.model_dump() | {"database_url": url}))
    async with worldly.engine.begin() as tables:
        await tables.run_sync(SQLModel.metadata.create_all)
    async with worldly.write() as session, session.begin():
        session.add(Role(name="user"))
    yield worldly
    await worldly.close()


async def test_searching_knows_upper_and_lower_case_of_all_letters(worldly: Database) -> None:
    await add(
        worldly, ("one", "École"), ("two", "ÉCOLE"), ("three", "école"), ("four", "Ecole"), ("five", "ЖУК")
    )

    assert await names(worldly, q="éCOLE") == ["one", "three", "two"]
    assert await names(worldly, q="É") == ["one", "three", "two"]
    assert await names(worldly, q="жук") == ["five"]


def cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


SOME_ID = str(UUID(int=7 << 76))


NOT_OURS = [
    "x",
    "é",
    "====",
    cursor(),
    cursor("UserSession", "id", "desc", SOME_ID, SOME_ID),
    cursor("User", "last_used_at", "desc", "2026-01-01T00:00:00Z", SOME_ID),
    cursor("UserSession", "last_used_at", "asc", "2026-01-01T00:00:00Z", SOME_ID),
    cursor("UserSession", "last_used_at", "desc", None, SOME_ID),
    cursor("UserSession", "last_used_at", "desc", "2026-01-01T00:00:00Z", "not an id"),
    cursor("UserSession", "last_used_at", "desc", "2026-01-01T00:00:00Z", 7),
    cursor("UserSession", "last_used_at", "desc", "2026-01-01T00:00:00Z", SOME_ID, 1),
    cursor("UserSession", "last_used_at", "desc", "2026-01-01T00:00:00", SOME_ID),  # no time zone
    cursor("UserSession", "last_used_at", "desc", "0001-01-01T00:00:00+14:00", SOME_ID),
    cursor("UserSession", "last_used_at", "desc", "9999-12-31T23:59:59-14:00", SOME_ID),
    cursor("UserSession", "last_used_at", "desc", 1e300, SOME_ID),
    cursor("UserSession", "last_used_at", "desc", float("inf"), SOME_ID),
    cursor("UserSession", "last_used_at", "desc", [["deep"]], SOME_ID),
    cursor(["last_used_at"], {"a": 1}, [], None),
    base64.urlsafe_b64encode(b"[" * 700).decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    "x" * 1001,
]


async def test_a_cursor_that_this_list_did_not_make_is_refused(ada: Person) -> None:
    for given in NOT_OURS:
        answer = await ada.get("/auth/sessions", params={"sort": "last_used_at", "cursor": given})

        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), given
        assert answer.json()["errors"][0]["loc"] == ["query", "cursor"]


async def test_a_cursor_holds_only_what_a_database_can_compare_with(admin: Person) -> None:
    for key in ("\0", "a\0b", "\ud800", 5, None, ["a"]):
        answer = await admin.get(
            "/users", params={"sort": "username", "cursor": cursor("User", "username", "desc", key, SOME_ID)}
        )
        assert answer.status_code == 422, key
    good = cursor("User", "username", "desc", "z", SOME_ID)
    assert (await admin.get("/users", params={"sort": "username", "cursor": good})).status_code == 200


async def test_a_page_is_as_long_as_was_asked_within_bounds(ada: Person) -> None:
    for refused in (
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=x",
        "skip=-1",
        "skip=1000001",
        "order=up",
        "sort=permissions",
    ):
        answer = await ada.get(f"/roles?{refused}")
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (
            422,
            ["query", refused.split("=")[0]],
        )
    assert len((await ada.get("/roles?limit=200&skip=1")).json()["items"]) == 2
    assert len((await ada.get("/roles?limit=1")).json()["items"]) == 1


async def test_a_parameter_that_nobody_declared_is_refused(ada: Person) -> None:
    answer = await ada.get("/roles?nmae=staff")

    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["query", "nmae"])


async def test_a_list_over_http_is_walked_by_its_cursor(admin: Person) -> None:
    query = {"sort": "name", "order": "asc", "limit": "2", "count": "true"}
    first = (await admin.get("/roles", params=query)).json()
    last = (await admin.get("/roles", params=query | {"cursor": first["next_cursor"]})).json()
    admins = (await admin.get("/users?role=admin&is_active=true&q=ROO")).json()

    assert [role["name"] for role in (*first["items"], *last["items"])] == ["admin", "staff", "user"]
    assert (first["total"], last["total"], last["next_cursor"]) == (3, 3, None)
    assert [user["username"] for user in admins["items"]] == ["root"]


async def test_a_statement_is_built_once_and_then_only_bound(database: Database) -> None:
    await add(database, *PEOPLE)

    class FreshQuery(EveryQuery): ...

    def queries(name: str, day: int) -> list[dict[str, Any]]:
        same: dict[str, Any] = {"limit": 2 + day, "skip": day, "count": True, "q": name, "last_name": name}
        same |= {"created_after": BEGINNING - timedelta(days=day), "sort": "last_name"}
        return [same, same | {"cursor": cursor("User", "last_name", "desc", name, str(uuid7()))}]

    def built() -> tuple[int, int]:
        return paging._page.cache_info().misses, paging._count.cache_info().misses

    at_first = built()
    for query in queries("m", 1):
        await page(database, FreshQuery, **query)
    once = built()
    for query in [*queries("b", 2), *queries("é", 3)]:
        await page(database, FreshQuery, **query)

    # Pages from the start, from a place, and of those without a key; counted in all, and those with a key
    # from either.
    assert (once[0] - at_first[0], once[1] - at_first[1]) == (3, 3)
    assert built() == once


def test_filters_explain_themselves_in_openapi() -> None:
    app = FastAPI()

    @app.get("/everything")
    async def list_everything(query: Annotated[EveryQuery, Query()]) -> None: ...

    parameters = app.openapi()["paths"]["/everything"]["get"]["parameters"]
    described = {parameter["name"]: parameter.get("description") for parameter in parameters}

    assert described["created_before"] == "Only rows before this time."
    assert described["created_after"] == "Only rows after this time."
    assert described["username_min"] == "Only rows with at least this value."
    assert described["username_max"] == "Only rows with at most this value."
    assert described["q"] == "Search in username, last_name. Upper and lower case are equal."
    assert {"limit", "cursor", "skip", "sort", "order", "count"} <= described.keys()
