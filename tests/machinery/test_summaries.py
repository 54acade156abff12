"""Summaries: exact sums, days and months in time zones, and what is refused."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI, Query
from sqlmodel import col

from api.db.engine import Database
from api.lists import By, CommaSeparated, Filters, Summary, SummaryQuery
from api.lists.summaries import MOST_GROUPS
from api.models.types import Line
from api.settings import Settings
from api.web import Router
from tests.machinery.sales import Sale, Sold, router, sale
from tests.support.apart import with_routes
from tests.support.people import Person

pytestmark = pytest.mark.anyio
Made = dict[str, Any]


@pytest.fixture(params=["fast", "plain"])
async def shop(app: FastAPI, settings: Settings, request: pytest.FixtureRequest) -> AsyncIterator[FastAPI]:
    """An app with sales, with the fast path and without it."""
    changes = {} if request.param == "fast" else {"fast_path": False}
    shop = with_routes(settings, router, **changes)
    database: Database = shop.state.database
    async with database.engine.begin() as connection:
        await connection.run_sync(Sold.metadata.create_all)
    yield shop
    async with database.engine.begin() as connection:
        await connection.run_sync(Sold.metadata.drop_all)
    await database.close()


async def sell(shop: FastAPI, *sales: Sale) -> None:
    async with shop.state.database.write() as session, session.begin():
        session.add_all(sales)


async def summary(shop: FastAPI, person: Person, **query: Any) -> list[Made]:
    answer = await person.through(shop).get("/sales/summary", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["groups"])


async def test_sums_are_exact(shop: FastAPI, ada: Person) -> None:
    prices = ["0.10", "0.20", "9999999999.99", "9999999999.99", "0.01"]
    await sell(shop, *(sale(UUID(ada.id), price, pieces=2**31 - 1) for price in prices))
    await sell(shop, sale(UUID(ada.id), "3.00", pieces=-(2**31), tip="0.50"))

    [group] = await summary(shop, ada, sum="price,pieces,tip")

    assert group == {
        "count": 6,
        "sums": {"price": "20000000003.29", "pieces": 5 * (2**31 - 1) - 2**31, "tip": "0.50"},
    }


async def test_a_sum_of_nothing_is_zero(shop: FastAPI, ada: Person, bob: Person) -> None:
    await sell(shop, sale(UUID(ada.id), shop="Corner"))

    assert await summary(shop, ada, by="shop", sum="tip") == [
        {"shop": "Corner", "count": 1, "sums": {"tip": "0.00"}}
    ]
    assert await summary(shop, bob, sum="price,pieces") == [
        {"count": 0, "sums": {"price": "0.00", "pieces": 0}}
    ]
    assert await summary(shop, bob, by="shop") == []


async def test_groups_are_sorted_as_they_are_asked_for_and_null_comes_last(
    shop: FastAPI, ada: Person
) -> None:
    for name in ("b", None, "B", "a", "b"):
        await sell(shop, sale(UUID(ada.id), shop=name, is_paid=name == "b"))

    assert [group["shop"] for group in await summary(shop, ada, by="shop")] == ["B", "a", "b", None]
    found = await summary(shop, ada, by="is_paid,shop")
    assert [(group["is_paid"], group["shop"], group["count"]) for group in found] == [
        (False, "B", 1),
        (False, "a", 1),
        (False, None, 1),
        (True, "b", 2),
    ]
    found = await summary(shop, ada, by="shop,is_paid")
    assert [group["shop"] for group in found] == ["B", "a", "b", None]


MOMENTS = {  # by time in UTC, the day in Berlin, where clocks change at 01:00 UTC
    "2030-03-30T22:59:59.999999Z": "2030-03-30",
    "2030-03-30T23:00:00Z": "2030-03-31",  # before the change: +01:00
    "2030-03-31T21:59:59Z": "2030-03-31",  # after the change: +02:00
    "2030-03-31T22:00:00Z": "2030-04-01",
    "2030-10-26T22:00:00Z": "2030-10-27",  # a day of 25 hours
    "2030-10-27T22:59:59Z": "2030-10-27",
    "2030-10-27T23:00:00Z": "2030-10-28",
    "2030-12-31T23:30:00Z": "2031-01-01",
    "0002-01-01T00:00:00Z": "0002-01-01",
    "9998-12-31T23:30:00Z": "9999-01-01",
}


async def test_days_begin_in_the_time_zone_whatever_the_season(shop: FastAPI, ada: Person) -> None:
    await sell(shop, *(sale(UUID(ada.id), sold_at=moment) for moment in MOMENTS))

    found = await summary(shop, ada, by="day", zone="Europe/Berlin")
    days = list(MOMENTS.values())
    assert [(group["day"], group["count"]) for group in found] == [
        (day, days.count(day)) for day in sorted({*days})
    ]
    assert await summary(shop, ada, by="sold_day", zone="Europe/Berlin") == [
        {"sold_day": group.pop("day")} | group for group in found
    ]
    months = {group["month"] for group in await summary(shop, ada, by="month", zone="Europe/Berlin")}
    assert months == {day[:8] + "01" for day in days}
    years = {group["year"] for group in await summary(shop, ada, by="year")}
    assert years == {"2030-01-01", "0002-01-01", "9998-01-01"}


async def test_weeks_begin_on_monday(shop: FastAPI, ada: Person) -> None:
    for moment in ("2030-05-12T23:30:00Z", "2030-05-12T12:00:00Z", "2030-05-13T00:00:00Z"):
        await sell(shop, sale(UUID(ada.id), sold_at=moment, due_on=moment[:10]))

    def weeks(found: list[Made], name: str) -> list[tuple[str, int]]:
        return [(group[name], group["count"]) for group in found]

    utc = [("2030-05-06", 2), ("2030-05-13", 1)]
    assert weeks(await summary(shop, ada, by="week"), "week") == utc
    berlin = await summary(shop, ada, by="week", zone="Europe/Berlin")
    assert weeks(berlin, "week") == [("2030-05-06", 1), ("2030-05-13", 2)]
    dates = await summary(shop, ada, by="due_week", zone="Pacific/Kiritimati")
    assert weeks(dates, "due_week") == utc  # a date is the same day everywhere


async def test_rows_without_a_time_are_a_group(shop: FastAPI, ada: Person) -> None:
    await sell(shop, sale(UUID(ada.id)), sale(UUID(ada.id), sold_at="2030-05-12T12:00:00Z"))

    assert [group["month"] for group in await summary(shop, ada, by="month")] == ["2030-05-01", None]


async def test_filters_and_the_scope_apply(shop: FastAPI, ada: Person, bob: Person) -> None:
    await sell(shop, sale(UUID(ada.id), "5.00", is_paid=True), sale(UUID(ada.id), "7.00"))
    await sell(shop, sale(UUID(bob.id), "100.00", is_paid=True), sale(uuid4(), "100.00"))

    [paid] = await summary(shop, ada, sum="price", is_paid=True)
    [dear] = await summary(shop, ada, sum="price", price_min="6.00")
    assert (paid["sums"]["price"], dear["sums"]["price"]) == ("5.00", "7.00")
    counted = await ada.through(shop).get("/sales/count")
    assert counted.json() == {"groups": [{"count": 2}]}
    assert (await ada.through(shop).get("/sales/count?sum=price")).status_code == 422


async def test_too_many_groups_are_refused(shop: FastAPI, ada: Person) -> None:
    await sell(shop, *(sale(UUID(ada.id), is_paid=not number) for number in range(MOST_GROUPS)))
    assert len(await summary(shop, ada, by="id")) == MOST_GROUPS

    await sell(shop, sale(UUID(ada.id)))
    answer = await ada.through(shop).get("/sales/summary?by=id")
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["query", "by"])
    assert answer.json()["errors"][0]["type"] == "too_many_groups"
    assert len(await summary(shop, ada, by="id", is_paid=True)) == 1


async def test_a_zone_that_only_python_knows_is_refused(
    shop: FastAPI, ada: Person, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.lists.groups.ZONES", {"Mars/Olympus"})
    await sell(shop, sale(UUID(ada.id), sold_at="2030-05-12T12:00:00Z"))
    if kind == "postgresql":  # on SQLite, it is Python that computes days
        answer = await ada.through(shop).get("/sales/summary?by=month&zone=Mars/Olympus")
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["query", "zone"])


async def test_the_document_types_each_group(app: FastAPI, settings: Settings) -> None:
    document = with_routes(settings, router).openapi()
    schemas = document["components"]["schemas"]
    group, sums = schemas["SaleSummaryGroup"], schemas["SaleSummarySums"]

    assert group["required"] == ["count", "sums"]
    assert group["properties"]["shop"]["type"] == ["string", "null"]
    assert group["properties"]["is_paid"]["type"] == "boolean"
    assert group["properties"]["month"]["type"] == ["string", "null"]
    assert sums["properties"]["price"]["type"] == "string"
    assert sums["properties"]["pieces"]["type"] == "integer"
    parameters = {one["name"]: one for one in document["paths"]["/api/v1/sales/summary"]["get"]["parameters"]}
    assert {*parameters} == {"is_paid", "price_min", "by", "sum", "zone"}
    assert (parameters["by"]["style"], parameters["by"]["explode"]) == ("form", False)
    assert parameters["by"]["schema"]["items"]["enum"][:2] == ["shop", "is_paid"]
    counted = document["paths"]["/api/v1/sales/count"]["get"]
    assert not counted.get("parameters")


def declared(**fields: Any) -> Any:
    annotations = {name: kind for name, (kind, _) in fields.items()}
    defaults = {name: default for name, (_, default) in fields.items()}
    return type("Wrong", (SummaryQuery[Sale],), {"__annotations__": annotations, **defaults})


@pytest.mark.parametrize(
    ("field", "names", "said"),
    [
        ("by", Literal["colour"], "Wrong.by names 'colour', which is no column of Sale"),
        ("by", Literal["price"], "Wrong.by names 'price', which makes no groups"),
        ("by", Literal["sold_at"], "name a period: created_month"),
        ("by", Literal["month"], 'Say of which column: `time: ClassVar = "created_at"`'),
        ("by", Literal["shop_month"], "shop is no time and no date"),
        ("by", Literal["lost_month"], "Sale has no time or date of this name"),
        ("sum", Literal["shop"], "Wrong.sum names 'shop': it is no whole number"),
        ("sum", Literal["weight"], "Wrong.sum names 'weight', which is no column"),
    ],
)
def test_what_makes_no_summary_is_refused_at_the_start(field: str, names: Any, said: str) -> None:
    with pytest.raises(TypeError) as refused:
        declared(**{field: (CommaSeparated[names], ())})
    assert said in str(refused.value)


def test_a_filter_has_no_name_of_a_summarys_parameter() -> None:
    class Zoned(Filters[Sale]):
        zone: Annotated[Line | None, By(lambda zone: col(Sale.shop) == zone)] = None

    with pytest.raises(TypeError, match="zone is no filter"):
        type("Wrong", (Zoned, SummaryQuery[Sale]), {})


class Few(SummaryQuery[Sale]):
    by: CommaSeparated[Literal["shop"]] = ()


async def few(query: Annotated[Few, Query()]) -> Summary[Few]:
    raise NotImplementedError


async def one(id: UUID) -> None: ...


def test_a_summary_that_a_row_hides_is_refused_at_the_start() -> None:
    router = Router(prefix="/sales")
    router.get("/summary")(few)
    router.get("/{id}")(one)
    router.post("/{id}/summary")(one)

    router = Router(prefix="/sales")
    router.get("/{id}")(one)
    with pytest.raises(TypeError) as refused:
        router.get("/summary")(few)
    assert "few is never reached: one is declared before it, at /sales/{id}." in str(refused.value)
