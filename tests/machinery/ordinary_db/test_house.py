"""What the house says over HTTP of rows that are written, and what it keeps of statements that come once."""

from typing import Any, cast

import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute
from httpx import ASGITransport, AsyncClient
from sqlmodel import select

from tests.machinery.ordinary_db.cases import Case, marks
from tests.machinery.ordinary_db.conftest import Both
from tests.machinery.ordinary_db.house import Router, cached, create_app, settings_for
from tests.machinery.ordinary_db.kinds import KINDS
from tests.machinery.ordinary_db.ladders import OrdinaryThing, OrdinaryThingUpdate
from tests.machinery.ordinary_db.routes import serve

pytestmark = marks
Thing: Any = OrdinaryThing
STAMPS = {"updated_at", "version"}  # what each change changes
PATH = "/served/ordinary_things"
each_path = pytest.mark.parametrize("fast", [True, False], ids=["fast", "slow"])


@each_path
@pytest.mark.parametrize("price", ["9.9", "9", "9.90", "0.5", "1E+2"])
async def test_what_post_answers_is_the_state_that_is_changed(both: Both, fast: bool, price: str) -> None:
    house = both.houses[fast]
    made = await house.client.post(PATH, json={"name": "x", "price": price})
    assert made.status_code == 201, made.text
    path = f"{PATH}/{made.json()['id']}"
    got = await house.client.get(path)
    assert (made.text, made.headers["etag"]) == (got.text, got.headers["etag"])

    changed = await house.client.patch(
        path, json={"price": "7.5"}, headers={"If-Match": made.headers["etag"]}
    )
    assert changed.status_code == 200, changed.text
    got = await house.client.get(path)
    assert (changed.text, changed.headers["etag"]) == (got.text, got.headers["etag"])
    assert got.json()["price"] == "7.50"

    gone = await house.client.delete(path, headers={"If-Match": changed.headers["etag"]})
    assert gone.status_code == 204, gone.text
    assert house.storage.changes() == {}


@each_path
@pytest.mark.parametrize(
    "body", [{"name": "new"}, {"remark": None}, {"remark": "r", "count": 5}, {}], ids=str
)
async def test_a_patch_changes_what_it_names(both: Both, fast: bool, body: dict[str, Any]) -> None:
    house = both.houses[fast]
    path = f"{PATH}/{(await house.client.post(PATH, json={'name': 'x', 'remark': 'old'})).json()['id']}"
    before = (await house.client.get(path)).json()
    after = (await house.client.patch(path, json=body)).json()
    assert (await house.client.get(path)).json() == after
    assert {name for name in before if before[name] != after[name]} - STAMPS == set(body)
    house.storage.changes()


def test_an_absent_field_of_an_update_is_nothing() -> None:
    body: Any = OrdinaryThingUpdate.model_validate({"name": "x"})
    assert not body.remark
    assert not body.price
    assert body.model_dump(exclude_unset=True) == {"name": "x"}
    assert body.model_fields_set == {"name"}


@each_path
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_statements_that_come_once_are_not_kept(both: Both, fast: bool, method: str) -> None:
    async def ask(number: int) -> Any:
        names = [sa.literal(number).label(f"n{number}_{part}") for part in range(1 + number % 7)]

        async def act(session: Any) -> Any:
            statement = select(Thing.name, *names).where(Thing.count != number).order_by(Thing.id)
            return (await session.exec(statement)).all(), (
                await session.exec(select(Thing).where(Thing.name != f"n{number}"))
            ).all()

        return await both.houses[fast].run(method, Case("once", act))

    for number in range(10):
        assert (await ask(number)).is_committed
    before = cached()
    for number in range(1000, 1060):
        await ask(number)
    grown = {name: size - before.get(name, 0) for name, size in cached().items()}
    assert {name: size for name, size in grown.items() if size > 20} == {}


async def test_every_type_is_in_the_document() -> None:
    names = {"float", "float_column", "numeric_float", "double", "numeric", "json", "enum"}
    kinds = [kind for kind in KINDS if kind.name in names]
    assert len(kinds) == len(names)
    app = create_app(settings_for("sqlite+aiosqlite:///unused.db", fast_path=True))
    for kind in kinds:
        router = Router(prefix=f"/api/v1/{kind.name}")
        serve(router, kind.model, kind.public, kind.create, None)
        for route in cast(
            list[APIRoute], router.routes
        ):  # whose functions have the same names for every type
            route.operation_id = f"{kind.name}_{route.name}"
        app.include_router(router)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        answer = await client.get("/api/v1/openapi.json")
    await app.state.database.close()
    assert answer.status_code == 200, answer.text
    schemas = answer.json()["components"]["schemas"]
    assert [kind.name for kind in kinds if "value" not in schemas[kind.public.__name__]["properties"]] == []
