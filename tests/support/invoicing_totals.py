"""What the invoices of docs/invoicing.md promise, for a copy that has them; see test_readme.py."""

import asyncio
from decimal import Decimal

import pytest

from tests.support.make import Made, make, make_team
from tests.support.people import Person

pytestmark = pytest.mark.anyio


async def make_invoice(person: Person, team: Made, **fields: object) -> Made:
    number = {"team_id": team["id"], "number": "2030-1", "issued_on": "2030-05-03"}
    return await make(person, "/invoices", **number, **fields)


async def test_the_total_is_the_sum_of_the_lines_however_many_change_at_once(ada: Person) -> None:
    first = [{"text": f"Line {n}", "amount": f"{n}.50"} for n in range(20)]
    invoice = await make_invoice(ada, await make_team(ada), lines=first)
    at = f"/invoices/{invoice['id']}"
    lines = (await ada.get(at, params={"expand": "lines"})).json()["lines"]
    assert Decimal(invoice["total"]) == sum(Decimal(line["amount"]) for line in lines) == 200

    answers = await asyncio.gather(
        *(ada.patch(f"{at}/lines/{line['id']}", json={"amount": "3.25"}) for line in lines[:15]),
        *(ada.delete(f"{at}/lines/{line['id']}") for line in lines[15:]),
        *(ada.post(f"{at}/lines", json={"text": "More", "amount": f"{n}.01"}) for n in range(20)),
    )

    assert [answer.status_code for answer in answers] == [200] * 15 + [204] * 5 + [201] * 20
    now = (await ada.get(at, params={"expand": "lines"})).json()
    assert Decimal(now["total"]) == sum(Decimal(line["amount"]) for line in now["lines"])
    assert Decimal(now["total"]) == 15 * Decimal("3.25") + sum(n + Decimal("0.01") for n in range(20))
    assert [line["position"] for line in now["lines"]] == [*range(35)]


async def test_an_invoice_names_only_what_its_team_has(ada: Person) -> None:
    here, there = await make_team(ada), await make_team(ada)
    theirs = {"team_id": there["id"], "external_id": "c-1", "name": "Bo", "city": "Bern"}
    customer = await make(ada, "/customers", **theirs)
    tag = await make(ada, "/tags", team_id=there["id"], name="late")
    body = {"team_id": here["id"], "number": "1", "issued_on": "2030-05-03"}

    for wrong in ({"customer_id": customer["id"]}, {"tag_ids": [tag["id"]]}):
        assert (await ada.post("/invoices", json=body | wrong)).status_code == 422
    invoice = await make_invoice(ada, here)
    changed = await ada.patch(f"/invoices/{invoice['id']}", json={"customer_id": customer["id"]})
    assert changed.status_code == 422
    known = await make_invoice(ada, there, customer_id=customer["id"], tag_ids=[tag["id"]])
    for query in ({"customer_city": "Bern"}, {"tag_id": tag["id"]}, {"team_id": there["id"]}):
        items = (await ada.get("/invoices", params=query)).json()["items"]
        assert [one["id"] for one in items] == [known["id"]], query


async def test_invoices_are_paid_after_they_are_sent_and_add_up_to_totals(ada: Person) -> None:
    invoice = await make_invoice(ada, await make_team(ada), lines=[{"text": "Work", "amount": "12.50"}])
    answers = [
        await ada.patch(f"/invoices/{invoice['id']}", json={"status": status})
        for status in ("paid", "sent", "paid")
    ]

    assert [answer.status_code for answer in answers] == [409, 200, 200]
    summary = (await ada.get("/invoices/summary", params={"by": "status,month", "sum": "total"})).json()
    paid = {"status": "paid", "month": "2030-05-01", "count": 1, "sums": {"total": "12.50"}}
    assert summary["groups"] == [paid]
