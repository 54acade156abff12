"""`session.rows` finds what `session.exec` finds."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Bundle
from sqlmodel import col, func, select, union

from tests.machinery.ordinary_db import ladders, models
from tests.machinery.ordinary_db.cases import Case, marks
from tests.machinery.ordinary_db.conftest import Both

pytestmark = marks
things: Any = ladders
m: Any = models
Thing, Hero, Team = things.OrdinaryThing, m.Hero, m.Team

SELECTS: dict[str, Any] = {
    "entities": select(Thing).order_by(Thing.id),
    "values": select(Thing.name).order_by(Thing.id),
    "two": select(Thing.name, Thing.count).order_by(Thing.id),
    "labelled": select(Thing.name, (col(Thing.count) * 2).label("double")).order_by(Thing.id),
    "grouped": select(Hero.team_id, func.count().label("heroes"))
    .group_by(Hero.team_id)
    .order_by(Hero.team_id),
    "entity and value": select(Thing, Thing.count).order_by(Thing.id),
    "exists": select(sa.exists().where(Thing.count > 0)),
    "literal": select(sa.literal(1)),
    "table": select(Team.__table__).order_by(Team.__table__.c.id),
    "column of a table": select(Team.__table__.c.name).order_by(Team.__table__.c.id),
    "union": union(select(Thing.name), select(Team.name)).order_by("name"),
    "bundle": select(Bundle("both", Thing.name, Thing.count)).order_by(Thing.id),
    "rows of one": sa.select(Thing.name).order_by(Thing.id),
    "rows of entities": sa.select(Thing).order_by(Thing.id),
    "distinct": select(Thing).distinct().order_by(Thing.id),
    "regular expression": select(Thing.name).where(col(Thing.name).regexp_match("^[a-m]")).order_by(Thing.id),
}


def described(found: Any) -> Any:
    """Entities by their ids; rows by their keys and values."""
    if isinstance(found, sa.Row):
        return list(found._mapping.keys()), [described(value) for value in found]
    return (type(found).__name__, found.id) if isinstance(found, Thing) else found


@pytest.mark.parametrize("fast", [True, False], ids=["fast", "slow"])
@pytest.mark.parametrize("name", SELECTS)
async def test_rows_are_those_of_exec(both: Both, fast: bool, name: str) -> None:
    statement, found = SELECTS[name], []

    async def by_rows(session: Any) -> None:
        found.append([described(one) for one in await session.rows(statement)])

    async def by_exec(session: Any) -> None:
        found.append([described(one) for one in (await session.exec(statement)).all()])

    assert (await both.houses[fast].run("GET", Case("rows", by_rows))).is_committed
    await both.plain.run(Case("exec", by_exec))
    assert found[0] == found[1]
    assert found[0]


@pytest.mark.parametrize("fast", [True, False], ids=["fast", "slow"])
async def test_a_row_that_is_found_twice_is_one_object(both: Both, fast: bool) -> None:
    found = []

    async def twice(session: Any) -> None:
        found.extend(await session.rows(select(Thing).join(Team, sa.true()).where(Thing.id == Thing.id)))

    assert (await both.houses[fast].run("GET", Case("twice", twice))).is_committed
    assert len(found) > len({one.id for one in found}) == len({id(one) for one in found}) > 0
