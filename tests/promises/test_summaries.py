"""Every summary counts and adds up what the list shows to the same caller, and nothing else.

Summaries are found through the app, and compared with the list of the same rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain, combinations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.routing import RouteContext
from httpx import AsyncClient

from api.db.engine import Database
from api.lists import Summary
from api.lists.aggregates import PERIODS
from api.lists.filters import NO_FILTERS
from tests.conftest import MakePerson
from tests.support.described import ROUTES, deref, query_names, query_of
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import Proof, Row, everything, shown, shows
from tests.support.resources import RESOURCES, Resource, path
from tests.support.values import nth
from tests.support.watching import needs_fast_path, watching

pytestmark = pytest.mark.anyio

NOBODYS = "01900000-0000-7000-8000-000000000000"
ZONES = ("UTC", "Pacific/Kiritimati", "America/St_Johns", "Europe/Berlin")


def is_summary(route: RouteContext) -> bool:
    return isinstance(route.response_model, type) and issubclass(route.response_model, Summary)


@dataclass(frozen=True)
class Summarized:
    """A summary, and the resource whose list has the same rows."""

    route: Any
    resource: Resource

    @property
    def query(self) -> Any:
        return query_of(self.route)

    def __str__(self) -> str:
        return str(self.resource)


def of(route: RouteContext) -> Summarized:
    model, parent = query_of(route).model, path(route).rpartition("/")[0]
    alike = [one for one in RESOURCES if one.list and query_of(one.list).model is model]
    near = [one for one in alike if path(one.list) == parent]
    assert near or alike, f"{path(route)} summarizes rows that no list shows"
    return Summarized(route, (near or alike)[0])


SUMMARIES = [of(route) for route in ROUTES if is_summary(route)]
every_summary = promise_on_one_engine("summary", SUMMARIES, lambda summary: summary.query.model)


@pytest.fixture
def proof(summary: Summarized, database: Database, admin: Person) -> Proof:
    return Proof(summary.resource, Maker(admin, database=database))


@pytest.fixture
async def rows(proof: Proof) -> list[Row]:
    for _ in range(2):
        await proof.made()
        await proof.made(is_full=False)
    return await proof.listed()


def choices(summary: Summarized, parameter: str) -> list[str]:
    part = deref(query_names("GET", summary.route).get(parameter, {}))
    items = deref(part.get("items", {}))
    return list(items.get("enum") or ([items["const"]] if "const" in items else []))


def several(names: Iterable[str], most: int) -> Iterator[tuple[str, ...]]:
    names = list(names)
    return chain.from_iterable(combinations(names, size) for size in range(most + 1))


async def asked(proof: Proof, summary: Summarized, caller: AsyncClient, **query: Any) -> list[Row]:
    answer = await caller.get(await proof.url(summary.route), params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["groups"])


def key_of(summary: Summarized, row: Row, name: str, zone: str) -> Any:
    """What a row is grouped by, as JSON."""
    stem, _, period = name.rpartition("_")
    if name in summary.query.model.model_fields or period not in PERIODS:
        return shown(row, name)
    column = next(one for one in (stem or summary.query.time, f"{stem}_at", f"{stem}_on") if one in row)
    return row[column] and first_day(period, row[column], zone).isoformat()


def first_day(period: str, text: str, zone: str) -> date:
    day = date.fromisoformat(text[:10])
    if len(text) > 10:
        day = datetime.fromisoformat(text).astimezone(UTC if zone == "UTC" else ZoneInfo(zone)).date()
    begun = {"day": 0, "week": day.weekday(), "month": day.day - 1, "year": day.timetuple().tm_yday - 1}
    return day - timedelta(days=begun[period])


def expected(
    summary: Summarized, rows: list[Row], by: tuple[str, ...], sums: tuple[str, ...], zone: str = "UTC"
) -> list[Row]:
    """The groups of these rows, in order."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    if not by:
        groups[()] = []
    for row in rows:
        groups[tuple(key_of(summary, row, name, zone) for name in by)].append(row)
    ordered = sorted(groups.items(), key=lambda one: [(part is None, part or 0) for part in one[0]])
    found = []
    for key, alike in ordered:
        group = dict(zip(by, key, strict=True)) | {"count": len(alike)}
        if choices(summary, "sum"):
            group["sums"] = {name: total(row[name] for row in alike) for name in sums}
        found.append(group)
    return found


def total(values: Iterable[Any]) -> Decimal:
    return sum((Decimal(str(value or 0)) for value in values), Decimal())


def read(groups: list[Row]) -> list[Row]:
    """Groups with sums that can be compared: whole numbers and decimals."""
    return [
        group | {"sums": {name: Decimal(str(one)) for name, one in group["sums"].items()}}
        if "sums" in group
        else group
        for group in groups
    ]


def visible(summary: Summarized, rows: list[Row], parameter: str) -> list[str]:
    """The names that can be compared with rows, because they show them."""
    names = choices(summary, parameter)
    if parameter == "sum":
        return [name for name in names if all(name in row for row in rows)]
    periods = [name for name in names if name not in summary.query.model.model_fields]
    return [name for name in names if name in periods or all(shows(row, name) for row in rows)]


@every_summary
async def test_a_summary_counts_and_adds_up_what_the_list_shows(
    summary: Summarized, proof: Proof, rows: list[Row]
) -> None:
    groups, sums = visible(summary, rows, "by"), tuple(visible(summary, rows, "sum"))
    for by in several(groups, 2):
        query = {name: ",".join(names) for name, names in (("by", by), ("sum", sums)) if names}
        found = await asked(proof, summary, proof.person, **query)
        assert read(found) == expected(summary, rows, by, sums), query
    for one in sums:
        [group] = await asked(proof, summary, proof.person, sum=one)
        assert group["sums"].keys() == {one}


@every_summary
async def test_the_filters_of_a_list_are_those_of_its_summary(
    summary: Summarized, proof: Proof, rows: list[Row]
) -> None:
    own = query_names("GET", summary.route)
    for name, part in query_names("GET", summary.resource.list).items():
        if name in NO_FILTERS:
            assert name not in own, f"{name} says nothing about groups"
        elif name in own:
            values = [shown(row, name) for row in rows if shows(row, name) and shown(row, name) is not None]
            of_one = deref(deref(part).get("items", part))  # of several values, one
            is_id = of_one.get("format") == "uuid"
            values = [
                *values[:2],
                *([NOBODYS] if is_id else (nth(of_one, 7, turn) for turn in range(2))),
            ]
            for value in values:
                listed = await proof.listed(**{name: value})
                [group] = await asked(proof, summary, proof.person, **{name: value})
                assert group["count"] == len(listed), f"{name}={value}"


@every_summary
async def test_everybody_gets_a_summary_of_the_rows_that_they_see(
    summary: Summarized, proof: Proof, rows: list[Row], database: Database, person: MakePerson
) -> None:
    ada, bob, staff = [await person(role=role) for role in ("user", "user", "staff")]
    for owner in (ada, staff):
        mine = Proof(summary.resource, Maker(owner, helper=proof.person, database=database))
        if summary.resource.create is not None:
            await mine.maker.create(summary.resource.create)
    for caller in (ada, bob, staff, proof.person):
        url = await proof.url(summary.resource.list)
        listing, answer = await caller.get(url), await caller.get(await proof.url(summary.route))
        assert answer.status_code == listing.status_code
        if listing.status_code == 200:
            seen = await everything(caller, url)
            [group] = await asked(proof, summary, caller)
            assert group["count"] == len(seen)
            for by in visible(summary, seen, "by"):
                sums = tuple(visible(summary, seen, "sum"))
                query = {"by": by} | ({"sum": ",".join(sums)} if sums else {})
                found = await asked(proof, summary, caller, **query)
                assert read(found) == expected(summary, seen, (by,), sums)


@every_summary
async def test_periods_begin_in_the_zone_that_is_asked_for(
    summary: Summarized, proof: Proof, rows: list[Row]
) -> None:
    periods = [name for name in choices(summary, "by") if name not in summary.query.model.model_fields]
    for name in periods:
        for zone in ZONES:
            found = await asked(proof, summary, proof.person, by=name, zone=zone)
            wanted = expected(summary, rows, (name,), (), zone)
            assert read(found) == wanted, f"{name} in {zone}"
    assert bool(periods) == ("zone" in query_names("GET", summary.route)), "a zone is for periods"


@every_summary
async def test_a_summary_refuses_what_it_cannot_group_by(summary: Summarized, proof: Proof) -> None:
    url = await proof.url(summary.route)
    for parameter in ("by", "sum"):
        names = choices(summary, parameter)
        if names:
            refused = [{parameter: "nonsense"}, {parameter: ","}, {parameter: f"{names[0]},"}]
            refused += [{parameter: f"{names[0]},{names[0]}"}]
            answers = [await proof.person.get(url, params=query) for query in refused]
            answers.append(await proof.person.get(f"{url}?{parameter}={names[0]}&{parameter}={names[0]}"))
            for answer in answers:
                assert (answer.status_code, answer.json()["errors"][0]["loc"][:2]) == (
                    422,
                    ["query", parameter],
                )
            allowed = answers[0].json()["errors"][0]["allowed"]
            assert allowed == names
            empty = await proof.person.get(url, params={parameter: ""})  # as a client sends an empty list
            assert (empty.status_code, empty.json()) == (200, (await proof.person.get(url)).json())
    for query in (
        {"zone": "Mars/Olympus"},
        {"zone": "../UTC"},
        {"sort": "id"},
        {"limit": "1"},
        {"cursor": "x"},
    ):
        assert (await proof.person.get(url, params=query)).status_code == 422, query


@needs_fast_path
@every_summary
async def test_a_summary_is_one_statement(summary: Summarized, proof: Proof, rows: list[Row]) -> None:
    by, sums = choices(summary, "by"), choices(summary, "sum")
    query = {name: ",".join(names) for name, names in (("by", by), ("sum", sums)) if names}
    url = await proof.url(summary.route)
    sent: list[str] = []
    for once in ({}, query):
        await proof.person.get(url, params=once)
        with watching(lambda one: sent.append(one.sql)):
            await proof.person.get(url, params=once)
    table = str(summary.query.model.__tablename__)
    assert sum("count(" in sql.lower() and f"FROM {table}" in sql for sql in sent) == 2, sent
    assert len(sent) <= 4  # and who is asking
