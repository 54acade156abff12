"""Many rows in one request: all or none, with the problems of each; or those that can be written."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import func, select

from api.db import SessionDep
from api.db.engine import Database
from api.deps import Bulk, CallerId, CurrentUser, MailerDep, Many, Partial, bulk
from api.deps.mail import Letter
from api.flows.bookings import book
from api.models.booking import Booking, BookingCreate, BookingPublic
from api.models.event import Event
from api.models.note import Note, NoteCreate, NotePublic
from api.models.product import Product, ProductCreate, ProductPublic
from api.problems import Code, ProblemError
from api.web import Router
from tests.support.apart import include
from tests.support.mailbox import Mailbox
from tests.support.make import make_slot
from tests.support.people import Person
from tests.support.watching import Sent, watching

pytestmark = pytest.mark.anyio


def many_routes() -> Router:
    router = Router(prefix="/many")

    @router.post("/notes/bulk", status_code=201)
    async def create_notes(
        session: SessionDep, caller: CallerId, body: Many[NoteCreate], partial: Partial = False
    ) -> Bulk[NotePublic]:
        async def create(one: NoteCreate) -> NotePublic:
            if one.title == "Refused":
                raise ProblemError(Code.forbidden)
            note = Note.model_validate(one, update={"owner_id": caller})
            session.add(note)
            return note

        return await bulk(session, body, create, partial=partial)

    @router.post("/products/bulk", status_code=201)
    async def create_products(
        session: SessionDep, user: CurrentUser, body: Many[ProductCreate], partial: Partial = False
    ) -> Bulk[ProductPublic]:
        async def create(one: ProductCreate) -> ProductPublic:
            product = Product.model_validate(one)
            session.add(product)
            return product

        return await bulk(session, body, create, partial=partial)

    @router.post("/mailed/bulk", status_code=201)
    async def create_mailed(
        session: SessionDep,
        caller: CallerId,
        mailer: MailerDep,
        body: Many[NoteCreate],
        partial: Partial = False,
    ) -> Bulk[NotePublic]:
        async def create(one: NoteCreate) -> NotePublic:
            await mailer.send(Letter("ada@example.com", "", one.title, "It is made.", "Bye"))
            if one.title == "Refused":
                raise ProblemError(Code.forbidden)
            note = Note.model_validate(one, update={"owner_id": caller})
            session.add(note)
            return note

        return await bulk(session, body, create, partial=partial)

    @router.post("/bookings/bulk", status_code=201, response_model=Bulk[BookingPublic])
    async def create_bookings(
        session: SessionDep, user: CurrentUser, body: Many[BookingCreate], partial: Partial = False
    ) -> Bulk[Booking]:
        return await bulk(session, body, lambda one: book(session, user, one), partial=partial)

    return router


@pytest.fixture
def asking(second: FastAPI, ada: Person) -> Person:
    include(second, many_routes())
    return ada.through(second)


async def number(database: Database, model: Any = Note) -> int:
    async with database.read() as session:
        return (await session.exec(select(func.count()).select_from(model))).one()


def notes(number: int, **others: Any) -> dict[str, Any]:
    return {"items": [{"title": f"Note {n}"} for n in range(number)]} | others


def product(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "price": "1.00"} | fields


async def test_many_rows_are_written_with_their_events(asking: Person, database: Database) -> None:
    answer = await asking.post("/many/notes/bulk", json=notes(500))

    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert (said["written"], said["refused"], len(said["items"])) == (500, 0, 500)
    assert [item["index"] for item in said["items"]] == [*range(500)]
    assert {(item["status"], item["problem"]) for item in said["items"]} == {(201, None)}
    assert answer.headers["location"] == "/api/v1/many/notes"
    row = said["items"][7]["row"]
    assert (await asking.get(f"/notes/{row['id']}")).json() == row
    assert (await number(database), await number(database, Event)) == (500, 500)


async def test_many_rows_take_as_many_statements_as_few(asking: Person) -> None:
    counts = []
    for rows in (3, 3, 200):
        sent: list[Sent] = []
        with watching(sent.append):
            assert (await asking.post("/many/notes/bulk", json=notes(rows))).status_code == 201
        counts.append(len(sent))

    assert counts[1] == counts[2] < 20


async def test_each_problem_names_its_row_and_nothing_is_written(asking: Person, database: Database) -> None:
    await asking.post("/many/products/bulk", json={"items": [product("old")]})
    sent = [product("new"), product("old"), product(""), product("new"), product("y", more=1)]

    answer = await asking.post("/many/products/bulk", json={"items": sent})

    assert (answer.status_code, answer.json()["code"]) == (409, "rows_refused"), answer.text
    errors = [(error["loc"], error["type"]) for error in answer.json()["errors"]]
    assert errors == [
        (["body", "items", 1, "name"], "already_exists"),
        (["body", "items", 2, "name"], "string_too_short"),
        (["body", "items", 3, "name"], "already_exists"),
        (["body", "items", 4, "more"], "extra_forbidden"),
    ]
    assert await number(database, Product) == 1


async def test_invalid_rows_are_a_422_like_an_invalid_row(asking: Person, database: Database) -> None:
    sent = notes(80)
    for one in sent["items"]:
        del one["title"]
    answer = await asking.post("/many/notes/bulk", json=sent)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert [error["loc"] for error in answer.json()["errors"]] == [
        ["body", "items", n, "title"] for n in range(80)
    ]
    assert await number(database) == 0


async def test_a_problem_without_fields_names_its_row(
    asking: Person, staff: Person, database: Database
) -> None:
    slot = await make_slot(staff, capacity=2)
    sent = [{"slot_id": slot["id"], "customer_name": name} for name in ("Ada", "Bob", "Eve")]

    answer = await asking.post("/many/bookings/bulk", json={"items": sent})
    assert (answer.status_code, answer.json()["code"]) == (409, "rows_refused"), answer.text
    assert [(error["loc"], error["type"]) for error in answer.json()["errors"]] == [
        (["body", "items", 2], "slot_full")
    ]
    assert await number(database, Booking) == 0
    some = await asking.post("/many/bookings/bulk?partial=true", json={"items": sent})
    assert [item["status"] for item in some.json()["items"]] == [201, 201, 409]
    assert await number(database, Booking) == 2
    told = (await asking.get("/notifications")).json()["items"]
    assert len(told) == 2


async def test_what_can_be_written_is_written_where_it_is_asked(asking: Person, database: Database) -> None:
    sent = {"items": [{"title": "One"}, {"title": ""}, {"title": "Refused"}, {"title": "Two"}, 5]}

    answer = await asking.post("/many/notes/bulk?partial=true", json=sent)

    said = answer.json()
    assert (answer.status_code, said["written"], said["refused"]) == (201, 2, 3), answer.text
    assert [(item["index"], item["status"]) for item in said["items"]] == [
        (0, 201),
        (1, 422),
        (2, 403),
        (3, 201),
        (4, 422),
    ]
    problem = said["items"][1]["problem"]
    assert (problem["code"], problem["errors"][0]["loc"]) == ("invalid_request", ["body", "title"])
    assert said["items"][2]["problem"]["code"] == "forbidden"
    assert "errors" not in said["items"][2]["problem"]
    assert (await number(database), await number(database, Event)) == (2, 2)


@pytest.mark.parametrize("items", [[], [{"title": "x"}] * 501, {}, None])
async def test_too_few_and_too_many_rows_are_refused(asking: Person, items: Any) -> None:
    answer = await asking.post("/many/notes/bulk", json={"items": items})

    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "items"])


async def test_many_rows_are_written_once_for_a_key_and_never_in_a_dry_run(
    asking: Person, database: Database
) -> None:
    tried = await asking.post("/many/notes/bulk", json=notes(5), headers={"Prefer": "dry-run"})
    assert (tried.json()["written"], await number(database)) == (5, 0)
    answers = [
        await asking.post("/many/notes/bulk", json=notes(5), headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    assert await number(database) == 5


async def test_a_quota_holds_for_many_rows(second: FastAPI, asking: Person, database: Database) -> None:
    quotas = second.state.database.quotas
    quotas.most = quotas.most._replace(rows=10)

    answer = await asking.post("/many/notes/bulk", json=notes(20))

    assert (answer.status_code, answer.json()["code"]) == (409, "quota_exceeded")
    assert await number(database) == 0


async def test_the_document_names_each_type(asking: Person, second: FastAPI) -> None:
    document = second.openapi()
    schemas = document["components"]["schemas"]

    assert schemas["NoteBulkCreate"]["properties"]["items"]["items"] == {
        "$ref": "#/components/schemas/NoteCreate"
    }
    item = schemas["NoteBulkItem"]["properties"]
    assert item["row"]["anyOf"][0] == {"$ref": "#/components/schemas/NotePublic"}
    assert item["problem"]["anyOf"][0] == {"$ref": "#/components/schemas/Problem"}
    said = document["paths"]["/api/v1/many/notes/bulk"]["post"]
    assert {"201", "409", "422"} <= said["responses"].keys()
    assert "rows_refused" in said["responses"]["409"]["description"]


async def test_an_answer_that_is_too_long_to_be_kept_is_refused(asking: Person, database: Database) -> None:
    sent = {"items": [{"title": "One", "content": "x" * 1_990} for _ in range(480)]}

    answer = await asking.post("/many/notes/bulk", json=sent, headers={"Idempotency-Key": "k"})

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert await number(database) == 0
    assert (await asking.post("/many/notes/bulk", json=sent)).status_code == 201


async def test_only_rows_that_are_written_send_letters_and_once(asking: Person, mailbox: Mailbox) -> None:
    mailbox.letters.clear()
    items = [{"title": "First"}, {"title": "Refused"}, {"title": "Last"}]

    none = await asking.post("/many/mailed/bulk", json={"items": items})
    some = await asking.post("/many/mailed/bulk?partial=true", json={"items": items})

    assert (none.status_code, some.json()["written"]) == (409, 2)
    assert [letter["subject"] for letter in mailbox.letters] == ["First", "Last"]


async def test_a_few_rows_that_are_refused_cost_no_savepoint_for_each_of_the_others(
    asking: Person,
) -> None:
    titles = [f"Note {number}" for number in range(100)]
    titles[17] = titles[60] = "Refused"
    sent: list[Sent] = []

    with watching(sent.append):
        answer = await asking.post(
            "/many/notes/bulk", json={"items": [{"title": one} for one in titles]}, params={"partial": True}
        )

    items = answer.json()["items"]
    assert [one["index"] for one in items if one["status"] != 201] == [17, 60]
    assert [one["row"]["title"] for one in items if one["row"]] == [one for one in titles if one != "Refused"]
    assert len([one for one in sent if one.sql.startswith("SAVEPOINT")]) < 40
