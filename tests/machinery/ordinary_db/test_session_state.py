"""What a session says of itself, and what it sees of what it has not yet written."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_object_session, async_session
from sqlalchemy.orm import object_session
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession as ModelAsyncSession

from tests.machinery.ordinary_db import models
from tests.machinery.ordinary_db.cases import Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.conftest import Both

pytestmark = marks
m: Any = models
Hero, Team = m.Hero, m.Team
cases = Cases()


async def first(session: AsyncSession) -> Any:
    return (await session.scalars(select(Hero).order_by(Hero.id))).first()


async def count(session: Any, model: Any = Hero) -> int:
    found: int = (await session.exec(select(func.count()).select_from(model))).one()
    return found


def states(row: Any) -> Any:
    state = sa.inspect(row)
    return [state.transient, state.pending, state.persistent, state.deleted, state.detached, state.modified]


@cases
async def populate_existing(session: Any) -> Any:
    one = await session.get(Hero, 1)
    with session.no_autoflush:
        one.name = "Other"
        kept = (await session.exec(select(Hero).where(Hero.id == 1))).one().name
        await session.get(Hero, 1, populate_existing=True)
        return kept, one.name


@cases
async def object_sessions(session: Any) -> Any:
    one = await session.get(Hero, 1)
    return [
        async_object_session(one) is session,
        object_session(one) is session.sync_session,
        async_session(session.sync_session) is session,
        sa.inspect(one).async_session is session,
        session.object_session(one) is session.sync_session,
        ModelAsyncSession.object_session(Team(name="x", headquarters="y")),
    ]


@cases
async def info(session: Any) -> Any:
    session.info["mine"] = 1
    return session.info["mine"], session.sync_session.info["mine"]


@cases
async def bind(session: Any) -> Any:
    bound = [isinstance(session.bind, AsyncEngine), isinstance(session.get_bind(), sa.Engine)]
    return bound, session.get_bind().dialect.name, session.get_bind(Hero).dialect.driver


@cases
async def connection(session: Any) -> Any:
    found = await (await session.connection()).execute(sa.text("SELECT name FROM ordinary_hero WHERE id = 1"))
    return found.scalar_one(), session.in_transaction()


@cases
async def connection_sees_what_is_flushed(session: Any) -> Any:
    session.add(Team(name="x", headquarters="y"))
    await session.flush()
    return (
        await (await session.connection()).exec_driver_sql("SELECT count(*) FROM ordinary_team")
    ).scalar_one()


@cases
async def in_transaction(session: Any) -> Any:
    before = session.in_transaction(), session.in_nested_transaction(), session.is_active
    await session.get(Hero, 1)
    return before, session.in_transaction(), session.get_transaction() is not None


@cases
async def flags(session: Any) -> Any:
    return (
        session.autoflush,
        session.sync_session.expire_on_commit,
        session.is_active,
        session.get_nested_transaction(),
    )


@cases
async def autoflush(session: Any) -> Any:
    session.add(Team(name="x", headquarters="y"))
    one = await session.get(Hero, 1)
    one.name = "Other"
    return await count(session, Team), (await session.exec(select(Hero.name).where(Hero.id == 1))).one()


@cases
async def no_autoflush(session: Any) -> Any:
    session.add(Team(name="x", headquarters="y"))
    with session.no_autoflush:
        seen = await count(session, Team)
    return seen, await count(session, Team)


@cases
async def autoflush_before_get(session: Any) -> Any:
    one = Team(id=50, name="x", headquarters="y")
    session.add(one)
    return await session.get(Team, 50) is one


@cases
async def flush_some(session: Any) -> Any:
    one, other = Team(name="x", headquarters="y"), Team(name="z", headquarters="y")
    session.add_all([one, other])
    await session.flush()
    return one.id is not None, other.id is not None, session.new


@cases
async def with_options_of_a_bulk_update(session: Any) -> Any:
    one = await session.get(Hero, 3)
    await session.exec(update(Hero).where(col(Hero.age) > 40).values(age=Hero.age + 1))
    return one.age if "age" in sa.inspect(one).dict else "expired"


@in_every_way
@cases.on_each_engine()
async def test_a_session_is_in_the_same_state(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
