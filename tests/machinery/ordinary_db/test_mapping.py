"""Attributes that are more than a column, and what selects of them find."""

from typing import Any

from sqlalchemy.orm import (
    defer,
    load_only,
    selectin_polymorphic,
    selectinload,
    undefer,
    undefer_group,
    with_polymorphic,
)
from sqlmodel import func, select

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


reads(
    column_property=WORKERS,
    column_property_as_column=select(Worker.shouted, Worker.reports).order_by(Worker.id),
    column_property_in_where=select(Worker.id).where(Worker.reports > 1),
    hybrid_as_column=select(Worker.name).order_by(Worker.id),
    hybrid_in_where=select(Worker).where(Worker.name == "Ben Baker"),
    synonym_in_where=select(Worker).where(Worker.surname == "Cook"),
    synonym_as_column=select(Place.title).order_by(Place.title),
    deferred=PLACES,
    undeferred=PLACES.options(undefer(Place.story)),
    undeferred_group=PLACES.options(undefer_group("hidden")),
    deferred_by_option=PLACES.options(defer(Place.name)),
    deferred_in_sqlmodel=WORKERS.options(undefer(Worker.remarks)),
    load_only=WORKERS.options(load_only(Worker.first_name)),
    composite_as_column=select(Place.at).order_by(Place.id),
    composite_in_where=select(Place).where(Place.at == m.Point(3, 4)),
    proxy_in_where=select(Place.name).where(Place.tag_names.contains("home")),
    tags_loaded=PLACES.options(selectinload(Place.tags)),
    joined_inheritance=select(m.Engineer),
    joined_inheritance_of_base=STAFF,
    joined_inheritance_polymorphic=select(polymorphic).order_by(polymorphic.id),
    joined_inheritance_selectin=STAFF.options(selectin_polymorphic(Employee, [m.Engineer, m.Manager])),
    joined_inheritance_columns=select(m.Engineer.name, m.Engineer.language),
    joined_inheritance_of_type=select(polymorphic.name).where(polymorphic.Manager.budget > 10),
    single_inheritance=select(m.Car),
    single_inheritance_of_base=VEHICLES,
    single_inheritance_columns=select(m.Truck.name, m.Truck.load),
    single_inheritance_counted=select(func.count(m.Car.id)),
)


@cases
async def hybrid_of_a_row(session: Any) -> Any:
    return (await session.get(Worker, 1)).name


@cases
async def synonym_of_a_row(session: Any) -> Any:
    worker = await session.get(Worker, 1)
    return worker.surname, worker.last_name  # SQLModel cannot set it


@cases
async def synonym_written(session: Any) -> Any:
    place = await session.get(Place, 1)
    place.title = "Other"
    return place.name


@cases
async def composite_of_a_row(session: Any) -> Any:
    return (await session.get(Place, 1)).at


@cases
async def composite_written(session: Any) -> Any:
    place = await session.get(Place, 1)
    place.at = m.Point(7, 8)
    session.add(Place(name="Pylos", at=m.Point(0, 0), story="", secret=""))
    await session.flush()
    return place.x if hasattr(place, "x") else None


@cases(raises="MissingGreenlet")
async def deferred_and_touched(session: Any) -> Any:
    return (await session.get(Place, 1)).story


@cases(raises="InvalidRequestError")
async def deferred_and_refused(session: Any) -> Any:
    return (await session.get(Place, 1)).secret


@cases
async def deferred_and_refreshed(session: Any) -> Any:
    place = await session.get(Place, 1)
    await session.refresh(place, ["story"])
    return place.story


@cases
async def deferred_and_written(session: Any) -> Any:
    place = await session.get(Place, 1)
    place.story = "Another"


@cases
async def awaitable_attributes(session: Any) -> Any:
    place = await session.get(Place, 1)
    return await place.awaitable_attrs.story, [tag.name for tag in await place.awaitable_attrs.tags]


@cases
async def awaitable_attributes_of_a_row_found(session: Any) -> Any:
    return [await place.awaitable_attrs.tags for place in (await session.exec(PLACES)).all()]


@cases
async def proxy_of_a_row(session: Any) -> Any:
    place = await session.get(Place, 1, options=[selectinload(Place.tags)])
    return list(place.tag_names)


@cases
async def proxy_written(session: Any) -> Any:
    place = await session.get(Place, 1, options=[selectinload(Place.tags)])
    place.tag_names.append("harbour")
    place.tag_names.remove("home")
    session.add(Place(name="Pylos", at=m.Point(0, 0), story="", secret="", tag_names=["sand"]))


@cases
async def column_property_after_a_change(session: Any) -> Any:
    worker = await session.get(Worker, 1)
    worker.first_name = "Other"
    await session.flush()
    await session.refresh(worker)
    return worker.shouted, worker.reports


@cases
async def column_property_of_an_added_row(session: Any) -> Any:
    worker = Worker(first_name="Dan", last_name="Dyer", boss_id=1)
    session.add(worker)
    await session.flush()
    await session.refresh(worker, ["shouted"])
    return worker.shouted


@in_every_way
@cases.on_each_engine()
async def test_a_mapping_does_the_same(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)
