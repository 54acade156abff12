"""Commits and rollbacks in a handler; what its end then still commits."""

from contextlib import suppress
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import func, select, text

from tests.machinery.ordinary_db import models
from tests.machinery.ordinary_db.cases import Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.conftest import Both

pytestmark = marks
m: Any = models
Hero, Team = m.Hero, m.Team
cases = Cases()


def team(name: str = "x") -> Any:
    return Team(name=name, headquarters="y")


async def teams(session: Any) -> Any:
    return (await session.exec(select(func.count(Team.id)))).one()


@cases
async def committed_by_the_handler(session: Any) -> Any:
    one = team()
    session.add(one)
    await session.commit()
    return one, one in session, session.in_transaction()


@cases
async def committed_and_refreshed(session: Any) -> Any:
    """As the tutorial has it."""
    one = team()
    session.add(one)
    await session.commit()
    await session.refresh(one)
    return one


@cases
async def committed_twice(session: Any) -> Any:
    session.add(team("a"))
    await session.commit()
    session.add(team("b"))
    await session.commit()
    session.add(team("c"))


@cases(raises="RuntimeError")
async def committed_before_an_error(session: Any) -> Any:
    session.add(team("kept"))
    await session.commit()
    session.add(team("lost"))
    await session.flush()
    raise RuntimeError


@cases(raises="RuntimeError")
async def nothing_is_written_after_an_error(session: Any) -> Any:
    session.add(team())
    await session.flush()
    raise RuntimeError


@cases(raises="RuntimeError")
async def nothing_is_added_after_an_error(session: Any) -> Any:
    session.add(team())
    raise RuntimeError


@cases
async def rolled_back_by_the_handler(session: Any) -> Any:
    one, hero = team(), await session.get(Hero, 1)
    session.add(one)
    hero.name = "Other"
    await session.flush()
    await session.rollback()
    return one in session, session.in_transaction(), await teams(session)


@cases
async def rolled_back_before_a_flush(session: Any) -> Any:
    session.add(team("lost"))
    await session.rollback()
    session.add(team("kept"))


@cases
async def rolled_back_then_written(session: Any) -> Any:
    session.add(team("lost"))
    await session.flush()
    await session.rollback()
    session.add(team("kept"))


CALLER = ("caller", None)  # whose token is confirmed when the handler has ended


@cases(given=CALLER, raises="IntegrityError")
async def taken_name_of_a_caller(session: Any) -> Any:
    session.add_all([team("same"), team("same")])
    await session.flush()


@cases(given=CALLER, commits=False)
async def taken_name_at_the_end(session: Any) -> Any:
    session.add_all([team("same"), team("same")])


@cases(given=CALLER, raises="LookupError")
async def taken_name_told_otherwise(session: Any) -> Any:
    session.add_all([team("same"), team("same")])
    try:
        await session.flush()
    except IntegrityError:
        raise LookupError from None


@cases(given=CALLER, commits=False)
async def taken_name_ignored(session: Any) -> Any:
    session.add_all([team("same"), team("same")])
    with suppress(IntegrityError):
        await session.flush()


@cases(given=CALLER)
async def taken_name_undone(session: Any) -> Any:
    session.add_all([team("same"), team("same")])
    with suppress(IntegrityError):
        await session.flush()
    await session.rollback()
    return await teams(session)


@cases(given=CALLER)
async def wrong_statement_ignored(session: Any) -> Any:
    with suppress(DBAPIError):
        await session.exec(text("SELECT 1 FROM no_such_table"))


@cases(given=CALLER, raises="LookupError")
async def wrong_statement_told_otherwise(session: Any) -> Any:
    try:
        await session.exec(text("SELECT 1 FROM no_such_table"))
    except DBAPIError:
        raise LookupError from None


@in_every_way
@cases.on_each_engine()
async def test_a_transaction_ends_in_the_same_way(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
