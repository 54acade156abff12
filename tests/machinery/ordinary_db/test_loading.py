"""Relationships as SQLModel's tutorial has them, loaded in every way."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import (
    contains_eager,
    defaultload,
    immediateload,
    joinedload,
    lazyload,
    load_only,
    raiseload,
    selectinload,
    subqueryload,
    with_loader_criteria,
    with_parent,
)
from sqlmodel import select

from tests.machinery.ordinary_db import models
from tests.machinery.ordinary_db.cases import Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.conftest import Both

pytestmark = marks
m: Any = models
Hero, Team, Node, Author = m.Hero, m.Team, m.Node, m.Author
HEROES, TEAMS = select(Hero).order_by(Hero.id), select(Team).order_by(Team.id)
cases = Cases()


def loads(**statements: Any) -> None:
    """A case for each of these statements."""
    for name, statement in statements.items():

        async def act(session: Any, statement: Any = statement) -> Any:
            return (await session.exec(statement)).unique().all()

        cases(act, name=name)


loads(
    selectin_to_one=HEROES.options(selectinload(Hero.team)),
    selectin_to_many=TEAMS.options(selectinload(Team.heroes)),
    selectin_both_ways=TEAMS.options(selectinload(Team.heroes).selectinload(Hero.team)),
    selectin_many_to_many=HEROES.options(selectinload(Hero.powers)),
    selectin_by_criteria=TEAMS.options(selectinload(Team.heroes.and_(Hero.age > 40))),
    selectin_three_steps=HEROES.options(selectinload(Hero.mission_links).selectinload(m.HeroMission.mission)),
    joined_to_one=HEROES.options(joinedload(Hero.team)),
    joined_inner=HEROES.options(joinedload(Hero.team, innerjoin=True)),
    joined_to_many=TEAMS.options(joinedload(Team.heroes)),
    joined_and_selectin=TEAMS.options(joinedload(Team.heroes).selectinload(Hero.powers)),
    joined_with_limit=TEAMS.options(joinedload(Team.heroes)).limit(2),
    subquery_to_many=TEAMS.options(subqueryload(Team.heroes)),
    immediate=HEROES.options(immediateload(Hero.team)),
    load_only=HEROES.options(load_only(Hero.name)),
    load_only_of_related=TEAMS.options(selectinload(Team.heroes).load_only(Hero.name)),
    defaultload=TEAMS.options(selectinload(Team.heroes), defaultload(Team.heroes).load_only(Hero.age)),
    contains_eager=select(Team).join(Team.heroes).where(Hero.age > 40).options(contains_eager(Team.heroes)),
    contains_eager_to_one=HEROES.join(Hero.team).options(contains_eager(Hero.team)),
    loader_criteria=TEAMS.options(selectinload(Team.heroes), with_loader_criteria(Hero, Hero.age > 40)),
    with_parent=select(Hero).where(with_parent(Team(id=2), Team.heroes)),
    selectin_by_default=select(Author).options(lazyload(Author.prizes)).order_by(Author.id),
    both_by_default=select(Author).order_by(Author.id),
    joined_by_default_with_limit=select(Author).order_by(Author.id).limit(2),
    default_overridden=select(Author)
    .options(raiseload(Author.poems), lazyload(Author.prizes))
    .order_by(Author.id),
    author_of_poem=select(m.Poem).options(joinedload(m.Poem.author)).order_by(m.Poem.id),
    adjacency_down=select(Node).where(Node.id == 1).options(selectinload(Node.children, recursion_depth=3)),
    adjacency_up=select(Node)
    .where(Node.id == 4)
    .options(selectinload(Node.parent).selectinload(Node.parent)),
    adjacency_joined=select(Node)
    .where(Node.id == 2)
    .options(joinedload(Node.children), joinedload(Node.parent)),
    entity_and_related=select(Hero, Team)
    .join(Hero.team)
    .options(selectinload(Team.heroes))
    .order_by(Hero.id),
)


@cases(raises="MissingGreenlet")
async def touched_without_loading(session: Any) -> Any:
    return (await session.get(Hero, 1)).team


@cases(raises="MissingGreenlet")
async def list_touched_without_loading(session: Any) -> Any:
    return (await session.get(Team, 1)).heroes


@cases
async def touched_while_it_is_in_the_session(session: Any) -> Any:
    team = await session.get(Team, 2)
    return (await session.get(Hero, 1)).team is team


@cases(raises="InvalidRequestError")
async def raised_when_touched(session: Any) -> Any:
    return (await session.exec(HEROES.options(raiseload("*")))).first().team


@cases
async def get_with_options(session: Any) -> Any:
    return await session.get(Hero, 1, options=[selectinload(Hero.team), selectinload(Hero.powers)])


@cases
async def refreshed(session: Any) -> Any:
    team = await session.get(Team, 1)
    await session.refresh(team, ["heroes"])
    return team


@cases
async def get_with_what_is_loaded_by_default(session: Any) -> Any:
    return await session.get(Author, 1)


@cases
async def loaded_in_run_sync(session: Any) -> Any:
    team = await session.get(Team, 1)
    return await session.run_sync(lambda _: [hero.name for hero in team.heroes])


@cases
async def same_objects_by_each_way(session: Any) -> Any:
    teams = (await session.exec(TEAMS.options(selectinload(Team.heroes)))).all()
    hero = await session.get(Hero, 2)
    return hero in teams[0].heroes, hero.team is teams[0], sa.inspect(hero).persistent


@in_every_way
@cases.on_each_engine()
async def test_a_relationship_does_the_same(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
