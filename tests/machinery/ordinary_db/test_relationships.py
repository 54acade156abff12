"""Relationships that are written: by object, in lists, by links; and what goes with a row that goes."""

from typing import Any

from sqlalchemy.orm import (
    selectinload,
)
from sqlmodel import col, select

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


@cases
async def add_by_object(session: Any) -> Any:
    team = Team(name="x", headquarters="y")
    hero = Hero(name="a", secret_name="b", team=team)
    session.add(hero)
    return team in session, team.heroes == [hero]


@cases
async def add_by_object_then_commit(session: Any) -> Any:
    hero = Hero(name="a", secret_name="b", team=Team(name="x", headquarters="y"))
    session.add(hero)
    await session.commit()
    return hero.team_id, hero.team.name


@cases
async def add_in_a_list(session: Any) -> Any:
    session.add(Team(name="x", headquarters="y", heroes=[Hero(name=name, secret_name="s") for name in "ab"]))


@cases
async def append(session: Any) -> Any:
    team = (await session.exec(TEAMS.options(selectinload(Team.heroes)))).first()
    team.heroes.append(Hero(name="a", secret_name="b"))
    await session.flush()
    return [(hero.name, hero.team_id) for hero in team.heroes]


@cases
async def move_to_another(session: Any) -> Any:
    ours, theirs, _ = (await session.exec(TEAMS.options(selectinload(Team.heroes)))).all()
    theirs.heroes[0].team = ours
    return len(ours.heroes), len(theirs.heroes)


@cases
async def remove_from_a_list(session: Any) -> Any:
    team = await session.get(Team, 1, options=[selectinload(Team.heroes)])
    team.heroes.remove(await session.get(Hero, 2))
    await session.flush()
    return (await session.get(Hero, 2)).team_id


@cases
async def set_to_none(session: Any) -> Any:
    hero = await session.get(Hero, 1, options=[selectinload(Hero.team)])
    hero.team = None


@cases
async def set_by_a_loaded_object(session: Any) -> Any:
    hero = await session.get(Hero, 1)
    hero.team = await session.get(Team, 3)
    await session.flush()
    return hero.team_id


@cases
async def backref_before_a_flush(session: Any) -> Any:
    team, hero = Team(name="x", headquarters="y"), Hero(name="a", secret_name="b")
    team.heroes.append(hero)
    return hero.team is team


@cases
async def link(session: Any) -> Any:
    hero = await session.get(Hero, 3, options=[selectinload(Hero.powers)])
    hero.powers.append(await session.get(m.Power, 3))
    hero.powers.append(m.Power(name="Money"))


@cases
async def unlink(session: Any) -> Any:
    hero = await session.get(Hero, 2, options=[selectinload(Hero.powers)])
    hero.powers.pop()


@cases
async def link_with_a_field(session: Any) -> Any:
    hero = await session.get(Hero, 4)
    session.add(m.HeroMission(hero=hero, mission=m.Mission(title="New"), is_training=True))


@cases
async def change_of_a_link(session: Any) -> Any:
    links = (
        select(m.HeroMission).where(m.HeroMission.hero_id == 1).options(selectinload(m.HeroMission.mission))
    )
    for one in (await session.exec(links)).all():
        one.is_training = one.mission.title == "Save the world"


@cases
async def adjacency_grown(session: Any) -> Any:
    leaf = await session.get(Node, 4)
    session.add(Node(name="new", parent=leaf, children=[Node(name="newer")]))


@cases
async def cascade_delete(session: Any) -> Any:
    await session.delete(await session.get(m.Album, 1))


@cases
async def orphan(session: Any) -> Any:
    album = await session.get(m.Album, 1, options=[selectinload(m.Album.tracks)])
    del album.tracks[0]


@cases
async def ondelete_set_null(session: Any) -> Any:
    await session.delete(await session.get(m.Shelf, 1))
    await session.flush()
    return (await session.exec(select(m.Book.shelf_id).where(col(m.Book.id) < 3))).all()


@cases
async def delete_what_is_referred_to(session: Any) -> Any:
    """The ORM takes the reference out of the children."""
    await session.delete(await session.get(Team, 1))


@in_every_way
@cases.on_each_engine()
async def test_a_relationship_does_the_same(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
