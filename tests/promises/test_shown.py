"""What every entity promises whose rows are answered in parts, or with what they refer to."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.db.engine import Database
from api.models.expanding import expandables
from tests.support.described import query_names
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import Decorator, promise_on_one_engine
from tests.support.proofs import Proof, Row
from tests.support.resources import RESOURCES, Resource
from tests.support.watching import Sent, watching

pytestmark = pytest.mark.anyio


def names_of(resource: Resource, parameter: str) -> list[str]:
    """What the parameter of a single row may name."""
    part = query_names("GET", resource.get).get(parameter, {})
    return list(part.get("items", {}).get("enum", ()))


def every_that_has(parameter: str) -> Decorator:
    found = [one for one in RESOURCES if one.create and names_of(one, parameter)]
    return promise_on_one_engine("resource", found, lambda resource: resource.model)


@pytest.fixture
def proof(resource: Resource, database: Database, admin: Person) -> Proof:
    return Proof(resource, Maker(admin, database=database))


async def answers(proof: Proof, row: Row, query: str) -> Iterator[Row]:
    """The row, alone and in its list, as it is answered to this query."""
    alone = (await proof.person.get(f"{proof.at(row)}?{query}")).json()
    listed = (await proof.person.get(f"{await proof.url(proof.resource.list)}?{query}")).json()["items"]
    return iter([alone, *(one for one in listed if one.get("id", row["id"]) == row["id"])])


@every_that_has("expand")
async def test_what_is_expanded_is_missing_unless_it_is_asked_for(proof: Proof) -> None:
    row = await proof.made()
    names, public = names_of(proof.resource, "expand"), proof.resource.public
    assert {*names} <= expandables(public)

    for query in ("", *(f"expand={name}" for name in names), f"expand={','.join(names)}"):
        wanted = {*query.removeprefix("expand=").split(",")} - {""}
        for shown in await answers(proof, row, query):
            assert shown.keys() & expandables(public) == wanted
            assert {name: shown[name] for name in shown.keys() - wanted} == await proof.read(row)


@every_that_has("expand")
async def test_what_is_expanded_takes_one_statement_for_all_rows(proof: Proof) -> None:
    query = {"expand": ",".join(names_of(proof.resource, "expand"))}
    counts = []
    for _ in range(2):
        for _ in range(2):
            await proof.made()
        sent: list[Sent] = []
        with watching(sent.append):
            await proof.listed(**query)
        counts.append(len(sent))
    assert counts[0] == counts[1]


@every_that_has("fields")
async def test_only_the_fields_that_are_asked_for_are_answered(proof: Proof) -> None:
    whole = await proof.shown()
    names = names_of(proof.resource, "fields")
    assert {*names} == whole.keys()

    for wanted in (*([name] for name in names), names[:2], names):
        for shown in await answers(proof, whole, f"fields={','.join(wanted)}"):
            assert shown.keys() == {*wanted}
            if "id" in wanted:
                assert shown == {name: whole[name] for name in wanted}


@every_that_has("fields")
async def test_a_part_of_a_row_has_its_own_tag_and_the_version_of_the_row(proof: Proof) -> None:
    row = await proof.shown()
    tags = [
        (await proof.person.get(f"{proof.at(row)}?fields={name}")).headers["etag"]
        for name in names_of(proof.resource, "fields")
    ]
    assert len({*tags}) == len(tags)
    assert {tag.strip('"').partition("-")[0] for tag in tags} == {row["version"]}


@pytest.mark.parametrize("parameter", ["expand", "fields"])
@every_that_has("fields")
async def test_what_is_not_shown_cannot_be_asked_for(proof: Proof, parameter: str) -> None:
    there: Any = proof.at(await proof.made())
    hidden = {*proof.resource.model.__table__.columns.keys(), "password", "owner"}
    hidden -= {*names_of(proof.resource, parameter)}
    for name in hidden:
        answer = await proof.person.get(there, params={parameter: name})
        assert answer.status_code == 422, name
