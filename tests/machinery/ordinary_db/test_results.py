"""The methods of a session that read, and what can be done with a result."""

from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Bundle
from sqlmodel import col, func, select

from tests.machinery.ordinary_db import models
from tests.machinery.ordinary_db.cases import Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.conftest import Both

pytestmark = marks
m: Any = models
Hero, Team = m.Hero, m.Team
HEROES = select(Hero).order_by(Hero.id)
NAMES = select(Hero.id, Hero.name).order_by(Hero.id)
cases = Cases()


def reads(**acts: Any) -> None:
    """A case for each of these functions of what is found."""
    for name, (statement, of_result) in acts.items():

        async def act(session: Any, statement: Any = statement, of_result: Any = of_result) -> Any:
            return of_result(await session.exec(statement))

        cases(act, name=name)


reads(
    all=(HEROES, lambda found: found.all()),
    first=(HEROES, lambda found: found.first()),
    first_of_none=(HEROES.where(Hero.id < 0), lambda found: found.first()),
    one=(HEROES.where(Hero.id == 1), lambda found: found.one()),
    one_or_none=(HEROES.where(Hero.id == 1), lambda found: found.one_or_none()),
    one_or_none_of_none=(HEROES.where(Hero.id < 0), lambda found: found.one_or_none()),
    fetchall=(NAMES, lambda found: found.fetchall()),
    fetchmany=(HEROES, lambda found: [found.fetchmany(2), found.fetchmany(3), found.fetchmany(5)]),
    fetchone=(NAMES, lambda found: [found.fetchone(), found.fetchone()]),
    iterated=(HEROES, lambda found: list(found)),
    next=(HEROES, lambda found: [next(found), next(found), found.all()]),
    partitions=(HEROES, lambda found: [list(part) for part in found.partitions(4)]),
    unique=(select(Hero.team_id).order_by(Hero.id), lambda found: found.unique().all()),
    unique_by=(NAMES, lambda found: found.unique(lambda row: row[0] % 3).all()),
    mappings=(NAMES, lambda found: found.mappings().all()),
    scalars=(NAMES, lambda found: found.scalars(1).all()),
    columns=(NAMES, lambda found: found.columns(1, 0).all()),
    keys=(NAMES, lambda found: list(found.keys())),
    scalar_one=(select(Hero.id, Hero.name).where(Hero.id == 1), lambda found: found.scalar_one()),
    row_by_name=(NAMES, lambda found: [(row.id, row.name, row[0]) for row in found]),
    row_by_mapping=(NAMES, lambda found: [dict(row._mapping) for row in found]),
    row_as_dict=(NAMES, lambda found: [row._asdict() for row in found]),
    row_replaced=(NAMES, lambda found: [row._fields for row in found]),
    row_by_entity=(
        select(Hero, Team).join(Team).order_by(Hero.id),
        lambda found: [row.Hero.name for row in found],
    ),
    row_by_column=(NAMES, lambda found: [row._mapping[Hero.name] for row in found]),
    row_by_label=(
        select(func.count(Hero.id).label("total"), func.min(Hero.id)),
        lambda found: found.one().total,
    ),
    bundle_by_name=(
        select(Bundle("b", Hero.id, Hero.name)).where(Hero.id == 1),
        lambda found: found.one().name,
    ),
    closed=(HEROES, lambda found: [found.closed, found.close(), found.closed]),
    frozen=(NAMES, lambda found: found.freeze()().all()),
    sliced=(HEROES, lambda found: found.all()[1:3]),
    row_unpacked=(NAMES, lambda found: [f"{id}{name}" for id, name in found]),
)


@cases(raises="MultipleResultsFound")
async def one_of_many(session: Any) -> Any:
    return (await session.exec(HEROES)).one()


@cases(raises="NoResultFound")
async def one_of_none(session: Any) -> Any:
    return (await session.exec(HEROES.where(Hero.id < 0))).one()


@cases(raises="MultipleResultsFound")
async def one_or_none_of_many(session: Any) -> Any:
    return (await session.exec(NAMES)).one_or_none()


@cases(raises="AttributeError")
async def row_without_such_a_name(session: Any) -> Any:
    return (await session.exec(NAMES)).first().age


@cases(raises="ProgrammingError", only="postgresql")
async def no_such_table(session: Any) -> Any:
    return (await session.exec(text("SELECT * FROM nowhere"))).all()


@cases(raises="InvalidRequestError")
async def unique_that_is_demanded(session: Any) -> Any:
    return (await session.exec(select(m.Author))).all()


@cases
async def get(session: Any) -> Any:
    return [await session.get(Hero, 1), await session.get(Hero, 77), await session.get(m.HeroMission, (1, 2))]


@cases
async def get_by_names(session: Any) -> Any:
    return await session.get(m.HeroMission, {"hero_id": 1, "mission_id": 2})


@cases
async def get_one(session: Any) -> Any:
    return await session.get_one(Hero, 1)


@cases(raises="NoResultFound")
async def get_one_of_none(session: Any) -> Any:
    return await session.get_one(Hero, 77)


@cases
async def execute(session: Any) -> Any:
    found = await session.execute(HEROES)
    return found.scalars().all(), (await session.execute(NAMES)).mappings().first()


@cases
async def session_scalars(session: Any) -> Any:
    return (await session.scalars(HEROES)).all(), (await session.scalars(NAMES)).first()


@cases
async def session_scalar(session: Any) -> Any:
    none = await session.scalar(HEROES.where(Hero.id < 0))
    return await session.scalar(select(func.count(Hero.id))), await session.scalar(HEROES), none


@cases
async def stream(session: Any) -> Any:
    found = await session.stream(NAMES)
    return [row async for row in found]


@cases
async def stream_scalars(session: Any) -> Any:
    found = await session.stream_scalars(HEROES)
    return [part async for part in found.partitions(4)]


@cases
async def stream_one_by_one(session: Any) -> Any:
    found = await session.stream(HEROES.execution_options(yield_per=2))
    return await found.fetchone(), await found.fetchmany(3), await found.scalars().all()


@cases
async def yield_per(session: Any) -> Any:
    found = await session.exec(HEROES, execution_options={"yield_per": 2})
    return list(islice(found, 10))  # `partitions` would give the first of them for ever


@cases
async def plain_text(session: Any) -> Any:
    found = await session.exec(text("SELECT name, age FROM ordinary_hero WHERE id = :id"), params={"id": 3})
    return [(row.name, row.age) for row in found]


@cases
async def text_executed(session: Any) -> Any:
    return (await session.execute(text("SELECT count(*) FROM ordinary_hero"))).scalar_one()


@cases
async def run_sync(session: Any) -> Any:
    def act(session: Any, more: int) -> Any:
        hero = session.exec(HEROES).first()
        return hero.team.name, [one.name for one in hero.team.heroes], more

    return await session.run_sync(act, 5)


@cases
async def execution_options(session: Any) -> Any:
    found = await session.exec(HEROES.execution_options(populate_existing=True, anything=1))
    return found.all()


@cases
async def with_for_update(session: Any) -> Any:
    return (await session.exec(HEROES.where(Hero.id == 1).with_for_update())).one()


@cases
async def get_with_for_update(session: Any) -> Any:
    return await session.get(Hero, 1, with_for_update={"nowait": True})


@cases
async def result_read_after_another(session: Any) -> Any:
    first, second = await session.exec(HEROES), await session.exec(NAMES.where(col(Hero.id) > 4))
    return second.all(), first.all()


@cases
async def page_written_as_json(session: Any) -> Any:
    return [sorted(hero.model_dump().items()) for hero in (await session.exec(HEROES)).all()]


@in_every_way
@cases.on_each_engine()
async def test_a_result_is_the_same(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
