"""What a client asks to be answered: relationships that are expanded, and the only fields that are wanted."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlmodel import select

from api.db.engine import Database
from api.db.fast.representation import written
from api.lists import Expands, Names, Shown
from api.settings import Settings
from tests.machinery import bills
from tests.machinery.books import Apart
from tests.support.apart import with_routes
from tests.support.people import Person
from tests.support.watching import Sent, needs_fast_path, watching

pytestmark = pytest.mark.anyio

SLOW = Settings.model_validate({"fast_path": False}).fast_path
MODELS: list[Any] = [bills.Payer, bills.Bill, bills.Item]
TABLES = [model.__table__ for model in MODELS]
PLAIN = {"id", "created_at", "updated_at", "number", "amount", "payer_id", "owner_id", "version"}


@pytest.fixture(scope="module")
async def apps(settings: Settings) -> AsyncIterator[list[FastAPI]]:
    """The app with bills, with the fast path and without it."""
    apps = [with_routes(settings, bills.router, **more) for more in ({}, {"fast_path": SLOW})]
    database: Database = apps[0].state.database
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.create_all, tables=TABLES)
    yield apps
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.drop_all, tables=TABLES)
    for app in apps:
        await app.state.database.close()


@pytest.fixture
async def both(app: FastAPI, apps: list[FastAPI], ada: Person) -> AsyncIterator[list[Person]]:
    """Ada, who asks the app with the fast path, and the one without, about the same bills."""
    database: Database = apps[0].state.database
    payer = bills.Payer(id=UUID(int=7), name="Pat", secret="hush")
    async with database.write() as session, session.begin():
        session.add(payer)
    both = [ada.through(app) for app in apps]
    for number in range(4):
        items = [{"text": f"{number} {at}"} for at in range(number % 3)]
        body = {"number": f"N {number}", "items": items, "payer_id": str(payer.id) if number % 2 else None}
        answer = await both[0].post("/bills", json=body)
        assert (answer.status_code, answer.json().keys()) == (201, PLAIN), answer.text
    yield both
    async with database.engine.begin() as connection:
        for table in reversed(TABLES):
            await connection.execute(table.delete())


async def asked(both: list[Person], path: str) -> Any:
    """What both apps answer: the same, byte by byte."""
    one, other = [await person.get(path) for person in both]
    assert (one.status_code, one.content, one.headers.get("etag")) == (
        other.status_code, other.content, other.headers.get("etag")
    )  # fmt: skip
    assert one.headers["content-length"] == str(len(one.content))
    return one


async def test_what_is_not_asked_for_is_neither_answered_nor_read(both: list[Person]) -> None:
    for path in ("/bills", f"/bills/{(await asked(both, '/bills')).json()['items'][0]['id']}"):
        sent: list[Sent] = []
        with watching(sent.append):
            body = (await asked(both, path)).json()
        assert all(row.keys() == PLAIN for row in body.get("items", [body]))
        assert not [one for one in sent if "bill_items" in one.sql or "payers" in one.sql]


async def test_what_is_asked_for_takes_one_statement_each(both: list[Person]) -> None:
    for person in both:
        for limit in (2, 50):
            sent: list[Sent] = []
            with watching(sent.append):
                rows = (await person.get(f"/bills?expand=payer,items&limit={limit}")).json()["items"]
            assert all(row.keys() == PLAIN | {"items", "payer"} for row in rows)
            assert len([one for one in sent if "FROM apart_bill_items" in one.sql]) == 1
            assert len([one for one in sent if "FROM apart_payers" in one.sql]) == 1
            assert len([one for one in sent if "FROM apart_bills" in one.sql]) == 1
    assert [[one["text"] for one in row["items"]] for row in rows] == [[], ["2 0", "2 1"], ["1 0"], []]
    assert [row["payer"] for row in rows[:2]] == [{"id": str(UUID(int=7)), "name": "Pat"}, None]
    assert (await asked(both, "/bills?expand=items")).json()["items"][0].keys() == PLAIN | {"items"}


async def test_a_single_row_is_expanded_too(both: list[Person], bob: Person, apps: list[FastAPI]) -> None:
    [row, *_] = (await asked(both, "/bills?expand=items,payer")).json()["items"]
    there = f"/bills/{row['id']}?expand=items,payer"

    assert (await asked(both, there)).json() == row
    assert (await bob.through(apps[0]).get(there)).status_code == 404
    assert (await bob.through(apps[0]).get("/bills?expand=items,payer")).json()["items"] == []


async def test_only_the_fields_that_are_wanted_are_answered(both: list[Person]) -> None:
    page = (await asked(both, "/bills?fields=number,id&sort=number&order=asc&limit=3&count=true")).json()
    assert ([[*row] for row in page["items"]], page["total"]) == ([["id", "number"]] * 3, 4)
    rest = (
        await asked(both, f"/bills?fields=version&sort=number&order=asc&cursor={page['next_cursor']}")
    ).json()
    assert [[*row] for row in rest["items"]] == [["version"]]

    there = f"/bills/{page['items'][2]['id']}"
    whole = (await asked(both, f"{there}?expand=items")).json()
    part = (await asked(both, f"{there}?fields=amount,payer_id&expand=items")).json()
    assert part == {name: whole[name] for name in ("amount", "payer_id", "items")}


async def test_each_representation_has_its_own_tag_and_the_version_of_the_row(both: list[Person]) -> None:
    id = (await asked(both, "/bills")).json()["items"][1]["id"]
    queries = (
        "",
        "?expand=items",
        "?expand=items,payer",
        "?fields=id",
        "?fields=id,number",
        "?fields=number",
    )
    tags = [(await asked(both, f"/bills/{id}{query}")).headers["etag"] for query in queries]

    assert len({*tags}) == len(tags)
    assert len({tag.partition("-")[0] for tag in tags}) == 1
    for query, tag in zip(queries, tags, strict=True):
        for given in tags:
            answer = await both[0].get(f"/bills/{id}{query}", headers={"If-None-Match": given})
            assert answer.status_code == (304 if given == tag else 200)
    for number, tag in enumerate(tags):
        answer = await both[0].patch(f"/bills/{id}", json={"amount": number + 1}, headers={"If-Match": tag})
        assert (answer.status_code, number > 0) == (412 if number else 200, number > 0)
        if not number:
            fields = (await both[0].get(f"/bills/{id}?fields=amount")).headers["etag"]
    assert (await both[1].patch(f"/bills/{id}", json={"amount": 9}, headers={"If-Match": fields})).is_success


REFUSED = """
    expand=owner expand= expand=items, expand=items,items expand=items&expand=payer expand=Items
    fields=secret fields=items fields= fields=id,id fields=id&fields=number fields=payer.secret
"""


@pytest.mark.parametrize("query", REFUSED.split())
async def test_what_cannot_be_asked_for_is_refused(both: list[Person], query: str) -> None:
    for path in ("/bills", f"/bills/{(await asked(both, '/bills')).json()['items'][0]['id']}"):
        answer = await asked(both, f"{path}?{query}")
        assert answer.status_code == 422
        assert [one["loc"] for one in answer.json()["errors"]] == [["query", query.partition("=")[0]]]


def test_the_document_says_what_may_be_missing(apps: list[FastAPI]) -> None:
    document = apps[0].openapi()
    schema = document["components"]["schemas"]["BillPublic"]
    parameters = {one["name"]: one for one in document["paths"]["/api/v1/bills/{id}"]["get"]["parameters"]}

    assert {*schema["required"]} == PLAIN
    assert {"items", "payer"} <= schema["properties"].keys()
    assert "x-divided" not in json.dumps(document)
    for name, names in (("expand", ["items", "payer"]), ("fields", [*PLAIN])):
        one = parameters[name]
        assert (one["style"], one["explode"], one["required"]) == ("form", False, False)
        assert (one["schema"]["type"], {*one["schema"]["items"]["enum"]}) == ("array", {*names})
        assert one["description"]


def test_what_is_no_relationship_or_always_answered_cannot_be_expanded() -> None:
    for name, said in (("amount", "is no relationship"), ("owner", "is no relationship")):
        with pytest.raises(TypeError, match=said):

            class Wrong(Shown[bills.Bill]):
                expand: Annotated[Names | None, Expands(name)] = None


@needs_fast_path
async def test_rows_without_what_is_asked_for_need_no_conversion(
    both: list[Person], apps: list[FastAPI]
) -> None:
    async with apps[0].state.database.read() as session:
        [row, *_] = await session.rows(select(bills.Bill))
    there = await both[1].get(f"/bills/{row.id}")
    assert written(row, bills.BillPublic) == there.content


def test_the_document_names_the_public(apps: list[FastAPI]) -> None:
    document = apps[0].openapi()

    get = document["paths"]["/api/v1/bills/{id}"]["get"]["responses"]["200"]
    page = document["components"]["schemas"]["BillPage"]["properties"]["items"]
    named = {"$ref": "#/components/schemas/BillPublic"}
    assert (get["content"]["application/json"]["schema"], page["items"]) == (named, named)
