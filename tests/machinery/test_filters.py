"""What filters find, on both databases: several values, what is not, what is missing, and what is related."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import ValidationError
from sqlalchemy.orm import registry
from sqlmodel import SQLModel, col, select

from api.db.engine import Database
from api.lists import By, PageQuery, paginate
from api.lists import pagination as paging
from api.models.base import Entity, uuid7
from api.models.types import Line, UtcDatetime
from tests.machinery.books import Book
from tests.machinery.parcels import (
    Apart,
    Country,
    Label,
    Labelling,
    Parcel,
    ParcelQuery,
    Sender,
    Status,
    router,
)
from tests.support.apart import include
from tests.support.watching import watching

pytestmark = pytest.mark.anyio

THEN = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
async def parcels(database: Database) -> AsyncIterator[Database]:
    """Four: `book` and `lamp` from Graz, `pen` from a sender without a city, `box` from nobody."""
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.create_all)
    async with database.write() as session, session.begin():
        austria = Country(name="Austria")
        graz = Sender(city="Graz", is_known=True, country_id=austria.id, created_at=THEN)
        nowhere = Sender(created_at=LATER)
        red, blue = Label(name="red"), Label(name="blue")
        box = Parcel(name="box", weight=None, status=Status.lost, is_open=None)
        book = Parcel(name="book", weight=1, sender_id=graz.id, sent_at=THEN, is_open=True, inside_id=box.id)
        lamp = Parcel(name="lamp", weight=5, sender_id=graz.id, status=Status.sent, is_open=False)
        pen = Parcel(name="pen", weight=2, sender_id=nowhere.id, sent_at=LATER, inside_id=box.id)
        session.add_all([austria, red, blue])
        await session.flush()
        session.add_all([graz, nowhere])
        await session.flush()
        session.add_all([box])
        await session.flush()
        session.add_all([book, lamp, pen])
        await session.flush()
        for parcel, label in ((book, red), (book, blue), (lamp, red)):
            session.add(Labelling(parcel_id=parcel.id, label_id=label.id))
    yield database
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.drop_all)


async def found(database: Database, **query: Any) -> list[str]:
    async with database.read() as session:
        page = await paginate(session, ParcelQuery(sort="name", order="asc", count=True, **query))
    names = [parcel.name for parcel in page.items]
    assert page.total == len(names)
    return names


async def test_several_values_find_the_rows_with_any_of_them(parcels: Database) -> None:
    assert await found(parcels, status=["sent"]) == ["lamp"]
    assert await found(parcels, status=["sent", "lost"]) == ["box", "lamp"]
    assert await found(parcels, status=["packed", "sent", "lost", "sent", "sent"]) == [
        "book", "box", "lamp", "pen",
    ]  # fmt: skip
    assert await found(parcels, weight_in=[*range(2, 90), 1]) == ["book", "lamp", "pen"]
    assert await found(parcels, weight_in=[7]) == []
    ids = {name: id async for name, id in ids_of(parcels)}
    assert await found(parcels, id_in=[ids["pen"], ids["box"], uuid7()]) == ["box", "pen"]
    assert await found(parcels, named=["pen", "box"]) == ["box", "pen"]


async def ids_of(database: Database) -> AsyncIterator[tuple[str, Any]]:
    async with database.read() as session:
        for parcel in (await paginate(session, ParcelQuery())).items:
            yield parcel.name, parcel.id


async def test_a_negation_finds_exactly_the_other_rows(parcels: Database) -> None:
    assert await found(parcels, status_not=["sent", "lost"]) == ["book", "pen"]
    assert await found(parcels, weight_not=5) == ["book", "box", "pen"]
    assert await found(parcels, is_open_not=True) == ["box", "lamp", "pen"]
    assert await found(parcels, is_open_not=False) == ["book", "box", "pen"]
    assert await found(parcels, is_open=True) == ["book"]
    assert await found(parcels, sender_city="Graz") == ["book", "lamp"]
    assert await found(parcels, sender_city_not=["Graz", "Linz"]) == ["box", "pen"]
    assert await found(parcels, labels_name="blue") == ["book"]
    assert await found(parcels, label_name_not="blue") == ["box", "lamp", "pen"]


async def test_a_missing_value_is_found_and_so_is_any_other(parcels: Database) -> None:
    assert await found(parcels, weight_is_null=True) == ["box"]
    assert await found(parcels, weight_is_null=False) == ["book", "lamp", "pen"]
    assert await found(parcels, sent_at_is_null=True) == ["box", "lamp"]
    assert await found(parcels, sender_city_is_null=True) == ["box", "pen"]
    assert await found(parcels, sender_city_is_null=False) == ["book", "lamp"]


async def test_filters_reach_through_relationships(parcels: Database) -> None:
    labels = {}
    async with parcels.read() as session:
        for parcel in (await paginate(session, ParcelQuery())).items:
            for label in await parcel_labels(session, parcel):
                labels[label.name] = label.id

    assert await found(parcels, sender_is_known=True) == ["book", "lamp"]
    assert await found(parcels, sender_is_known=False) == ["pen"]
    assert await found(parcels, sender_created_before=LATER) == ["book", "lamp"]
    assert await found(parcels, sender_country_name=["Austria", "Italy"]) == ["book", "lamp"]
    assert await found(parcels, labels_name="red") == ["book", "lamp"]
    assert await found(parcels, label_id=[labels["red"]]) == ["book", "lamp"]
    assert await found(parcels, label_id=[labels["blue"], uuid7()]) == ["book"]
    assert await found(parcels, inside_name="box") == ["book", "pen"]
    assert await found(parcels, contents_weight_min=2) == ["box"]
    assert await found(parcels, contents_weight_min=3) == []
    assert await found(parcels, labels_name="red", sender_city="Graz", status=["sent"]) == ["lamp"]


async def parcel_labels(session: Any, parcel: Parcel) -> Any:
    joined = select(Label).join(Labelling).where(col(Labelling.parcel_id) == parcel.id)
    return (await session.exec(joined)).all()


async def test_few_statements_serve_any_number_of_values(parcels: Database) -> None:
    class FreshQuery(ParcelQuery): ...

    before, sent = paging._page.cache_info().misses, set()
    for number in range(1, 101):
        with watching(lambda one: sent.add(one.sql)):
            async with parcels.read() as session:
                await paginate(session, FreshQuery(weight_in=list(range(number))))

    assert paging._page.cache_info().misses - before == 4
    assert len({sql for sql in sent if "LIMIT" in sql}) == 4


@pytest.fixture
async def shop(parcels: Database, second: FastAPI) -> AsyncIterator[AsyncClient]:
    include(second, router)
    transport = ASGITransport(second)
    async with AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
        yield client


async def test_a_list_is_sent_as_a_repeated_parameter(shop: AsyncClient) -> None:
    async def names(query: str) -> list[str]:
        for _ in range(2):  # the second time, the query string may be known
            answer = await shop.get(f"/parcels?sort=name&order=asc&{query}")
            assert answer.status_code == 200, answer.text
        return [row["name"] for row in answer.json()["items"]]

    assert await names("status=sent&status=lost") == ["box", "lamp"]
    assert await names("status=sent") == ["lamp"]
    assert await names("status=lost") == ["box"]
    assert await names("status_not=sent&status_not=lost") == ["book", "pen"]
    assert await names("status=sent&status=sent") == ["lamp"]
    assert await names("weight_is_null=true") == ["box"]
    assert await names("sender_city=Graz&label_name_not=blue") == ["lamp"]


@pytest.mark.parametrize(
    "query",
    [
        "status=", "status=gone", "status=sent&status=gone", "weight_not=1&weight_not=2",
        "sender_city=Graz&sender_city=Linz", "weight_is_null=perhaps", "status[]=sent",
        "&".join(["weight_in=1"] * 101),
    ],
)  # fmt: skip
async def test_values_that_a_filter_does_not_take_are_refused(shop: AsyncClient, query: str) -> None:
    answer = await shop.get(f"/parcels?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["loc"][:2] == ["query", query.partition("=")[0]]


async def test_filters_say_in_openapi_what_they_do(second: FastAPI) -> None:
    include(second, router)
    said = second.openapi()["paths"]["/api/v1/parcels"]["get"]["parameters"]
    parameters = {one["name"]: one for one in said if one["in"] == "query"}

    schema = parameters["status"]["schema"]
    assert (schema["type"], schema["minItems"], schema["maxItems"]) == ("array", 1, 100)
    assert schema["items"] == {"$ref": "#/components/schemas/Status"}
    assert parameters["weight_is_null"]["schema"]["type"] == "boolean"
    described = {name: one["description"] for name, one in parameters.items()}
    assert described["status"] == (
        "Only rows with one of these values as `status`. Give it several times for several values."
    )
    assert described["status_not"] == (
        "Only rows that have none of these values as `status`, or have no value. "
        "Give it several times for several values."
    )
    assert described["weight_not"] == "Only rows that do not have this value as `weight`, or have no value."
    assert described["weight_is_null"] == (
        "`true` finds only rows without a value of `weight`, `false` only rows with one."
    )
    assert described["sender_city"] == "Only rows with this value as `sender.city`."
    assert described["sender_created_before"] == "Only rows before this time, by `sender.created_at`."
    assert described["label_id"] == (
        "Only rows with one of these values as `labels.id`. Give it several times for several values."
    )


REFUSED: list[tuple[str, Any, str]] = [
    ("colour", str | None, "fits no column of Parcel"),
    ("sender_colour", str | None, "fits no column of Parcel"),
    ("sender", str | None, "fits no column of Parcel"),
    ("weight_in", int | None, r"takes several values: write list\[…\] \| None"),
    ("weight_is_null", int | None, r"is a question: write bool \| None"),
    ("sent_before", list[UtcDatetime] | None, "compares with one value"),
    ("status", set[Status] | None, r"takes several values: write list\[…\] \| None"),
    ("status", tuple[Status, ...] | None, r"takes several values: write list\[…\] \| None"),
]


@pytest.mark.parametrize(("name", "kind", "said"), REFUSED)
def test_a_filter_that_makes_no_sense_is_refused_when_it_is_declared(name: str, kind: Any, said: str) -> None:
    with pytest.raises(TypeError, match=rf"WrongQuery\.{name} {said}"):
        type("WrongQuery", (PageQuery[Parcel],), {"__annotations__": {name: kind}, name: None})


def test_what_is_known_is_named_with_the_refusal() -> None:
    with pytest.raises(TypeError, match=r"Known are id, .*weight, .*labels_…, .*sender_….*_is_null"):
        type("WrongQuery", (PageQuery[Parcel],), {"__annotations__": {"colour": Line | None}, "colour": None})


def test_a_name_with_two_meanings_is_refused() -> None:
    class Twice(SQLModel, registry=registry()): ...

    class Day(Entity, Twice, table=True):
        seen: datetime
        seen_before: datetime

    with pytest.raises(TypeError, match=r"could be the column seen_before, or seen with _before"):

        class WrongQuery(PageQuery[Day]):
            seen_before: UtcDatetime | None = None

    class RightQuery(PageQuery[Day]):
        seen_before: Annotated[UtcDatetime | None, By(lambda at: Day.seen < at)] = None


def test_a_list_that_declares_no_order_is_sorted_by_id() -> None:
    class AnyBook(PageQuery[Book]): ...

    assert AnyBook.model_json_schema()["properties"]["sort"]["const"] == "id"
    with pytest.raises(ValidationError, match="Input should be 'id'"):
        AnyBook(sort="title")
