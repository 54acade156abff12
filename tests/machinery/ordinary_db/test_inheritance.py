"""Classes that inherit, each with a table or all in one, written and found by key."""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import with_polymorphic
from sqlmodel import col, select

from tests.machinery.ordinary_db import mapped
from tests.machinery.ordinary_db.cases import Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.conftest import Both

pytestmark = marks
m: Any = mapped
Place, Worker, Employee, Vehicle = m.Place, m.Worker, m.Employee, m.Vehicle
PLACES, WORKERS = select(Place).order_by(Place.id), select(Worker).order_by(Worker.id)
STAFF, VEHICLES = select(Employee).order_by(Employee.id), select(Vehicle).order_by(Vehicle.id)
polymorphic = with_polymorphic(Employee, "*")
cases = Cases()


def reads(**statements: Any) -> None:
    """A case for each of these statements."""
    for name, statement in statements.items():

        async def act(session: Any, statement: Any = statement) -> Any:
            return (await session.exec(statement)).all()

        cases(act, name=name)


@cases
async def joined_inheritance_by_get(session: Any) -> Any:
    return await session.get(Employee, 1), await session.get(m.Manager, 2), await session.get(m.Manager, 1)


@cases
async def joined_inheritance_written(session: Any) -> Any:
    session.add_all([m.Engineer(name="Ada", language="none"), Employee(name="Bob")])
    (await session.get(m.Manager, 2)).budget += 1
    (await session.get(m.Manager, 2)).name = "Other"


@cases
async def joined_inheritance_added_alone(session: Any) -> Any:
    session.add(m.Engineer(name="Ada", language="none"))


@cases
async def joined_inheritance_deleted(session: Any) -> Any:
    await session.delete(await session.get(m.Engineer, 1))


@cases
async def single_inheritance_written(session: Any) -> Any:
    session.add_all([m.Car(name="Mini", doors=3), m.Truck(name="Actros", load=9)])
    (await session.get(Vehicle, 1)).doors = 4


@cases
async def single_inheritance_added_alone(session: Any) -> Any:
    session.add(m.Car(name="Mini", doors=3))


@cases
async def classes_of_rows(session: Any) -> Any:
    rows = [*(await session.exec(STAFF)).all(), *(await session.exec(VEHICLES)).all()]
    return [type(row).__name__ for row in rows], [inspect(row).persistent for row in rows]


@cases
async def bosses(session: Any) -> Any:
    return (await session.exec(WORKERS.where(col(Worker.boss_id) == 1))).all()


@in_every_way
@cases.on_each_engine()
async def test_a_mapping_does_the_same(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
