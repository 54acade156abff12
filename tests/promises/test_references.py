"""What a row may refer to: nothing that its writer does not see. It would be shown with the row."""

import pytest

from api.db.engine import Database
from api.openapi import policies
from tests.support.described import Body, is_of_team
from tests.support.makers import Maker, collection
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import Proof
from tests.support.resources import RESOURCES, Resource

pytestmark = pytest.mark.anyio


def references(resource: Resource) -> dict[str, Resource]:
    """The fields of a body that name rows of others, and whose rows they are."""
    names = {name for route in (resource.create, resource.change) if route for name in Body.of(route).fields}
    there = {name: collection(name, resource.model) for name in names}
    known = {one.collection: one for one in RESOURCES if one.get and one.model}
    return {name: known[place] for name, place in there.items() if place != name and place in known}


# test_shared_rows.py has rows of teams
REFERRING = [
    one
    for one in RESOURCES
    if one.create and not any(map(is_of_team, policies(one.create))) and references(one)
]


@promise_on_one_engine("resource", REFERRING, lambda resource: resource.model)
async def test_a_row_refers_to_nothing_that_its_writer_does_not_see(
    resource: Resource, database: Database, ada: Person, bob: Person, staff: Person, admin: Person
) -> None:
    for writer in (ada, staff, admin):
        proof = Proof(resource, Maker(writer, admin, database))
        if (mine := await proof.post_valid()).status_code not in {401, 403, 404}:
            break
    assert mine.status_code == 201, mine.text
    for name, other in references(resource).items():
        hidden = Proof(other, Maker(bob, admin, database))
        row = await hidden.maker.row_of(other.collection)
        if (await writer.get(hidden.at(row))).status_code != 404:
            continue
        answers = []
        if name in proof.creating.fields:
            answers.append(await proof.post(await proof.maker.full(proof.creating) | {name: row["id"]}))
        if resource.change and name in proof.changing.fields:
            answers.append(await writer.patch(proof.at(mine.json()), json={name: row["id"]}))
        for answer in answers:
            told = (answer.status_code, [error["loc"] for error in answer.json().get("errors", [])])
            assert told == (422, [["body", name]]), f"check_reference(…) for {name}: {answer.text}"
