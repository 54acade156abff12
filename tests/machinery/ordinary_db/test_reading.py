"""Selects of every form, read by `exec`."""

from typing import Any

from sqlalchemy import (
    and_,
    case,
    cast,
    exists,
    literal,
    literal_column,
    null,
    or_,
    text,
    true,
    tuple_,
    union,
    union_all,
    values,
)
from sqlalchemy import column as sa_column
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Bundle, aliased
from sqlmodel import Integer, String, bindparam, col, func, not_, select

from tests.machinery.ordinary_db import models
from tests.machinery.ordinary_db.cases import Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.conftest import Both

pytestmark = marks
m: Any = models
Hero, Team, Mission = m.Hero, m.Team, m.Mission
cases = Cases()


def reads(**statements: Any) -> None:
    """A case for each of these statements."""
    for name, statement in statements.items():

        async def act(session: Any, statement: Any = statement) -> Any:
            return (await session.exec(statement)).all()

        cases(act, name=name)


old, young = aliased(Hero, name="old"), aliased(Hero)
others = select(Team.id, func.count(Hero.id).label("size")).join(Hero).group_by(Team.id).subquery()
grown = select(Hero).where(Hero.age > 33).cte("grown")
tree = select(m.Node).where(m.Node.id == 1).cte("tree", recursive=True)
below = aliased(m.Node)
tree = tree.union_all(select(below).join(tree, below.parent_id == tree.c.id))
counted = select(func.count(Hero.id)).where(Hero.team_id == Team.id).correlate(Team).scalar_subquery()
by_team = {"partition_by": Hero.team_id, "order_by": Hero.id}

reads(
    entity=select(Hero).order_by(Hero.id),
    entity_twice=select(Hero, Hero).order_by(Hero.id),
    two_entities=select(Hero, Team).where(Hero.team_id == Team.id).order_by(Hero.id),
    column=select(Hero.name).order_by(Hero.name),
    two_columns=select(Hero.id, Hero.age).order_by(Hero.id),
    entity_and_column=select(Hero, Team.name).join(Team).order_by(Hero.id),
    column_called_otherwise=select(Mission.title).order_by(Mission.id),
    labels=select(func.count(Hero.id).label("total"), func.max(Hero.age).label("oldest")),
    one_label=select(func.count(Hero.id).label("total")),
    table=select(Hero.__table__).order_by(Hero.id),
    table_column=select(Hero.__table__.c.name).order_by(Hero.id),
    alias=select(old).where(old.age > 40).order_by(old.id),
    two_aliases=select(old, young).join(young, old.age > young.age).order_by(old.id, young.id),
    aliased_column=select(old.name, young.name).join(young, old.age > young.age).order_by(old.id, young.id),
    join=select(Hero).join(Team).where(Team.name == "Preventers").order_by(Hero.id),
    join_by_relationship=select(Hero.name).join(Hero.team).order_by(Hero.id),
    join_many_to_many=select(Hero.name, m.Power.name).join(Hero.powers).order_by(Hero.id, m.Power.id),
    outer_join=select(Hero, Team).join(Team, isouter=True).order_by(Hero.id),
    outer_join_two_steps=select(Team.name, Hero.name).outerjoin(Team.heroes).order_by(Team.id, Hero.id),
    select_from=select(func.count()).select_from(Hero),
    select_from_join=select(Team).select_from(Hero).join(Hero.team).distinct().order_by(Team.id),
    cross_join=select(Team.id, m.Power.id).join(m.Power, true()).order_by(Team.id, m.Power.id),
    subquery=select(Team, others.c.size).join(others, others.c.id == Team.id).order_by(Team.id),
    entity_from_subquery=select(aliased(Hero, select(Hero).where(Hero.id > 4).subquery())),
    scalar_subquery=select(Team.name, counted.label("size")).order_by(Team.id),
    cte=select(grown.c.name).order_by(grown.c.id),
    entity_from_cte=select(aliased(Hero, grown)).order_by(grown.c.id),
    recursive_cte=select(tree.c.name).order_by(tree.c.id),
    exists=select(Team.name).where(exists().where(Hero.team_id == Team.id)).order_by(Team.id),
    exists_as_value=select(exists().where(Hero.age > 90)),
    any_of_relationship=select(Team.name).where(Team.heroes.any(Hero.age > 40)),
    has_relationship=select(Hero.name).where(Hero.team.has(name="Z-Force")),
    in_=select(Hero.name).where(col(Hero.id).in_([1, 3, 5])).order_by(Hero.id),
    in_nothing=select(Hero.name).where(col(Hero.id).in_([])),
    not_in=select(Hero.name).where(col(Hero.id).not_in([1, 3, 5])).order_by(Hero.id),
    in_select=select(Hero.name)
    .where(col(Hero.team_id).in_(select(Team.id).where(Team.id < 2)))
    .order_by(Hero.id),
    tuple_in=select(Hero.name).where(tuple_(Hero.id, Hero.team_id).in_([(1, 2), (2, 2)])),
    union=union(select(Hero.name), select(Team.name)).order_by("name"),
    union_all=union_all(select(Hero.id), select(Team.id)).order_by("id"),
    entity_from_union=select(Hero).from_statement(
        select(Hero).where(Hero.id == 1).union(select(Hero).where(Hero.id == 2)).order_by("id")
    ),
    group_by=select(Hero.team_id, func.count(Hero.id)).group_by(Hero.team_id).order_by(func.count(Hero.id)),
    having=select(Hero.team_id).group_by(Hero.team_id).having(func.count(Hero.id) > 2),
    distinct=select(Hero.team_id).distinct().order_by(Hero.team_id),
    limit=select(Hero).order_by(Hero.id).limit(2),
    limit_offset=select(Hero).order_by(Hero.id).limit(2).offset(1),
    order_by_desc=select(Hero.name).order_by(col(Hero.age).desc().nulls_last(), Hero.name),
    func=select(func.lower(Hero.name)).order_by(Hero.id),
    func_typed=select(func.sum(Hero.age), func.avg(Hero.age), func.coalesce(Hero.age, 0))
    .group_by(Hero.age, Hero.id)
    .order_by(Hero.id),
    case=select(case((Hero.age > 40, "old"), (Hero.age.is_(None), null()), else_="young")).order_by(Hero.id),
    case_by_value=select(case({1: "one", 2: "two"}, value=Hero.id, else_="many")).order_by(Hero.id),
    literal=select(literal(1), literal("a").label("letter"), literal(None)),
    literal_column=select(literal_column("'x'", String).label("x"), Hero.id).order_by(Hero.id),
    cast=select(cast(Hero.id, String)).order_by(Hero.id),
    window=select(Hero.name, func.row_number().over(**by_team).label("place")).order_by(Hero.id),
    window_filtered=select(func.count(Hero.id).filter(Hero.age > 40)),
    bundle=select(Bundle("hero", Hero.id, Hero.name)).order_by(Hero.id),
    and_or_not=select(Hero.id)
    .where(or_(and_(Hero.id > 1, Hero.id < 3), not_(Hero.id < 6)))
    .order_by(Hero.id),
    like=select(Hero.name)
    .where(col(Hero.name).ilike("%MAN%") | col(Hero.name).contains("%"))
    .order_by(Hero.id),
    arithmetic=select(Hero.age + 1, -Hero.age, Hero.age % 10, Hero.name + "!").order_by(Hero.id),
    compared=select(Hero.age > 40, Hero.age.is_(None), Hero.name == "Deadpond").order_by(Hero.id),
    filter_by=select(Hero).filter_by(name="Deadpond"),
    column_by_table_name=select(Hero.id.label("ordinary_hero_id"), Team.id).join(Team).order_by(Hero.id),
    same_name_twice=select(Hero.name, Team.name).join(Team).order_by(Hero.id),
    text_with_columns=select(Hero).from_statement(text("SELECT * FROM ordinary_hero ORDER BY id DESC")),
    text_columns=select(Mission).from_statement(
        text("SELECT id, headline FROM ordinary_mission ORDER BY id").columns(Mission.id, Mission.title)
    ),
    nothing_found=select(Hero).where(Hero.id == -1),
    quoted=select(Hero.name.label("a:b %(c)s ?")).where(Hero.name != "100% ' ? :x").order_by(Hero.id),
)


@cases
async def parameters(session: Any) -> Any:
    statement = select(Hero.name).where(Hero.id == bindparam("id"))
    return [(await session.exec(statement, params={"id": id})).one() for id in (1, 2)]


@cases
async def parameters_of_in(session: Any) -> Any:
    statement = select(Hero.id).where(col(Hero.id).in_(bindparam("ids", expanding=True))).order_by(Hero.id)
    return [(await session.exec(statement, params={"ids": ids})).all() for ids in ([1], [2, 3, 4], [])]


@cases
async def same_form_with_other_values(session: Any) -> Any:
    return [(await session.exec(select(Hero).where(Hero.id == id))).all() for id in (1, 2, -1)]


@cases(only="postgresql")
async def distinct_by(session: Any) -> Any:
    statement = select(Hero.team_id, Hero.name).ext(distinct_on(Hero.team_id))
    return (await session.exec(statement.order_by(Hero.team_id, Hero.name))).all()


@cases(only="postgresql")
async def values_as_table(session: Any) -> Any:
    listed = values(sa_column("n", Integer), name="v").data([(1,), (2,)])
    return (
        await session.exec(select(listed.c.n, Hero.name).join(Hero, Hero.id == listed.c.n).order_by("n"))
    ).all()


@cases(only="postgresql")
async def lateral(session: Any) -> Any:
    newest = select(Hero.name).where(Hero.team_id == Team.id).order_by(Hero.id.desc()).limit(1).lateral()
    return (await session.exec(select(Team.name, newest.c.name).join(newest, true()).order_by(Team.id))).all()


@cases(only="postgresql")
async def array_aggregated(session: Any) -> Any:
    return (await session.exec(select(func.array_agg(Hero.id)).where(Hero.team_id == 1))).one()


@in_every_way
@cases.on_each_engine()
async def test_a_select_finds_the_same(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
