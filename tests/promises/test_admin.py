"""What every entity promises in the admin: it is there by itself, and its forms work."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from fastapi import FastAPI

from api.db.engine import Database
from tests.support.admin import Read, Visitor, said
from tests.support.described import is_form
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import HOST, Proof, Row
from tests.support.resources import RESOURCES, Resource

pytestmark = pytest.mark.anyio

SHOWN = [one for one in RESOURCES if one.model and one.list and one.create and not is_form(one.create)]
every_shown = promise_on_one_engine("resource", SHOWN, lambda resource: resource.model)


@pytest.fixture
async def visitor(app: FastAPI, admin: Person) -> AsyncIterator[Visitor]:
    async with Visitor(app) as visitor:
        await visitor.sign_in(admin.username)
        yield visitor


@pytest.fixture
def proof(resource: Resource, database: Database, admin: Person) -> Proof:
    return Proof(resource, Maker(admin, admin, database))


def page_of(url: str) -> str:
    return url.removeprefix(HOST).replace("/api/v1", "/admin", 1)


def typed(value: Any) -> Any:
    """A value as somebody types it into a form."""
    if isinstance(value, bool):
        return "true" if value else None
    if isinstance(value, list):
        is_plain = all(isinstance(one, str) for one in value)
        return value if is_plain else json.dumps(value)
    if isinstance(value, dict):
        return json.dumps(value)
    try:
        return datetime.fromisoformat(value).strftime("%Y-%m-%dT%H:%M:%S") if value.endswith("Z") else value
    except (AttributeError, ValueError):
        return "" if value is None else str(value)


@every_shown
async def test_the_admin_lists_and_shows_a_row(proof: Proof, visitor: Visitor) -> None:
    answer = await proof.post_valid()
    assert answer.status_code == 201, answer.text
    at, listed = page_of(proof.at(answer.json())), page_of(await proof.url(proof.resource.list))
    page = await visitor.get(listed)
    assert page.status_code == 200
    assert at in Read(page.text).links, f"{listed} has no link to {at}"
    page = await visitor.get(at)
    assert page.status_code == 200

    forms = [dict(one["fields"]) for one in Read(page.text).forms]
    named = next((one for one in proof.changing.fields if any(one in form for form in forms)), None)
    if named is not None:
        assert said(await visitor.send_form(page, named)) == "Nothing has changed."


@every_shown
async def test_the_admin_makes_a_row(proof: Proof, visitor: Visitor) -> None:
    listed = page_of(await proof.url(proof.resource.create))
    before = await rows(proof)
    page = await visitor.get(f"{listed}/new")
    assert page.status_code == 200
    for _ in range(5):
        body = await proof.maker.full(proof.creating)
        page = await visitor.get(f"{listed}/new")
        fields = {name: typed(value) for name, value in body.items()}
        lines = {name for name in fields if f'<textarea id="field-{name}"' in page.text}
        fields |= {name: "\n".join(fields[name]) for name in lines if isinstance(fields[name], list)}
        answer = await visitor.send_form(page, "key", **fields)
        if answer.status_code == 200:
            break
        refused = await proof.post(body)  # the API says which of its values does not suit
        assert refused.status_code in {409, 422}, said(answer)
        proof.maker.learn(refused)
    assert answer.status_code == 200, said(answer)
    assert "is saved." in said(answer)
    [made] = [one for one in await rows(proof) if one not in before]

    shown = {
        name: value for name, value in made.items() if not isinstance(value, dict) or value == body.get(name)
    }
    sent = {name: value for name, value in body.items() if name in shown and value is not None}
    assert {name: shown[name] for name in sent} == sent


async def rows(proof: Proof) -> list[Row]:
    answer = await proof.person.get(await proof.url(proof.resource.list), params={"limit": 200})
    return list(answer.json()["items"])
