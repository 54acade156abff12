"""Savepoints, and errors that a handler survives or does not."""

from contextlib import suppress
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import func, select

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
async def savepoint_kept(session: Any) -> Any:
    async with session.begin_nested() as savepoint:
        session.add(team())
        seen = session.in_nested_transaction(), savepoint.is_active
    return seen, session.in_nested_transaction(), await teams(session)


@cases
async def savepoint_rolled_back(session: Any) -> Any:
    session.add(team("kept"))
    savepoint = await session.begin_nested()
    session.add(team("lost"))
    await session.flush()
    inside = await teams(session)
    await savepoint.rollback()
    return inside, await teams(session)


@cases
async def savepoint_committed(session: Any) -> Any:
    savepoint = await session.begin_nested()
    session.add(team())
    await savepoint.commit()
    return await teams(session)


@cases
async def savepoint_in_savepoint(session: Any) -> Any:
    async with session.begin_nested():
        session.add(team("kept"))
        inner = await session.begin_nested()
        session.add(team("lost"))
        await inner.rollback()
    return await teams(session)


@cases
async def integrity_error_in_a_savepoint(session: Any) -> Any:
    session.add(team("kept"))
    try:
        async with session.begin_nested():
            session.add(team("Preventers"))
    except IntegrityError as error:
        caught = type(error.orig).__name__ in {"IntegrityError", "UniqueViolation"}
    return caught, await teams(session)


@cases
async def integrity_errors_one_after_the_other(session: Any) -> Any:
    caught = []
    for name in ("a", "Preventers", "b", "Z-Force", "c"):
        try:
            async with session.begin_nested():
                session.add(team(name))
        except IntegrityError:
            caught.append(name)
    return caught


@cases(raises="IntegrityError")
async def integrity_error_at_a_flush(session: Any) -> Any:
    session.add(team("Preventers"))
    await session.flush()


@cases(commits=False)
async def integrity_error_at_the_end(session: Any) -> Any:
    session.add(team("Preventers"))


@cases(commits=False)
async def integrity_error_at_the_end_of_several(session: Any) -> Any:
    session.add_all([team("a"), team("Preventers")])


@cases(raises="PendingRollbackError")
async def used_after_a_failed_flush(session: Any) -> Any:
    session.add(team("Preventers"))
    with suppress(IntegrityError):
        await session.flush()
    await session.get(Hero, 1)


@cases
async def rolled_back_after_a_failed_flush(session: Any) -> Any:
    session.add(team("Preventers"))
    try:
        await session.flush()
    except IntegrityError:
        await session.rollback()
    session.add(team("kept"))
    return await teams(session)


@cases(commits=False)
async def foreign_key_that_leads_nowhere(session: Any) -> Any:
    session.add(Hero(name="x", secret_name="y", team_id=77))


@cases(raises="InvalidRequestError")
async def begun_twice(session: Any) -> Any:
    await session.get(Hero, 1)
    async with session.begin():
        pass


@cases
async def begun_by_the_handler(session: Any) -> Any:
    async with session.begin():
        session.add(team())
        inside = session.in_transaction()
    return inside, session.in_transaction()


@cases
async def closed_by_the_handler(session: Any) -> Any:
    one = await session.get(Hero, 1)
    one.name = "Other"
    await session.close()
    return one in session, (await session.get(Hero, 1)).name


@cases
async def reset(session: Any) -> Any:
    one = await session.get(Hero, 1)
    await session.reset()
    return one in session


@cases
async def text_that_writes(session: Any) -> Any:
    await session.exec(text("UPDATE ordinary_hero SET age = 1 WHERE id = 1"))
    found = await session.exec(text("DELETE FROM ordinary_heropower WHERE hero_id = :id"), params={"id": 2})
    return found.rowcount


@cases
async def written_by_the_connection(session: Any) -> Any:
    connection = await session.connection()
    await connection.execute(Team.__table__.insert().values(name="x", headquarters="y"))
    return await teams(session)


@cases
async def written_in_run_sync(session: Any) -> Any:
    def act(session: Any) -> Any:
        session.add(team())
        session.get(Hero, 1).team.name = "Other"
        session.flush()

    await session.run_sync(act)
    return await teams(session)


@cases
async def a_statement_that_fails_in_a_savepoint(session: Any) -> Any:
    try:
        async with session.begin_nested():
            await session.exec(text("INSERT INTO ordinary_team (id, name) VALUES (1, 'again')"))
    except IntegrityError:
        session.add(team("kept"))


@in_every_way
@cases.on_each_engine()
async def test_a_transaction_ends_in_the_same_way(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
