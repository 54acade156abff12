"""The orders, filters and searches of every list do what they say.

They are found in the query class of the list, and tried with the values that its rows have.
"""

from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter

from api.db.engine import Database
from api.lists.conditions import IS_NULL, NOT, SUFFIXES, Meaning
from api.lists.filters import NO_FILTERS, RANK
from api.lists.searches import Searches
from api.lists.words import words_of
from tests.support.described import deref, query_names, query_of
from tests.support.filtered import add_links, compared_by_name, expected, fill, related, written
from tests.support.makers import Maker, add_children
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import Proof, Row, shown, shows
from tests.support.resources import RESOURCES, Resource
from tests.support.values import nth, types

pytestmark = pytest.mark.anyio

LISTED = [resource for resource in RESOURCES if resource.list]
every_list = promise_on_one_engine("resource", LISTED, lambda resource: resource.model)
NOWHERE = {"uuid": "01900000-0000-7000-8000-000000000000"}  # by format, what no row has


@pytest.fixture
def proof(resource: Resource, database: Database, admin: Person) -> Proof:
    return Proof(resource, Maker(admin, database=database))


@pytest.fixture
async def rows(proof: Proof) -> list[Row]:
    """Some with everything, some with little, and what was there before."""
    fields = proof.creating.fields
    required = [name for name in proof.creating.required if "unique" not in fields[name]]
    numbers = [name for name in required if types(fields[name]) == {"integer"}]
    for turn in range(2):  # no filter tells rows apart that all have the same number
        row = await proof.made(**{name: nth(fields[name], 1, turn) for name in numbers})
        await add_children(proof.resource.model, UUID(row["id"]), proof.maker)
        await add_links(proof.resource.model, UUID(row["id"]), proof.maker)
        await proof.made(is_full=False)
    return await proof.listed(sort="id", order="asc")


def choices(part: Row) -> list[Any]:
    return list(deref(part).get("enum") or [part["const"]])


@every_list
async def test_a_list_is_sorted_by_each_of_its_orders(proof: Proof, rows: list[Row]) -> None:
    for sort in choices(query_names("GET", proof.resource.list)["sort"]):
        if query_of(proof.resource.list).is_ranked(sort):
            continue  # the search proves it
        key = {row["id"]: proof.comparable(sort, row[sort]) for row in rows}
        keyed = sorted(
            (row for row in rows if row[sort] is not None), key=lambda row: (key[row["id"]], row["id"])
        )
        keyless = [row for row in rows if row[sort] is None]
        for order, wanted in (("asc", keyed + keyless), ("desc", keyed[::-1] + keyless[::-1])):
            for limit in (3, 200):
                assert await proof.listed(sort=sort, order=order, limit=limit) == wanted
            query: Row = {"sort": sort, "order": order, "skip": len(rows) - 2, "count": True}
            page = await proof.person.get(await proof.url(proof.resource.list), params=query)
            assert (page.json()["items"], page.json()["total"]) == (wanted[-2:], len(rows))


@every_list
async def test_every_filter_finds_the_rows_that_it_describes(proof: Proof, rows: list[Row]) -> None:
    for name, part in query_names("GET", proof.resource.list).items():
        if name not in NO_FILTERS:
            found = await filters(proof, rows, name, deref(part))
            everything = {row["id"] for row in rows}
            assert any(ids != everything for ids in found), f"{name} leaves nothing out, whatever it is asked"


async def filters(proof: Proof, rows: list[Row], name: str, part: Row) -> list[set[str]]:
    """What a filter finds for each value that it is asked, when it has been found right."""
    if name == "q":
        return await search(proof, rows)
    if meant := compared_by_name(query_of(proof.resource.list), name):
        return await ask(proof, rows, name, deref(part.get("items", part)), meant)
    part = deref(part.get("items", part))  # of several values, one is enough for an expression
    if part.get("type") == "boolean":
        return await divide(proof, rows, name)
    suffix = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), None)
    if suffix is not None and any(find(row, name.removesuffix(suffix)) for row in rows):
        return await compare(proof, rows, name, suffix)
    return await equal(proof, rows, name, part)


async def ask(proof: Proof, rows: list[Row], name: str, part: Row, meant: Meaning) -> list[set[str]]:
    """What a filter finds of several values, of what is not, is missing, or is related: as the rows have it."""
    database: Any = proof.maker.database
    of_rows = (database, proof.resource.model, meant, [row["id"] for row in rows])
    known = await related(*of_rows)
    if meant.path and not any(one is not None for found in known.values() for one in found):
        await fill(*of_rows, nth(part if meant.suffix != IS_NULL else {"type": "string"}, 1, 0))
        known = await related(*of_rows)
    values = list({str(one): one for found in known.values() for one in found if one is not None}.values())
    asked: list[Any] = [[one] for one in values]
    if meant.suffix == IS_NULL:
        asked = [[True], [False]]
    elif meant.takes_list:
        asked += [values[:2], values * 5] if values else []
        asked += [[one] for one in part.get("enum", ()) if one not in values]  # states that no row has yet
    elif len(values) > 1 and meant.suffix not in SUFFIXES:
        twice = await proof.person.get(await proof.url(proof.resource.list), params={name: written(values)})
        assert twice.status_code == 422, f"{name} takes one value, and is given two"
    found = []
    for given in asked:
        found.append(await proof.ids(**{name: written(given[:100])}))
        assert found[-1] == expected(meant, known, given), f"{name}={written(given)}"
    nowhere = NOWHERE.get(part.get("format", ""))
    if nowhere is not None:
        found.append(await proof.ids(**{name: nowhere}))
        assert found[-1] == (set(known) if meant.suffix == NOT else set()), f"{name}={nowhere}"
    return found


async def divide(proof: Proof, rows: list[Row], name: str) -> list[set[str]]:
    """Yes and no divide the rows between them, unless the filter has a default."""
    yes, no = [await proof.ids(**{name: value}) for value in (True, False)]
    assert yes != no
    fields = query_of(proof.resource.list).model_fields
    if fields[name].default is None:
        assert not yes & no
        assert yes | no == {row["id"] for row in rows}
        assert not shows(rows[0], name) or yes == {row["id"] for row in rows if row[name]}
    return [yes, no]


async def equal(proof: Proof, rows: list[Row], name: str, part: Row) -> list[set[str]]:
    """For each value that a row shows or was made with, and for one that no row has."""
    values = {row["id"]: value_of(proof, row, name) for row in rows}
    known = {value for value in values.values() if value is not None}
    found = []
    for value in known:
        found.append(await proof.ids(**{name: value}))
        assert found[-1] == {id for id in values if values[id] == value}, f"{name}={value}"
    unknown = NOWHERE.get(part.get("format", "")) or next(
        (value for turn in range(3) if (value := nth(part, 9_999, turn)) not in known), None
    )
    if unknown is not None:
        found.append(await proof.ids(**{name: unknown}))
        assert not known or found[-1] == set(), f"{name}={unknown}"
    return found


def value_of(proof: Proof, row: Row, name: str) -> Any:
    if shows(row, name):
        return shown(row, name)
    return proof.sent.get(row["id"], {}).get(name)


async def compare(proof: Proof, rows: list[Row], name: str, suffix: str) -> list[set[str]]:
    meets, stem, found = SUFFIXES[suffix][0], name.removesuffix(suffix), []
    values = {row["id"]: find(row, stem) for row in rows}
    field = next(
        (one for one in (stem, f"{stem}_at") if one in proof.resource.model.model_fields), f"{stem}_at"
    )
    keys = {id: as_asked(proof, name, field, found) for id, found in values.items() if found is not None}
    for edge in {str(value): value for value in values.values() if value is not None}.values():
        key = as_asked(proof, name, field, edge)
        found.append(await proof.ids(**{name: edge}))
        assert found[-1] == {id for id, value in keys.items() if meets(value, key)}, f"{name}={edge}"
    return found


def as_asked(proof: Proof, name: str, field: str, value: Any) -> Any:
    """A value as it is compared: by the type of the column, or by that of the filter for what is nested."""
    if field in proof.resource.model.model_fields:
        return proof.comparable(field, value)
    annotation = query_of(proof.resource.list).model_fields[name].rebuild_annotation()
    return TypeAdapter(annotation).validate_python(value)


def find(row: Row, stem: str) -> Any:
    """`starts` is told by starts_at, of the row or of one nested in it."""
    for name in (stem, f"{stem}_at"):
        for place in (row, *(inner for inner in row.values() if isinstance(inner, dict))):
            if name in place:
                return place[name]
    return None


async def search(proof: Proof, rows: list[Row]) -> list[set[str]]:
    query = query_of(proof.resource.list)
    how: Searches = query.search
    texts = {row["id"]: [str(value_of(proof, row, other) or "") for other in how.columns] for row in rows}
    found = []
    for column, number in zip(how.columns, range(len(how.columns)), strict=True):
        text = next((said[number][:100] for said in reversed(texts.values()) if said[number]), None)
        if text is not None:
            found.append(await proof.ids(q=text.upper()))
            assert found[-1] == {id for id, said in texts.items() if has(how, said, text)}, column
    found.append(await proof.ids(q="nowhere to be found"))
    assert found[-1] == set()
    if query.is_ranked(RANK) and RANK in choices(query_names("GET", proof.resource.list)["sort"]):
        for asked in (text or "a", "nowhere", "*"):
            for order in ("asc", "desc"):
                assert await proof.ids(q=asked, sort=RANK, order=order, limit=3) == await proof.ids(q=asked)
    return found


def has(how: Searches, texts: list[str], asked: str) -> bool:
    """Whether a search finds these texts."""
    if how.words:
        there = [word for text in texts for word in words_of(text).split()]
        return all(any(one.startswith(word) for one in there) for word in words_of(asked).split())
    return any(asked.lower() in text.lower() for text in texts)
