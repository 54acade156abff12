"""What lists ask of the database: as many statements for many rows as for few, each from an index."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi.routing import RouteContext
from psycopg import AsyncClientCursor, AsyncRawCursor
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel, select

from api.db.engine import Database
from api.lists.filters import Filters
from api.lists.searches import Searches
from api.lists.words import FUNCTION_NAME, index_of
from api.models.base import tables, uuid7
from api.models.row_change import RowChange
from api.models.user import User
from api.openapi import policies
from tests.support.described import LISTS, ROUTES, Body, is_of_team, is_of_trash, query_names, query_of
from tests.support.make import make
from tests.support.makers import Maker, add_children, children, request_of
from tests.support.people import Person
from tests.support.promises import promise, promise_on_one_engine
from tests.support.proofs import HOST, Proof
from tests.support.resources import RESOURCES, methods, path
from tests.support.values import nth
from tests.support.watching import needs_fast_path, watching

pytestmark = pytest.mark.anyio

TABLES = SQLModel.metadata.sorted_tables
Row = dict[str, Any]
Copies = dict[sa.Table, dict[tuple[Any, ...], Row]]  # by the number of a copy and the key of what it is of


class Many:
    """A list with two hundred rows, each with rows of its own to refer to, and a person who sees them all."""

    def __init__(self, route: RouteContext, query: type[Filters[Any]], person: Person, url: str) -> None:
        self.route, self.query, self.person, self.url = route, query, person, url
        self.table: sa.Table = query.model.__table__

    async def page(self, **params: Any) -> dict[str, Any]:
        answer = await self.person.get(self.url, params=params)
        assert answer.status_code == 200, answer.text
        ids = [row["id"] for row in answer.json()["items"]]
        assert len(ids) == len(set(ids)), f"{self.url} shows a row twice"
        return dict(answer.json())


@pytest.fixture
async def many(route: RouteContext, database: Database, admin: Person) -> Many:
    maker = Maker(admin, database=database)
    query: Any = query_of(route)
    url = await fill(route, maker)
    many = Many(route, query, admin, url)
    first = UUID((await many.page())["items"][0]["id"])
    await add_children(query.model, first, maker)
    kept = {UUID(row["id"]) for row in maker.rows.values()}
    # Which rows the list shows may depend on the caller.
    for start, keep in ((0, kept), (200, kept | {UUID(admin.id)})):
        async with database.engine.begin() as connection:
            await multiply(connection, query.model, first, range(start, start + 200), keep, UUID(admin.id))
        if len((await many.page(limit=200))["items"]) == 200:
            return many
    raise AssertionError(f"{many.url} does not show its rows")


async def fill(route: RouteContext, maker: Maker) -> str:
    """The address of a list in which there is a row."""
    resource = next((one for one in RESOURCES if one.list is route and one.create), None)
    if resource is not None:
        proof = Proof(resource, maker)
        await proof.made()
        return await proof.url(route)
    url, admin = f"{HOST}{await maker.url(route)}", maker.client
    here = [other for other in ROUTES if path(other).startswith(path(route))]
    made = next((other for other in here if path(other) == path(route) and methods(other) == {"POST"}), None)
    if made is not None:
        for more in ({}, {"user_id": admin.id}):  # some lists show only what was written for the caller
            if not (await admin.get(url)).json()["items"]:
                answer = await admin.post(url, **request_of(made, await maker.full(Body.of(made)) | more))
                assert answer.status_code == 201, answer.text
    elif any(methods(other) == {"PUT"} for other in here):
        await admin.put(f"{url}/me")
    elif not (await admin.get(url)).json()["items"]:
        await maker.insert(query_of(route).model)
    elif any(is_partial(index) for index in query_of(route).model.__table__.indexes):
        # What is there may be the only one of its kind, such as the owner of a team: copy another one
        await maker.insert(query_of(route).model, user_id=UUID(await maker.id_of("users")))
    return url


def is_partial(index: sa.Index) -> bool:
    return bool(index.unique) and index.dialect_options["postgresql"]["where"] is not None


def links(table: sa.Table) -> Iterator[tuple[Any, Any]]:
    """Of tables that join users to rows of this table: the two columns."""
    for other in TABLES:
        ends = {key.column.table.name: key.parent for key in other.foreign_keys}
        if table.name != "users" and other is not table and {table.name, "users"} <= ends.keys():
            yield ends[table.name], ends["users"]


async def multiply(
    connection: AsyncConnection, model: Any, id: UUID, numbers: range, keep: set[UUID], user: UUID
) -> None:
    """Copy a row, what it refers to but for these, what it has several of, and what joins this user to it."""
    table: sa.Table = model.__table__
    [row] = await rows_where(connection, table.c.id == id)
    inner = {column: await rows_where(connection, column == id) for _, column in children(model)}
    for column, whose in links(table):
        inner[column] = await rows_where(connection, column == id, whose == user)
    copies: Copies = {}
    for number in numbers:
        new = await copy(connection, table, row, number, keep, copies)
        for column, rows in inner.items():
            for place, child in enumerate(rows):
                again = renamed(column.table, child, number * len(rows) + place)
                there = copies.setdefault(column.table, {})
                there[number, *key(column.table, child)] = child | again | {column.key: new["id"]}
    for other in TABLES:
        if other in copies:
            await connection.execute(other.insert(), [*copies[other].values()])


async def rows_where(connection: AsyncConnection, *conditions: Any) -> list[Row]:
    """Rows of a table, without what the database computes."""
    table: sa.Table = conditions[0].left.table
    columns = [column for column in table.columns if column.computed is None]
    return [
        dict(row) for row in (await connection.execute(sa.select(*columns).where(*conditions))).mappings()
    ]


def renamed(table: sa.Table, row: Row, number: int) -> Row:
    """Other values for what has to be unique. A key with a reference in it is another by what it refers to."""
    groups: list[Any] = [index.columns for index in table.indexes if index.unique]
    groups += [rule.columns for rule in table.constraints if isinstance(rule, sa.UniqueConstraint)]
    if not any(column.foreign_keys for column in table.primary_key):
        groups.append(table.primary_key.columns)
    unique = {column for group in groups for column in group if not column.foreign_keys}
    return {column.name: another(column, row[column.name], number) for column in unique}


def another(column: Any, value: Any, number: int) -> Any:
    if isinstance(value, UUID):
        return uuid7()
    if isinstance(value, str):
        return other_text(column.table, column.name, value, number)
    if type(value) in (int, float):  # of keys, there are several to begin with
        return value + (1 + number) * (1_000 if column.primary_key else 1)
    return value


def other_text(table: sa.Table, name: str, value: str, number: int) -> str:
    """Another text for each number: a longer one, or one that the pattern of a short field allows."""
    longer, length = f"{value}x{number}", getattr(table.columns[name].type, "length", None)
    if length is None or len(longer) <= length:
        return longer
    model = next(one for one in tables() if one.__table__ is table)
    part = Body.of_schema(model.model_json_schema()).fields[name]
    return str(nth(part, 1_000 + number, 0))  # the samples have small numbers


async def copy(
    connection: AsyncConnection, table: sa.Table, row: Row, number: int, keep: set[UUID], into: Copies
) -> Row:
    """Copy a row and what it refers to but for these, each once for a number."""
    if known := into.get(table, {}).get((number, *key(table, row))):
        return known
    parents: Row = {}
    for rule in table.foreign_key_constraints:
        ends = {end.parent.name: end.column for end in rule.elements}
        there = {row[name] for name in ends}
        if None not in there and not there <= keep:
            [above] = await rows_where(connection, *(column == row[name] for name, column in ends.items()))
            above = await copy(connection, rule.referred_table, above, number, keep, into)
            parents |= {name: above[column.name] for name, column in ends.items()}
    new = row | renamed(table, row, number) | parents
    into.setdefault(table, {})[number, *key(table, row)] = new
    return new


def key(table: sa.Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """What is read from the database meanwhile."""
    sent: list[tuple[str, Any]] = []
    with watching(lambda one: sent.append((one.sql, one.values))):
        yield sent


async def plan(database: Database, sent: list[tuple[str, Any]], *avoid: str) -> str:
    """How the database goes about these statements, told as if the table were large."""
    steps: list[str] = []
    async with database.engine.begin() as connection:
        explain = "EXPLAIN QUERY PLAN"
        if connection.dialect.name == "postgresql":  # what it cannot avoid, it does all the same
            explain = "EXPLAIN"
            for what in avoid:
                await connection.exec_driver_sql(f"SET LOCAL enable_{what} = off")
        raw: Any = (await connection.get_raw_connection()).driver_connection
        for statement, parameters in sent:
            numbered = connection.dialect.name == "postgresql" and "$1" in statement  # as it is on the wire
            told = AsyncRawCursor(raw) if numbered else raw
            steps += [
                str(step[-1])
                for step in await (await told.execute(f"{explain} {statement}", parameters)).fetchall()
            ]
    return "\n".join(steps)


MANY_NOTES = """
    INSERT INTO notes (id, title, content, owner_id)
    SELECT (lpad(to_hex(n), 12, '0') || '70008' || substr(md5(n::text), 1, 15))::uuid,
        'Number ' || n, '', :owner
    FROM generate_series(1, 5000) n
"""


# test_trash.py and test_history.py fill the others
LIVING = [one for one in LISTS if not is_of_trash(one) and query_of(one).model is not RowChange]


def scans(plan: str, table: str, *, may_sort: bool = False) -> bool:
    """Whether the whole table is read or sorted. Sorting what has the same key anyway is no matter."""
    sorts = "TEMP B-TREE FOR ORDER BY" in plan or re.search(r"(?<!Incremental )Sort  ", plan) is not None
    whole = rf"SCAN {table}(?! USING)" if "USING" in plan else rf"Seq Scan on {table}"
    return (sorts and not may_sort) or re.search(whole, plan) is not None


async def plan_of(database: Database, many: Many, query: Row, *others: Person) -> str:
    """How the database finds the first two pages of a list, and what others see of it."""
    with statements() as sent:
        first = await many.page(**{"limit": 1} | query)
        await many.page(**{"limit": 1} | query, cursor=first["next_cursor"])
        for other in others:
            await other.get(many.url, params=query)
    pages = [one for one in sent if "LIMIT" in one[0] and f"FROM {many.table.name}" in one[0]]
    assert len(pages) >= 2
    return await plan(database, pages, "seqscan", "sort", "bitmapscan")


@promise_on_one_engine("route", LIVING, lambda route: query_of(route).model)
async def test_many_rows_cost_as_many_statements_as_few_and_come_from_an_index(
    database: Database, many: Many, ada: Person
) -> None:
    with statements() as few:
        await many.page(limit=2)
    with statements() as all:
        assert len((await many.page(limit=200))["items"]) == 200
    assert len(all) == len(few), (
        f"{many.url} asks once per row: load what it nests with TO_ONE, count with column_property"
    )

    # Within several teams, rows are sorted; within one team, they come in the order of an index
    read = [policy for one in RESOURCES if one.list is many.route for policy in policies(one.get)]
    may_sort, whose = any(map(is_of_team, read)) and "{" not in path(many.route), {}
    if "team_id" in query_names("GET", many.route):
        may_sort, whose = False, {"team_id": (await many.page())["items"][0]["team_id"]}
        assert not scans(await plan_of(database, many, {}), many.table.name, may_sort=True)
    parameter, name = query_names("GET", many.route)["sort"], many.table.name
    for sort in parameter.get("enum") or [parameter["const"]]:
        if many.query.is_ranked(sort):
            continue  # it sorts what a search finds
        for order in ("asc", "desc"):
            query = {"sort": sort, "order": order, "limit": 1} | whose
            steps = await plan_of(database, many, query, ada)
            assert not scans(steps, name, may_sort=may_sort), (
                f"write *listed(…, by=({sort!r},)) in {many.query.model.__name__}:\n{steps}"
            )


@needs_fast_path
@pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session")
async def test_a_list_of_few_rows_among_many_does_not_read_the_others(
    database: Database, ada: Person, bob: Person
) -> None:
    """Looks at the plan for all callers, which PostgreSQL keeps for frequent statements."""
    await make(ada, "/notes", title="One")
    await make(ada, "/notes", title="Two")
    with statements() as sent:
        first = (await ada.get("/notes?limit=1")).json()
        await ada.get("/notes", params={"limit": 1, "cursor": first["next_cursor"]})
        await ada.get("/notes?q=one")
    assert len(sent) == 3
    async with database.engine.begin() as connection:
        await connection.execute(sa.text(MANY_NOTES), {"owner": UUID(bob.id)})
        raw: Any = (await connection.get_raw_connection()).driver_connection
        await raw.execute("ANALYZE notes")
        await raw.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        for number, (statement, values) in enumerate(sent):
            await raw.execute(f"PREPARE page_{number} AS {statement}")
            given = ", ".join(["%s"] * len(values))
            told = await AsyncClientCursor(raw).execute(f"EXPLAIN EXECUTE page_{number} ({given})", values)
            steps = "\n".join(step for (step,) in await told.fetchall())
            assert "ix_notes_owner_id" in steps, steps
            assert "pk_notes" not in steps, steps


def search_of(route: RouteContext) -> Searches | None:
    """What the `q` of a list looks into."""
    fields = query_of(route).model_fields
    metadata = fields["q"].metadata if "q" in fields else ()
    return next((how for how in metadata if isinstance(how, Searches)), None)


def is_open(route: RouteContext) -> bool:
    """Whether a permission lifts the scope of the list, or it has none."""
    return all(need not in {"visible", "own"} for need in policies(route)) and not any(
        need == "visible" or is_of_team(need)
        for one in RESOURCES
        if one.list is route
        for need in policies(one.get)
    )


SEARCHED = [
    route
    for route in LISTS
    if (how := search_of(route)) and (how.of_all or how.words) and "{" not in path(route)
]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session")
@promise("route", SEARCHED, lambda route: query_of(route).model)
async def test_what_is_searched_among_the_rows_of_all_is_read_from_an_index(
    database: Database, admin: Person, route: RouteContext
) -> None:
    how: Any = search_of(route)
    table = str(query_of(route).model.__tablename__)
    name = index_of(table, how.columns) if how.words else f"search_{table}"
    with statements() as sent:
        await admin.get(f"{HOST}{path(route)}", params={"q": "needle"})
    pages = [
        statement for statement in sent if "LIMIT" in statement[0] and re.search(" LIKE | @@ ", statement[0])
    ]
    assert pages

    steps = await plan(database, pages, "seqscan", "indexscan")

    if is_open(route):
        assert f"Bitmap Index Scan on {name}" in steps, steps
    else:  # the plan may begin with the scope
        async with database.engine.connect() as connection:
            defined = sa.text("SELECT indexdef FROM pg_indexes WHERE indexname LIKE :name")
            found = "\n".join((await connection.execute(defined, {"name": f"{name}%"})).scalars())
        written = "{}(({})::text, '" if how.words else "{}(({})::text)"
        function = FUNCTION_NAME if how.words else "lower"
        assert [column for column in how.columns if written.format(function, column) not in found] == [], (
            found
        )


async def test_a_statement_without_an_index_is_found(database: Database) -> None:
    with statements() as sent:
        async with database.read() as session:
            await session.exec(select(User).order_by(User.last_name).limit(1))

    assert scans(await plan(database, sent, "seqscan", "sort", "bitmapscan"), "users")
