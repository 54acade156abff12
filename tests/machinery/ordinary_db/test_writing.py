"""Rows that are added."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import select

from tests.machinery.ordinary_db import defaults, ladders, models
from tests.machinery.ordinary_db.cases import Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.conftest import Both

pytestmark = marks
m: Any = models
d: Any = defaults
house: Any = ladders
Hero, Team = m.Hero, m.Team
cases = Cases()


@cases
async def add_one(session: Any) -> Any:
    one = Team(name="x", headquarters="y")
    session.add(one)
    return one


@cases
async def add_one_with_its_key(session: Any) -> Any:
    session.add(Team(id=50, name="x", headquarters="y"))


@cases
async def add_and_change(session: Any) -> Any:
    one = Team(name="x", headquarters="y")
    session.add(one)
    one.name = "z"
    return one


@cases
async def add_two(session: Any) -> Any:
    session.add(Team(name="x", headquarters="y"))
    session.add(Hero(name="x", secret_name="y", team_id=1))


@cases
async def add_the_same_twice(session: Any) -> Any:
    one = Team(name="x", headquarters="y")
    session.add(one)
    session.add(one)
    return len(session.new)


@cases
async def add_all(session: Any) -> Any:
    session.add_all(Hero(name=name, secret_name="y") for name in "abc")
    return list(map(type, session.new))


@cases
async def add_in_any_order(session: Any) -> Any:
    """Whoever is referred to comes first."""
    session.add(Hero(id=60, name="x", secret_name="y", team_id=50))
    session.add(Team(id=50, name="x", headquarters="y"))
    team = Team(name="z", headquarters="z")
    session.add(Hero(name="z", secret_name="z", team=team))


@cases
async def add_then_read_the_key(session: Any) -> Any:
    one = Team(name="x", headquarters="y")
    session.add(one)
    before = one.id
    await session.flush()
    return before, one.id, one


@cases
async def add_then_refresh(session: Any) -> Any:
    one = Team(name="x", headquarters="y")
    session.add(one)
    await session.flush()
    await session.refresh(one)
    return one, sa.inspect(one).persistent


@cases
async def add_then_expunge(session: Any) -> Any:
    one = Team(name="x", headquarters="y")
    session.add(one)
    session.expunge(one)
    return one in session, list(session.new)


@cases
async def add_then_read_it(session: Any) -> Any:
    one = Team(name="x", headquarters="y")
    session.add(one)
    return (await session.exec(select(Team).where(Team.name == "x"))).one() is one


@cases
async def add_then_delete(session: Any) -> Any:
    one = Team(name="x", headquarters="y")
    session.add(one)
    await session.flush()
    await session.delete(one)
    await session.flush()
    return one in session, sa.inspect(one).deleted


@cases(raises="InvalidRequestError")
async def delete_before_a_flush(session: Any) -> Any:
    one = Team(name="x", headquarters="y")
    session.add(one)
    await session.delete(one)


@cases(raises="UnmappedInstanceError")
async def add_what_is_no_row(session: Any) -> Any:
    session.add("no row")


@cases(raises="UnmappedInstanceError")
async def add_a_schema(session: Any) -> Any:
    session.add(m.HeroUpdate(name="x"))


@cases(commits=False)
async def add_without_what_is_needed(session: Any) -> Any:
    session.add(Team(name="x"))


@in_every_way
@cases.on_each_engine()
async def test_it_writes_what_plain_sqlmodel_writes(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
