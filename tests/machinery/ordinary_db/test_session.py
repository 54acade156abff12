"""A session and the rows in it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session as ModelSession
from sqlmodel import func, select, update
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
async def is_a_session(session: Any) -> Any:
    inner = session.sync_session
    return [isinstance(session, AsyncSession), isinstance(session, ModelAsyncSession)] + [
        isinstance(inner, kind) for kind in (Session, ModelSession)
    ]


@cases
async def given_to_a_typed_helper(session: Any) -> Any:
    return await first(session)


@cases
async def the_same_object_twice(session: Any) -> Any:
    one, other = await session.get(Hero, 1), await first(session)
    found = (await session.exec(select(Hero).where(Hero.id == 1))).one()
    return one is other, one is found


@cases
async def identity_map(session: Any) -> Any:
    one = await session.get(Hero, 1)
    return identity_key(instance=one) in session.identity_map, len(session.identity_map), list(session)


@cases
async def in_session(session: Any) -> Any:
    one = await session.get(Hero, 1)
    return one in session, Hero(name="x", secret_name="y") in session, states(one)


@cases
async def found_rows_are_persistent(session: Any) -> Any:
    found = (await session.exec(select(Hero).order_by(Hero.id))).all()
    pairs = (await session.exec(select(Hero, Team).join(Team).order_by(Hero.id))).all()
    return [states(one) for one in [*found, *pairs[0]]]


@cases
async def states_of_an_added_row(session: Any) -> Any:
    one = Team(name="x", headquarters="y")
    seen = [states(one)]
    session.add(one)
    seen.append(states(one))
    await session.flush()
    seen.append(states(one))
    await session.delete(one)
    await session.flush()
    return [*seen, states(one)]


@cases
async def new_dirty_deleted(session: Any) -> Any:
    one, other = await session.get(Hero, 1), await session.get(Team, 3)
    one.age = 5
    session.add(Team(name="x", headquarters="y"))
    await session.delete(other)
    return list(session.new), list(session.dirty), list(session.deleted), session.is_modified(one)


@cases
async def history(session: Any) -> Any:
    one = await session.get(Hero, 1)
    one.name = "Other"
    return tuple(sa.inspect(one).attrs.name.history), sa.inspect(one).committed_state


@cases
async def expunge(session: Any) -> Any:
    one = await session.get(Hero, 1)
    session.expunge(one)
    one.name = "Other"
    return one in session, states(one), one is await session.get(Hero, 1)


@cases
async def expunge_all(session: Any) -> Any:
    one = await session.get(Hero, 1)
    session.expunge_all()
    return states(one), len(session.identity_map)


@cases(raises="MissingGreenlet")
async def expired_attribute(session: Any) -> Any:
    one = await session.get(Hero, 1)
    session.expire(one)
    return one.name


@cases
async def expire_and_refresh(session: Any) -> Any:
    one = await session.get(Hero, 1)
    one.name = "Other"
    session.expire(one, ["name"])
    expired = sorted(sa.inspect(one).expired_attributes)
    await session.refresh(one)
    return expired, one


@cases
async def expire_all(session: Any) -> Any:
    one = await session.get(Hero, 1)
    session.expire_all()
    return sorted(sa.inspect(one).expired_attributes), (
        await session.exec(select(Hero).where(Hero.id == 1))
    ).one()


@cases
async def refresh_some(session: Any) -> Any:
    one = await session.get(Hero, 1)
    await session.exec(update(Hero).where(Hero.id == 1).values(age=7, name="Other").execution_options(
        synchronize_session=False))  # fmt: skip
    await session.refresh(one, ["age"])
    return one.age, one.name


@cases
async def refresh_relationship(session: Any) -> Any:
    one = await session.get(Hero, 1)
    await session.refresh(one, ["team", "powers"])
    return one


@cases
async def refresh_with_for_update(session: Any) -> Any:
    one = await session.get(Hero, 1)
    await session.refresh(one, with_for_update=True)
    return one


@in_every_way
@cases.on_each_engine()
async def test_a_session_is_in_the_same_state(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
