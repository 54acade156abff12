"""Every state changes along its transitions only. Entities with states are found by their schemas."""

from typing import Any

import pytest

from api.db.engine import Database
from tests.support.described import Body
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import Proof, Row
from tests.support.resources import RESOURCES, Resource

pytestmark = pytest.mark.anyio

Transitions = dict[str, list[str]]


def stated(resource: Resource) -> dict[str, Transitions]:
    """The transitions of each field of a change, by the field's name."""
    fields = Body.of(resource.change).fields.items()
    return {name: part["x-transitions"] for name, part in fields if "x-transitions" in part}


WITH_STATES = [one for one in RESOURCES if one.change and one.create and stated(one)]
every_stated = promise_on_one_engine("resource", WITH_STATES, lambda resource: resource.model)


@pytest.fixture
def proof(resource: Resource, database: Database, admin: Person) -> Proof:
    return Proof(resource, Maker(admin, database=database))


def way_to(state: str, begin: str, transitions: Transitions) -> list[str] | None:
    """The shortest way to a state."""
    ways: list[list[str]] = [[begin]]
    for way in ways:
        if way[-1] == state:
            return way[1:]
        ways += [[*way, after] for after in transitions[way[-1]] if after not in way]
    return None


async def row_in(proof: Proof, name: str, state: str, transitions: Transitions) -> Row | None:
    row = await proof.shown()
    way = way_to(state, row[name], transitions)
    for step in way or ():
        answer = await proof.person.patch(proof.at(row), json={name: step})
        assert answer.status_code == 200, answer.text
        row = answer.json()
    return None if way is None else row


@every_stated
async def test_each_transition_is_possible_and_no_other(resource: Resource, proof: Proof) -> None:
    for name, transitions in stated(resource).items():
        for old, possible in transitions.items():
            for new in transitions:
                row = await row_in(proof, name, old, transitions)
                if row is None:
                    continue  # rows do not come into this state by a change
                answer: Any = await proof.person.patch(proof.at(row), json={name: new})
                if new in possible or new == old:
                    assert (answer.status_code, answer.json()[name]) == (200, new)
                else:
                    told = answer.json()
                    assert (answer.status_code, told["code"]) == (409, "invalid_transition"), (
                        f"{old} to {new}"
                    )
                    assert (told["from"], told["to"], told["possible"]) == (old, new, possible)
                    assert await proof.read(row) == row


@every_stated
async def test_a_row_begins_in_some_states_only(resource: Resource, proof: Proof) -> None:
    for name, transitions in stated(resource).items():
        part = proof.creating.fields.get(name)
        first = set() if part is None else set(part.get("enum", [part.get("const")]))
        for state in transitions:
            answer = await proof.post(await proof.maker.full(proof.creating) | {name: state})
            assert answer.status_code == (201 if state in first else 422), answer.text
