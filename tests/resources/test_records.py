"""Records: about somebody, by staff, read by whom they are about, exported however many there are."""

import asyncio
import csv
import io

import pytest

from api.db.engine import Database
from api.lists.pagination import walk
from api.models.base import utcnow
from api.models.record import Record
from api.routers.records import RecordFilters
from api.settings import Settings
from tests.support.make import days, make_booking, make_record, make_slot
from tests.support.people import Person

pytestmark = pytest.mark.anyio


async def test_a_record_is_read_by_whom_it_is_about_and_by_staff(
    staff: Person, ada: Person, bob: Person
) -> None:
    booking = await make_booking(ada, await make_slot(staff))
    data = {"height": 1.62, "tags": ["a", {"b": None}], "deepest": [[[[[[[[[1]]]]]]]]]}
    record = await make_record(staff, ada, data=data, booking_id=booking["id"])
    path = f"/records/{record['id']}"

    assert (record["user"]["username"], record["author"]["username"], record["data"]) == ("ada", "sam", data)
    assert (await ada.get(path)).json() == (await staff.get(path)).json() == record
    assert (await bob.get(path)).status_code == 404
    assert (await bob.get("/records", params={"user_id": ada.id, "count": True})).json()["total"] == 0
    for answer in (
        await ada.patch(path, json={}),
        await ada.delete(path),
        await ada.post("/records", json={}),
    ):
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "data",
    [[], "text", None, {"a": "x" * 20_001}, {"a": [[[[[[[[[[1]]]]]]]]]]}, {"nul": "\0"}, {"a": {"\0": 1}}],
)
async def test_data_is_an_object_within_bounds(staff: Person, ada: Person, data: object) -> None:
    body = {"user_id": ada.id, "kind": "visit", "title": "x", "occurred_at": days(-1), "data": data}

    assert (await staff.post("/records", json=body)).status_code == 422


async def test_what_a_record_refers_to_has_to_be_there(staff: Person, ada: Person) -> None:
    nowhere = "01a1fdfe-6e9d-70eb-a230-6c2b82ad22f1"
    body = {"user_id": ada.id, "kind": "visit", "title": "x", "occurred_at": days(-1)}

    for field in ("user_id", "booking_id"):
        answer = await staff.post("/records", json=body | {field: nowhere})
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", field])
    record = await make_record(staff, ada)
    assert (await staff.patch(f"/records/{record['id']}", json={"booking_id": nowhere})).status_code == 422


async def test_a_retried_record_is_written_once(staff: Person, ada: Person) -> None:
    body = {"user_id": ada.id, "kind": "visit", "title": "x", "occurred_at": days(-1)}

    first, again = [
        await staff.post("/records", json=body, headers={"Idempotency-Key": "visit-7"}) for _ in range(2)
    ]

    assert (again.status_code, again.json()) == (201, first.json())
    assert (await ada.get("/records")).json()["items"] == [first.json()]


async def test_records_outlive_their_author(staff: Person, ada: Person, admin: Person) -> None:
    record = await make_record(staff, ada)

    await admin.delete(f"/users/{staff.id}")

    assert (await ada.get(f"/records/{record['id']}")).json()["author"] is None


async def test_the_export_holds_every_row_of_the_filter_in_order(
    staff: Person, ada: Person, bob: Person, database: Database
) -> None:
    async with database.write() as session, session.begin():
        for number in range(1201):  # more than two pages of the walk, with a last one of its own
            session.add(
                Record.model_validate(
                    {
                        "kind": "k",
                        "title": f"n{number}",
                        "occurred_at": utcnow(),
                        "user_id": ada.id,
                        "author_id": staff.id,
                    }
                )
            )
    await make_record(staff, bob, kind="other")

    answer = await staff.get(
        "/records/export.csv", params={"kind": "k", "sort": "occurred_at", "order": "asc"}
    )

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="records.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["title"] for row in rows] == [f"n{number}" for number in range(1201)]
    assert {(row["user"], row["author"]) for row in rows} == {(ada.id, staff.id)}
    mine = list(csv.DictReader(io.StringIO((await bob.get("/records/export.csv")).text)))
    assert [row["kind"] for row in mine] == ["other"]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)"])
async def test_a_spreadsheet_takes_no_cell_for_a_formula(staff: Person, ada: Person, title: str) -> None:
    await make_record(staff, ada, title=title, kind='say "a,b"')

    (row,) = csv.DictReader(io.StringIO((await ada.get("/records/export.csv")).text))

    assert (row["title"], row["kind"]) == (f"'{title}", 'say "a,b"')


async def test_the_export_holds_no_connection_between_its_pages(
    staff: Person, ada: Person, settings: Settings
) -> None:
    await make_record(staff, ada)
    database = Database(settings.model_copy(update={"database_pool_size": 1}))

    pages = 0
    async for page in walk(database.read, RecordFilters()):
        pages += 1
        assert len(page) == 1
        await asyncio.wait_for(database.ping(), 5)
    await database.close()
    assert pages == 1
