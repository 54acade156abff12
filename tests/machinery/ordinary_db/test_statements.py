"""INSERT, UPDATE and DELETE as statements: with RETURNING, in bulk, on conflict."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, func, insert, select, update

from tests.machinery.ordinary_db import defaults, mapped, models
from tests.machinery.ordinary_db.cases import Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.conftest import Both

pytestmark = marks
m: Any = models
d: Any = defaults
Hero, Team = m.Hero, m.Team
cases = Cases()
ROWS = [{"name": name, "headquarters": name * 2} for name in "abc"]


def upsert(session: Any, model: Any) -> Any:
    dialect: Any = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name]
    return dialect.insert(model)


@cases
async def insert_values(session: Any) -> Any:
    found = await session.exec(insert(Team).values(name="x", headquarters="y"))
    return found.inserted_primary_key, found.rowcount


@cases
async def insert_many(session: Any) -> Any:
    await session.exec(insert(Team), params=ROWS)
    return (await session.exec(select(func.count(Team.id)))).one()


@cases
async def insert_returning(session: Any) -> Any:
    return (await session.exec(insert(Team).values(ROWS[0]).returning(Team))).one()


@cases
async def insert_many_returning(session: Any) -> Any:
    statement = insert(Team).returning(Team.id, Team.name, sort_by_parameter_order=True)
    return (await session.exec(statement, params=ROWS)).all()


@cases
async def insert_scalars_returning(session: Any) -> Any:
    rows = (await session.scalars(insert(Team).returning(Team), ROWS)).all()
    return [row.name for row in rows], [row in session for row in rows]


@cases
async def insert_from_select(session: Any) -> Any:
    names = select(Hero.name, Hero.secret_name).where(Hero.id < 3)
    await session.exec(insert(Team).from_select(["name", "headquarters"], names))


@cases
async def insert_many_in_one_statement(session: Any) -> Any:
    await session.exec(insert(Team).values(ROWS))


@cases
async def insert_with_defaults(session: Any) -> Any:
    found = await session.exec(insert(d.Made).values(name="x", by_field=1).returning(d.Made))
    return found.one()


@cases
async def insert_joined_inheritance(session: Any) -> Any:
    engineers: Any = mapped.Engineer
    await session.execute(insert(engineers), [{"name": "Ada", "language": "none"}])


@cases
async def update_where(session: Any) -> Any:
    found = await session.exec(update(Hero).where(col(Hero.age) > 40).values(age=1))
    return found.rowcount


@cases
async def update_loaded_rows(session: Any) -> Any:
    one = await session.get(Hero, 3)
    await session.exec(update(Hero).where(Hero.id == 3).values(name="Other"))
    return one.name


@cases
async def update_without_synchronizing(session: Any) -> Any:
    one = await session.get(Hero, 3)
    statement = update(Hero).where(Hero.id == 3).values(name="Other")
    await session.exec(statement, execution_options={"synchronize_session": False})
    return one.name


@cases
async def update_by_fetching(session: Any) -> Any:
    one = await session.get(Hero, 3)
    statement = update(Hero).where(func.length(Hero.name) > 5).values(name=Hero.name + "!")
    await session.exec(statement, execution_options={"synchronize_session": "fetch"})
    await session.refresh(one)
    return one.name


@cases
async def update_returning(session: Any) -> Any:
    statement = update(Hero).where(col(Hero.age) > 40).values(age=Hero.age + 1).returning(Hero)
    return sorted(hero.age for hero in (await session.exec(statement)).scalars())


@cases
async def update_returning_columns(session: Any) -> Any:
    statement = update(Hero).where(Hero.id == 3).values({Hero.age: 1}).returning(Hero.id, Hero.age)
    return (await session.exec(statement)).all()


@cases
async def update_by_primary_key(session: Any) -> Any:
    await session.exec(update(Hero), params=[{"id": 1, "age": 11}, {"id": 2, "age": 12}])
    return (await session.exec(select(Hero.age).where(col(Hero.id) < 3).order_by(Hero.id))).all()


@cases
async def update_with_onupdate(session: Any) -> Any:
    await session.exec(update(d.Changed).values(number=5))
    return (await session.exec(select(d.Changed))).all()


@cases
async def update_from_another_table(session: Any) -> Any:
    statement = update(Hero).where(Hero.team_id == Team.id, Team.name == "Z-Force").values(age=Team.id)
    await session.exec(statement.execution_options(synchronize_session=False))


@cases
async def update_nothing(session: Any) -> Any:
    return (await session.exec(update(Hero).where(Hero.id == -1).values(age=1))).rowcount


@cases
async def delete_where(session: Any) -> Any:
    one = await session.get(Hero, 5)
    found = await session.exec(delete(Hero).where(Hero.id == 5))
    return found.rowcount, one in session, await session.get(Hero, 5)


@cases
async def delete_returning(session: Any) -> Any:
    return (
        await session.exec(
            delete(m.HeroPower).where(m.HeroPower.hero_id == 2).returning(m.HeroPower.power_id)
        )
    ).all()


@cases
async def delete_in_select(session: Any) -> Any:
    those = select(Hero.id).where(Hero.name == "Deadpond")
    return (await session.exec(delete(m.HeroMission).where(col(m.HeroMission.hero_id).in_(those)))).rowcount


@cases
async def on_conflict_do_nothing(session: Any) -> Any:
    statement = upsert(session, Team).values(name="Preventers", headquarters="new").on_conflict_do_nothing()
    return (await session.exec(statement.returning(Team.id))).all()


@cases
async def on_conflict_do_update(session: Any) -> Any:
    statement = upsert(session, Team).values([{"name": "Preventers", "headquarters": "new"}, *ROWS])
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_={"headquarters": statement.excluded.headquarters}
    )
    found = await session.exec(statement.returning(Team), execution_options={"populate_existing": True})
    return sorted(team.headquarters for team in found.scalars())


@cases
async def core_insert(session: Any) -> Any:
    found = await session.execute(sa.insert(Team.__table__).values(name="x", headquarters="y"))
    return found.inserted_primary_key


@cases
async def core_update_and_delete(session: Any) -> Any:
    await session.execute(sa.update(Hero.__table__).values(age=1).where(Hero.__table__.c.id == 1))
    await session.execute(sa.delete(m.Power.__table__).where(m.Power.__table__.c.id == 3))


@cases
async def bulk_methods(session: Any) -> Any:
    def act(session: Any) -> None:
        session.bulk_insert_mappings(Team, ROWS)
        session.bulk_update_mappings(Hero, [{"id": 1, "age": 11}])
        session.bulk_save_objects([Hero(name="x", secret_name="y")])

    await session.run_sync(act)


@cases
async def a_cte_that_writes(session: Any) -> Any:
    if session.get_bind().dialect.name != "postgresql":
        return None
    made = insert(Team).values(ROWS[0]).returning(Team.name).cte("made")
    return (await session.exec(select(made.c.name))).all()


@in_every_way
@cases.on_each_engine()
async def test_a_statement_writes_the_same(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
