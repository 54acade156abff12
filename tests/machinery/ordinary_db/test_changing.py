"""Rows that are changed, deleted and merged."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, func, select

from tests.machinery.ordinary_db import defaults, ladders, models
from tests.machinery.ordinary_db.cases import Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.comparing import person
from tests.machinery.ordinary_db.conftest import Both

pytestmark = marks
m: Any = models
d: Any = defaults
house: Any = ladders
Hero, Team = m.Hero, m.Team
cases = Cases()


@cases
async def change_in_place(session: Any) -> Any:
    one = await session.get(Hero, 1)
    one.age, one.name = 40, one.name.upper()
    return one


@cases
async def change_to_the_same(session: Any) -> Any:
    one = await session.get(d.Changed, 1)
    one.name = "seed"
    return session.is_modified(one)


@cases
async def change_several(session: Any) -> Any:
    for one in (await session.exec(select(Hero).where(col(Hero.age).is_not(None)).order_by(Hero.id))).all():
        one.age += one.id
    return len(session.dirty)


@cases
async def change_the_key(session: Any) -> Any:
    one = await session.get(m.Power, 3)
    one.id = 30


@cases
async def change_by_sqlmodel_update(session: Any) -> Any:
    """As the tutorial has it."""
    one = await session.get(Hero, 1)
    one.sqlmodel_update(m.HeroUpdate(age=40).model_dump(exclude_unset=True))
    session.add(one)
    await session.commit()
    await session.refresh(one)
    return one


@cases
async def change_by_an_expression(session: Any) -> Any:
    one = await session.get(Hero, 3)
    one.age = Hero.age + 1
    await session.flush()
    await session.refresh(one)
    return one.age


@cases
async def change_by_an_expression_at_the_end(session: Any) -> Any:
    one = await session.get(Hero, 3)
    one.age = Hero.age + 1


@cases
async def change_by_a_subquery(session: Any) -> Any:
    one = await session.get(Hero, 3)
    one.age = select(func.max(Hero.age)).scalar_subquery()
    await session.flush()
    await session.refresh(one)
    return one.age


@cases
async def add_with_an_expression(session: Any) -> Any:
    one = Team(name="x", headquarters="y")
    one.headquarters = func.upper("abc")
    session.add(one)
    await session.flush()
    await session.refresh(one)
    return one


@cases
async def delete_a_row(session: Any) -> Any:
    one = await session.get(Team, 3)
    await session.delete(one)
    return one in session, list(session.deleted)


@cases
async def delete_and_look(session: Any) -> Any:
    await session.delete(await session.get(Team, 3))
    return await session.get(Team, 3), (await session.exec(select(func.count(Team.id)))).one()


@cases
async def delete_all(session: Any) -> Any:
    await session.delete_all((await session.exec(select(m.HeroPower))).all())


@cases
async def delete_then_add_again(session: Any) -> Any:
    one = await session.get(Team, 3)
    await session.delete(one)
    await session.flush()
    session.add(Team(id=3, name="Nobody", headquarters="again"))


@cases
async def merge_what_is_there(session: Any) -> Any:
    one = Team(id=3, name="Merged", headquarters="y")
    merged = await session.merge(one)
    return merged is one, one in session, merged


@cases
async def merge_what_is_new(session: Any) -> Any:
    return await session.merge(Team(id=50, name="Merged", headquarters="y"))


@cases
async def merge_without_loading(session: Any) -> Any:
    one = await session.get(Team, 3)
    session.expunge_all()
    merged = await session.merge(one, load=False)
    return merged is one, sa.inspect(merged).modified


@cases
async def merge_all(session: Any) -> Any:
    return await session.merge_all(
        [Team(id=3, name="a", headquarters="y"), Team(id=9, name="b", headquarters="y")]
    )


@cases
async def detached_and_added_again(session: Any) -> Any:
    one = await session.get(Hero, 1)
    session.expunge(one)
    one.age = 41
    session.add(one)


@cases
async def a_row_of_the_house(session: Any) -> Any:
    one = house.OrdinaryThing(name="x", price=Decimal("9.9"), id=UUID(int=8), owner_id=person("ada"))
    session.add(one)
    await session.flush()
    await session.refresh(one)
    return one, one.created_at.tzinfo is not None


@cases
async def rows_of_the_house_changed(session: Any) -> Any:
    query = select(house.OrdinaryThing).order_by(house.OrdinaryThing.id)
    for one in (await session.exec(query)).all():
        one.count += 1
        one.updated_at = datetime(2021, 1, 1, tzinfo=UTC)


@in_every_way
@cases.on_each_engine()
async def test_it_writes_what_plain_sqlmodel_writes(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
