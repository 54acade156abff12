"""What a newcomer forgets, found in whatever is added, each with a sentence that says what to write.

The last part proves the finders themselves: each is shown what it has to find.
"""

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Annotated, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi.routing import RouteContext
from httpx import Request, Response
from psycopg import AsyncClientCursor, AsyncRawCursor
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import AutoString, SQLModel, select

from api.db.engine import Database
from api.lists.filters import NO_FILTERS, By, Filters, Search, Searches, compared
from api.lists.pagination import PageQuery
from api.models.base import uuid7
from api.models.task import Task
from api.models.types import Line, UtcDatetime
from api.models.user import User
from api.openapi import policies
from api.problems import Code, ProblemCode
from tests.conftest import on_one_engine
from tests.support.described import (
    DOCUMENT,
    LISTS,
    ROUTES,
    Body,
    Resource,
    check_answer,
    operation,
    problems_of,
    query_names,
    query_of,
)
from tests.support.make import make
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.watching import needs_fast_path, watching

pytestmark = pytest.mark.anyio

TABLES = SQLModel.metadata.sorted_tables
MODELS = [mapper.class_ for mapper in SQLModel._sa_registry.mappers]
SECRETS = re.compile(r"hash|secret|password|_key$")
OPEN_TO = {"public", "signed in", "visible"}
SHOWN_ONCE = {"Tokens"}  # schemas that exist to hand out a secret


def indexed(table: sa.Table, *columns: str) -> bool:
    """Whether an index begins with these columns."""
    groups = [index.expressions for index in table.indexes]
    groups += [list(c.columns) for c in table.constraints if isinstance(c, sa.UniqueConstraint | sa.PrimaryKeyConstraint)]
    return any([getattr(part, "name", None) for part in group][: len(columns)] == list(columns) for group in groups)


def unbounded_text(table: sa.Table) -> Iterator[str]:
    for column in table.columns:
        kind = getattr(column.type, "impl", column.type)
        if isinstance(kind, sa.String) and kind.length is None:
            yield f"{table.name}.{column.name} takes text of any length: write Field(max_length=…)"


def loose_references(table: sa.Table) -> Iterator[str]:
    for key in table.foreign_keys:
        if key.ondelete is None:
            yield f"{table.name}.{key.parent.name} does not say what happens when its row goes: write Field(ondelete=…)"
        if not indexed(table, key.parent.name):
            yield f"{table.name}.{key.parent.name} has no index, so deleting what it refers to scans: write Field(index=True)"


def shown_secrets(schemas: dict[str, Any], models: list[type[Any]]) -> Iterator[str]:
    """Schemas that are answers, and show a column which stands only on its table class."""
    for name, schema in schemas.items():
        if name.endswith(("Create", "Update", "Form")) or name in SHOWN_ONCE or name in asked():
            continue
        for field in schema.get("properties", ()):
            owner = next((model for model in models if re.fullmatch(f"{model.__name__}[A-Z]?[a-z]*", name)), None)
            private = owner is not None and field in owner.__annotations__ and field in owner.__table__.columns
            if private or SECRETS.search(field):
                yield f"{name} shows {field}, which is private to its table: take it out, or declare it on the Base or Row"


def asked() -> set[str]:
    """The schemas of request bodies."""
    bodies = (
        said["requestBody"] for methods in DOCUMENT["paths"].values() for said in methods.values() if "requestBody" in said
    )
    return {name for body in bodies for name in re.findall(r"schemas/(\w+)", str(body))}


def unserved_filters(query: type[Filters[Any]]) -> Iterator[str]:
    """Filters of a list of everybody's rows that would read them all. (In a list of one's own, the owner's index serves.)"""
    table: sa.Table = query.model.__table__
    for name, field in query.model_fields.items():
        how = next((how for how in field.metadata if isinstance(how, By | Searches)), None)
        if isinstance(how, Searches) and not how.of_all:
            yield f"{query.__name__}.q reads every row: write Searches({', '.join(map(repr, how.columns))}, of_all=True)"
        if name in NO_FILTERS or how is not None:
            continue
        column = compared(query.model, name)[0].key
        if not indexed(table, column):
            yield f"{query.__name__}.{name} reads every row: write *listed({column!r}, by=('id',)) in {query.model.__name__}"


CHANGES = [entity.change for entity in Resource.all() if entity.change] + [
    entity.delete for entity in Resource.all() if entity.delete
]


def place(route: RouteContext) -> str:
    return f"{route.name} {route.path_format}"


# Whose rows are everybody's: not within another row, and seen by more than their owner.
OPEN = [
    query_of(entity.list)
    for entity in Resource.all()
    if "{" not in str(entity.list.path_format) and "own" not in policies(entity.get)
]
SEARCHED = [route for route in LISTS if query_of(route) in OPEN and "q" in query_names("GET", route)]
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def open_doors(route: RouteContext) -> Iterator[str]:
    """Changes that need no more than to see the row."""
    if all(OPEN_TO & set(need.split(" or ")) for need in policies(route)):
        yield f"{route.name}: whoever sees it may change it. Depend on owned(…), governed(…) or require(…)"


def undeclared_problems(route: RouteContext) -> Iterator[str]:
    """Problems that the handler raises, itself or in what it calls, and the document does not know."""
    answers = operation(route, min(route.methods or ()))["responses"]
    declared = {code for status, answer in answers.items() if status >= "400" for code in problems_of(answer)}
    for code in sorted(raised(route.endpoint, set())):
        if code in declared:
            continue
        yield f"{route.name} can answer {code}: write responses=problems({type(code).__name__}.{code.name})"


def raised(function: Any, known: set[Any]) -> set[ProblemCode]:
    """The codes that a function of ours names when it raises, and those of the functions that it names."""
    known.add(function)
    source = inspect.getsource(function)
    named = re.findall(r"ProblemError\(\s*(\w*Code)\.(\w+)", source)
    found: set[ProblemCode] = {function.__globals__[kind][code] for kind, code in named}
    for name in set(re.findall(r"\b(\w+)\(", source)):
        called = function.__globals__.get(name)
        if inspect.isfunction(called) and called.__module__.startswith("api.") and called not in known:
            found |= raised(called, known)
    return found


@pytest.mark.parametrize("route", CHANGES, ids=place)
def test_seeing_a_row_is_not_enough_to_change_it(route: RouteContext) -> None:
    assert not [*open_doors(route)]


@pytest.mark.parametrize("route", ROUTES, ids=place)
def test_every_problem_that_is_raised_is_declared(route: RouteContext) -> None:
    assert not [*undeclared_problems(route)]


@every_table
def test_every_text_column_has_a_length(table: sa.Table) -> None:
    assert not [*unbounded_text(table)]


@every_table
def test_every_reference_has_an_index_and_an_end(table: sa.Table) -> None:
    assert not [*loose_references(table)]


def test_no_answer_shows_what_is_private() -> None:
    assert not [*shown_secrets(DOCUMENT["components"]["schemas"], MODELS)]


@pytest.mark.parametrize("query", OPEN, ids=lambda query: query.__name__)
def test_every_filter_of_a_list_for_all_has_its_index(query: type[Filters[Any]]) -> None:
    assert not [*unserved_filters(query)]


# What is asked of the database


class Many:
    """A list with two hundred rows, each with rows of its own to refer to, and somebody who sees them all."""

    def __init__(self, route: RouteContext, query: type[Filters[Any]], person: Person, url: str) -> None:
        self.route, self.query, self.person, self.url = route, query, person, url
        self.table: sa.Table = query.model.__table__

    async def page(self, **params: Any) -> dict[str, Any]:
        answer = await self.person.get(self.url, params=params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
async def many(route: RouteContext, database: Database, admin: Person) -> Many:
    maker, query = Maker(admin), query_of(route)
    many = Many(route, query, admin, f"http://test{await maker.url(route)}")
    here = [other for other in ROUTES if str(other.path_format).startswith(str(route.path_format))]
    if made := next((r for r in here if r.path_format == route.path_format and r.methods == {"POST"}), None):
        for more in ({}, {"user_id": admin.id}):  # some lists show only what was written for the one who asks
            if not (await many.page())["items"]:
                answer = await admin.post(many.url, json=await maker.full(Body.of(made)) | more)
                assert answer.status_code == 201, answer.text
    elif any(r.methods == {"PUT"} for r in here):
        await admin.put(f"{many.url}/me")
    first, kept = UUID((await many.page())["items"][0]["id"]), {UUID(id) for id in maker.ids.values()}
    for keep in (kept, kept | {UUID(admin.id)}):  # whose rows the list shows may depend on who asks
        async with database.engine.begin() as connection:
            await multiply(connection, many.table, first, 200, keep)
        if len((await many.page(limit=200))["items"]) == 200:
            return many
    raise AssertionError(f"{many.url} does not show its rows")


async def multiply(connection: AsyncConnection, table: sa.Table, id: UUID, times: int, keep: set[UUID]) -> None:
    """Copy a row, and what it refers to but for these."""
    row = (await connection.execute(sa.select(table).where(table.c.id == id))).mappings().one()
    copies: dict[sa.Table, list[dict[str, Any]]] = {}
    for number in range(times):
        await copy(connection, table, dict(row), number, keep, copies)
    for other in TABLES:
        if other in copies:
            await connection.execute(other.insert(), copies[other])


async def copy(
    connection: AsyncConnection, table: sa.Table, row: dict[str, Any], number: int, keep: set[UUID], into: Any
) -> UUID:
    new: UUID = uuid7()
    unique = {c.name for rule in table.constraints if isinstance(rule, sa.UniqueConstraint) for c in rule.columns}
    texts = {name: f"{value}{number}" for name, value in row.items() if name in unique and isinstance(value, str)}
    parents: dict[str, UUID] = {}
    for key in table.foreign_keys:
        other, id = key.column.table, row[key.parent.name]
        if id is not None and id not in keep:
            found = (await connection.execute(sa.select(other).where(other.c.id == id))).mappings().one()
            parents[key.parent.name] = await copy(connection, other, dict(found), number, keep, into)
    into.setdefault(table, []).append(row | texts | parents | {"id": new})
    return new


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
            steps += [str(step[-1]) for step in await (await told.execute(f"{explain} {statement}", parameters)).fetchall()]
    return "\n".join(steps)


MANY_NOTES = """
    INSERT INTO notes (id, title, content, owner_id)
    SELECT (lpad(to_hex(n), 12, '0') || '70008' || substr(md5(n::text), 1, 15))::uuid, 'Number ' || n, '', :owner
    FROM generate_series(1, 5000) n
"""


def scans(plan: str, table: str) -> bool:
    """Whether the whole table is read or sorted. Sorting what has the same key anyway is no matter."""
    if "USING" in plan:
        return "TEMP B-TREE FOR ORDER BY" in plan or re.search(rf"SCAN {table}(?! USING)", plan) is not None
    return re.search(rf"Seq Scan on {table}|(?<!Incremental )Sort  ", plan) is not None


@on_one_engine("route", LISTS, count())
async def test_two_hundred_rows_cost_as_many_queries_as_two_and_come_from_an_index(
    database: Database, many: Many, ada: Person
) -> None:
    with statements() as few:
        await many.page(limit=2)
    with statements() as all:
        assert len((await many.page(limit=200))["items"]) == 200
    assert len(all) == len(few), f"{many.url} asks once per row: load what it nests with TO_ONE, count with column_property"

    parameter, name = query_names("GET", many.route)["sort"], many.table.name
    for sort in parameter.get("enum") or [parameter["const"]]:
        for order in ("asc", "desc"):
            query = {"sort": sort, "order": order, "limit": 1}
            with statements() as sent:
                first = await many.page(**query)
                await many.page(**query, cursor=first["next_cursor"])
                await ada.get(many.url, params=query)
            pages = [statement for statement in sent if "LIMIT" in statement[0] and f"FROM {name}" in statement[0]]
            assert len(pages) >= 2
            steps = await plan(database, pages, "seqscan", "sort", "bitmapscan")
            assert not scans(steps, name), f"write *listed(…, by=({sort!r},)) in {many.query.model.__name__}:\n{steps}"


@needs_fast_path
@pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session")
async def test_who_has_few_rows_among_many_does_not_read_the_others(database: Database, ada: Person, bob: Person) -> None:
    """By the plan for all callers, which PostgreSQL keeps for statements that come often."""
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


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session")
@pytest.mark.parametrize("route", SEARCHED, ids=place)
async def test_what_is_searched_among_everybodys_is_read_from_an_index(
    database: Database, admin: Person, route: RouteContext
) -> None:
    with statements() as sent:
        await admin.get(f"http://test{route.path_format}", params={"q": "needle"})
    pages = [statement for statement in sent if "LIMIT" in statement[0] and " LIKE " in statement[0]]

    steps = await plan(database, pages, "seqscan", "indexscan")

    assert f"Bitmap Index Scan on search_{query_of(route).model.__tablename__}" in steps, steps


# The finders find


def test_the_finders_find_what_is_forgotten() -> None:
    table = sa.Table(
        "forgotten",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("words", AutoString()),
        sa.Column("user_id", sa.ForeignKey(User.__table__.c.id)),  # type: ignore[attr-defined]
    )

    class Forgetful(PageQuery[Task]):
        category: Line | None = None
        deadline_after: UtcDatetime | None = None
        q: Annotated[Search | None, Searches("description")] = None

    assert [*unbounded_text(table)] == ["forgotten.words takes text of any length: write Field(max_length=…)"]
    assert ["write " + said.split("write ")[1] for said in loose_references(table)] == [
        "write Field(ondelete=…)",
        "write Field(index=True)",
    ]
    assert [*shown_secrets({"UserPublic": {"properties": {"id": {}, "role_id": {}, "hashed_password": {}}}}, MODELS)] == [
        f"UserPublic shows {field}, which is private to its table: take it out, or declare it on the Base or Row"
        for field in ("role_id", "hashed_password")
    ]
    assert [*open_doors(next(route for route in ROUTES if route.name == "get_group"))] == [
        "get_group: whoever sees it may change it. Depend on owned(…), governed(…) or require(…)"
    ]
    assert [said.split(": write ")[1] for said in unserved_filters(Forgetful)] == [
        "*listed('category', by=('id',)) in Task",
        "*listed('deadline', by=('id',)) in Task",
        "Searches('description', of_all=True)",
    ]


async def test_the_finders_find_queries_without_an_index(database: Database) -> None:
    with statements() as sent:
        async with database.read() as session:
            await session.exec(select(User).order_by(User.last_name).limit(1))

    assert scans(await plan(database, sent, "seqscan", "sort", "bitmapscan"), "users")


async def test_an_answer_that_is_not_declared_is_found() -> None:
    request = Request("GET", "http://test/api/v1/tasks")
    problem = {"code": Code.key_reused}

    with pytest.raises(AssertionError, match=r"say so with responses=problems\(Code"):
        await check_answer(Response(409, json=problem, request=request))
    with pytest.raises(AssertionError, match=r"add Code.key_reused to its responses=problems"):
        await check_answer(Response(422, json=problem, request=request))
    with pytest.raises(AssertionError, match="answers nothing, and says what kind"):
        await check_answer(
            Response(204, headers={"Content-Type": "application/json"}, request=Request("DELETE", f"{request.url}/1"))
        )
