"""Mistakes that are easily made, found in every model and route. Each failure says what to write.

The last part tests the checks themselves: each is given a mistake to find.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from textwrap import dedent
from typing import Annotated, Any

import pytest
import sqlalchemy as sa
from fastapi.routing import RouteContext
from httpx import Request, Response
from sqlmodel import AutoString, SQLModel

from api.lists.conditions import NOT, target_of
from api.lists.filters import NO_FILTERS, By, Filters, compared
from api.lists.pagination import PageQuery
from api.lists.searches import Search, Searches
from api.models.base import OWNERS, public_of, tables
from api.models.task import Task, TaskStatus
from api.models.team import is_of_team as is_row_of_team
from api.models.types import Line, UtcDatetime
from api.models.user import User
from api.openapi import policies
from api.problems import Code, ProblemCode
from tests.machinery.tools import Plan
from tests.support.answers import check_answer, problems_of
from tests.support.described import DOCUMENT, ROUTES, is_of_team, model_of, operation, query_of
from tests.support.promises import promise
from tests.support.resources import RESOURCES, path

pytestmark = pytest.mark.anyio

TABLES = SQLModel.metadata.sorted_tables
MODELS = tables()
SECRETS = re.compile(r"hash|secret|password|_key$")
OPEN_TO = {"public", "signed in", "visible"}
CHANGES = [route for one in RESOURCES for route in (one.change, one.delete) if route]
# Lists of everybody's rows: not within another row, and seen by more than their owner.
OPEN = [
    one
    for one in RESOURCES
    if one.list
    and "{" not in path(one.list)
    and not any(p == "own" or is_of_team(p) for p in policies(one.get))
]


def model_of_table(table: sa.Table) -> Any:
    return next((model for model in MODELS if model.__table__ is table), None)


every_table = promise("table", TABLES, model_of_table)


def indexed(table: sa.Table, *columns: str) -> bool:
    """Whether an index begins with these columns."""
    groups = [index.expressions for index in table.indexes]
    kinds = sa.UniqueConstraint | sa.PrimaryKeyConstraint
    groups += [list(rule.columns) for rule in table.constraints if isinstance(rule, kinds)]
    beginnings = [[getattr(part, "name", None) for part in group][: len(columns)] for group in groups]
    return list(columns) in beginnings


def unbounded_text(table: sa.Table) -> Iterator[str]:
    for column in table.columns:
        kind = getattr(column.type, "impl", column.type)
        if isinstance(kind, sa.String) and not isinstance(kind, sa.Enum) and kind.length is None:
            yield f"{table.name}.{column.name} takes text of any length: write Field(max_length=…)"


def loose_references(table: sa.Table) -> Iterator[str]:
    for key in table.foreign_keys:
        where = f"{table.name}.{key.parent.name}"
        if key.ondelete is None:
            yield f"{where} does not say what happens when its row goes: write Field(ondelete=…)"
        if not indexed(table, key.parent.name):
            yield f"{where} has no index, so deleting what it refers to scans: write Field(index=True)"


def moving_columns(table: sa.Table) -> Iterator[str]:
    """Columns that every UPDATE writes, apart from `updated_at`."""
    for column in table.columns:
        if column.onupdate is not None and column.name != "updated_at":
            yield f"{table.name}.{column.name} changes with every change of its row: take its onupdate away"
    is_copy = "trash" in table.info  # what it has does not change
    if "updated_at" in table.columns and table.columns["updated_at"].onupdate is None and not is_copy:
        yield f"{table.name}.updated_at stays when its row changes: write onupdate=utcnow"


def shown_secrets(schemas: dict[str, Any], models: list[type[Any]]) -> Iterator[str]:
    """Schemas that are answers, and show a column which stands only on its table class."""
    for name, schema in schemas.items():
        if name.endswith(("Create", "Update", "Form")) or name in asked() | shown_once():
            continue
        pairs = ((model, re.fullmatch(f"{model.__name__}[A-Z]?[a-z]*", name)) for model in models)
        owner = next((model for model, is_named in pairs if is_named), None)
        for field in schema.get("properties", ()):
            private = (
                owner is not None and field in owner.__annotations__ and field in owner.__table__.columns
            )
            if private or SECRETS.search(field):
                remedy = "take it out, or declare it on the Base or Row"
                yield f"{name} shows {field}, which is private to its table: {remedy}"


def named_in(places: list[Any]) -> set[str]:
    return {name for place in places for name in re.findall(r"schemas/(\w+)", str(place))}


def asked() -> set[str]:
    """The schemas of request bodies."""
    said = [said for methods in DOCUMENT["paths"].values() for said in methods.values()]
    return named_in([one["requestBody"] for one in said if "requestBody" in one])


def shown_once() -> set[str]:
    """Schemas that only a POST answers with: they show a secret once, such as a token."""
    said = [pair for methods in DOCUMENT["paths"].values() for pair in methods.items()]
    posted = named_in([one["responses"] for method, one in said if method == "post"])
    return posted - named_in([one["responses"] for method, one in said if method != "post"])


def unserved_filters(query: type[Filters[Any]]) -> Iterator[str]:
    """Filters that read all rows of a list of everybody's rows. A list of one's own has the owner's index."""
    for name, field in query.model_fields.items():
        how = next((how for how in field.metadata if isinstance(how, By | Searches)), None)
        if isinstance(how, Searches) and not how.of_all and not how.words:
            columns = ", ".join(map(repr, how.columns))
            yield f"{query.__name__}.q reads every row: write Searches({columns}, of_all=True)"
        if name in NO_FILTERS or how is not None:
            continue
        meant = compared(query, name)
        there = meant.column.parent.class_
        column = meant.column.key
        if meant.suffix != NOT and not indexed(there.__table__, column):
            remedy = f"write *listed({column!r}, by=('id',)) in {there.__name__}"
            yield f"{query.__name__}.{name} reads every row: {remedy}"


def open_doors(route: RouteContext) -> Iterator[str]:
    """Changes that need no more than to see the row."""
    if all(OPEN_TO & set(need.split(" or ")) for need in policies(route)):
        yield (
            f"{route.name}: whoever sees it may change it. Depend on owned(…), governed(…) or require(…), "
            "or on visible(…) with mine(…) & … as its scope"
        )


def shown_to_former_members(model: Any) -> Iterator[str]:
    """Nested rows of a team, in a row that stays with its owner when this user leaves the team."""
    public = public_of(model)
    if public is None or is_row_of_team(model) or not {*OWNERS} & model.model_fields.keys():
        return
    for name in model.__sqlmodel_relationships__.keys() & public.model_fields.keys():
        if is_row_of_team(there := target_of(model, name)):
            remedy = f"let {public.__name__} extend Shared, or leave {name} out"
            yield f"{public.__name__}.{name} shows a {there.__name__} to former members: {remedy}"


def undeclared_problems(route: RouteContext) -> Iterator[str]:
    """Problems that the handler or a function that it calls raises, and that the document does not have."""
    answers = operation(route, min(route.methods or ()))["responses"]
    declared = {code for status, answer in answers.items() if status >= "400" for code in problems_of(answer)}
    for code in sorted(raised(route.endpoint, set())):
        if code in declared or "rows_refused" in declared:  # a bulk answers the problems of its rows
            continue
        yield f"{route.name} can answer {code}: write responses=problems({type(code).__name__}.{code.name})"


def raised(function: Any, known: set[Any]) -> set[ProblemCode]:
    """The codes that a function of ours names when it raises, and those of the functions that it calls."""
    known.add(function)
    (tree,) = ast.parse(dedent(inspect.getsource(function))).body
    body = tree.body if isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef) else []
    calls = [node for part in body for node in ast.walk(part) if isinstance(node, ast.Call)]
    found: set[ProblemCode] = set()
    for call in calls:
        name = getattr(call.func, "id", "")
        if name == "ProblemError" and call.args and isinstance(code := call.args[0], ast.Attribute):
            found.add(function.__globals__[getattr(code.value, "id", "")][code.attr])
        called = function.__globals__.get(name)
        is_of_list = inspect.isfunction(called) and called.__module__.startswith("api.lists.")
        if is_of_list:  # the document declares what these raise, which depends on the model
            continue
        if inspect.isfunction(called) and called.__module__.startswith("api.") and called not in known:
            found |= raised(called, known)
    return found


@promise("route", CHANGES, lambda route: model_of(route.response_model))
def test_seeing_a_row_is_not_enough_to_change_it(route: RouteContext) -> None:
    assert not [*open_doors(route)]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.name} {route.path_format}")
def test_every_problem_that_is_raised_is_declared(route: RouteContext) -> None:
    assert not [*undeclared_problems(route)]


@every_table
def test_every_text_column_has_a_length(table: sa.Table) -> None:
    assert not [*unbounded_text(table)]


@every_table
def test_every_reference_has_an_index_and_an_end(table: sa.Table) -> None:
    assert not [*loose_references(table)]


@every_table
def test_only_updated_at_moves_with_every_change(table: sa.Table) -> None:
    assert not [*moving_columns(table)]


def test_no_answer_shows_what_is_private() -> None:
    assert not [*shown_secrets(DOCUMENT["components"]["schemas"], MODELS)]


@promise("model", MODELS, lambda model: model)
def test_nothing_of_a_team_is_shown_to_former_members(model: Any) -> None:
    assert not [*shown_to_former_members(model)]


@promise("resource", OPEN, lambda resource: resource.model)
def test_every_filter_of_a_list_for_all_has_its_index(resource: Any) -> None:
    assert not [*unserved_filters(query_of(resource.list))]


# The checks themselves


def test_each_check_finds_what_it_is_for() -> None:
    table = sa.Table(
        "forgotten",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("words", AutoString()),
        sa.Column("user_id", sa.ForeignKey(User.__table__.c.id)),  # type: ignore[attr-defined]
        sa.Column("deadline", sa.DateTime(), onupdate=sa.func.now()),
        sa.Column("updated_at", sa.DateTime()),
    )

    class Forgetful(PageQuery[Task]):
        category: Line | None = None
        deadline_after: UtcDatetime | None = None
        status_in: list[TaskStatus] | None = None
        category_not: Line | None = None  # finds nearly all rows, and needs no index
        q: Annotated[Search | None, Searches("description")] = None

    assert [*unbounded_text(table)] == ["forgotten.words takes text of any length: write Field(max_length=…)"]
    assert ["write " + said.split("write ")[1] for said in loose_references(table)] == [
        "write Field(ondelete=…)",
        "write Field(index=True)",
    ]
    assert [said.split(": ")[1] for said in moving_columns(table)] == [
        "take its onupdate away",
        "write onupdate=utcnow",
    ]
    schemas: dict[str, Any] = {"UserPublic": {"properties": {"id": {}, "role_id": {}, "hashed_password": {}}}}
    assert [said.partition(":")[0] for said in shown_secrets(schemas, MODELS)] == [
        "UserPublic shows role_id, which is private to its table",
        "UserPublic shows hashed_password, which is private to its table",
    ]
    assert [*open_doors(next(route for route in ROUTES if route.name == "get_group"))] == [
        "get_group: whoever sees it may change it. Depend on owned(…), governed(…) or require(…), "
        "or on visible(…) with mine(…) & … as its scope"
    ]
    assert [said.split(": write ")[1] for said in unserved_filters(Forgetful)] == [
        "*listed('category', by=('id',)) in Task",
        "*listed('deadline', by=('id',)) in Task",
        "*listed('status', by=('id',)) in Task",
        "Searches('description', of_all=True)",
    ]
    assert [*shown_to_former_members(Plan)] == [
        "PlanPublic.tool shows a Tool to former members: let PlanPublic extend Shared, or leave tool out"
    ]


async def test_an_answer_that_is_not_declared_is_found() -> None:
    request = Request("GET", "http://test/api/v1/tasks")
    problem = {"code": Code.key_reused}

    with pytest.raises(AssertionError, match=r"say so with responses=problems\(Code"):
        await check_answer(Response(409, json=problem, request=request))
    with pytest.raises(AssertionError, match=r"add Code.key_reused to its responses=problems"):
        await check_answer(Response(422, json=problem, request=request))
    with pytest.raises(AssertionError, match="answers nothing, and says what kind"):
        await check_answer(
            Response(
                204,
                headers={"Content-Type": "application/json"},
                request=Request("DELETE", f"{request.url}/1"),
            )
        )
