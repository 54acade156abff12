"""Products: everybody looks, staff sells, and stock never goes below nothing."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.support.make import make_product
from tests.support.people import Person

pytestmark = pytest.mark.anyio


async def test_prices_are_exact_decimals(staff: Person, client: AsyncClient) -> None:
    product = await make_product(staff, price="1234567890.10")

    assert product["price"] == "1234567890.10"
    assert (await client.get(f"/products/{product['id']}")).json() == product
    for price in ("-0.01", "1.999", "NaN", "10000000000.00"):
        assert (await staff.patch(f"/products/{product['id']}", json={"price": price})).status_code == 422, (
            price
        )


async def test_forty_who_take_one_of_ten_get_ten(app: FastAPI, replica: FastAPI, staff: Person) -> None:
    path = f"/products/{(await make_product(staff, quantity=10))['id']}"
    buyers = [staff.through(way) for way in [app, replica] * 20]

    answers = await asyncio.gather(*(buyer.post(f"{path}/stock", json={"change": -1}) for buyer in buyers))

    assert Counter((a.status_code, a.json().get("code")) for a in answers) == {
        (200, None): 10,
        (409, "out_of_stock"): 30,
    }
    assert (await staff.get(path)).json()["quantity"] == 0


async def test_stock_comes_in_up_to_what_can_be_counted(staff: Person) -> None:
    path = f"/products/{(await make_product(staff, quantity=1))['id']}"

    assert (await staff.post(f"{path}/stock", json={"change": 5})).json()["quantity"] == 6
    assert (await staff.post(f"{path}/stock", json={"change": 2_000_000_000})).json()["code"] == "overstocked"
    assert (await staff.post(f"{path}/stock", json={"change": 2**40})).status_code == 422


async def test_a_retried_delivery_counts_once(staff: Person) -> None:
    path, other = [f"/products/{(await make_product(staff, quantity=1))['id']}" for _ in range(2)]
    delivery: dict[str, Any] = {"json": {"change": 5}, "headers": {"Idempotency-Key": "delivery-7"}}

    for _ in range(3):
        answer = await staff.post(f"{path}/stock", **delivery)
        assert (answer.status_code, answer.json()["quantity"]) == (200, 6)

    assert (await staff.get(path)).json()["quantity"] == 6
    assert (await staff.post(f"{other}/stock", **delivery)).json()["code"] == "key_reused"


async def test_customers_only_look(staff: Person, ada: Person, client: AsyncClient) -> None:
    product = await make_product(staff)
    path = f"/products/{product['id']}"

    for someone, refusal in ((client, 401), (ada, 403)):
        assert (await someone.get("/products")).json()["items"] == [product]
        for answer in (
            await someone.post("/products", json={"name": "x", "price": "1"}),
            await someone.patch(path, json={"price": "1"}),
            await someone.post(f"{path}/stock", json={"change": 1}),
            await someone.delete(path),
        ):
            assert answer.status_code == refusal


async def test_products_are_found_by_price(staff: Person, client: AsyncClient) -> None:
    for name, price in (("a", "1.00"), ("b", "5.00"), ("c", "9.99")):
        await make_product(staff, name=name, price=price)

    query = {"price_min": "1.01", "price_max": "9.99", "sort": "price", "order": "asc"}
    assert [p["name"] for p in (await client.get("/products", params=query)).json()["items"]] == ["b", "c"]
