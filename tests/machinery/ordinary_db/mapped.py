"""Models with what SQLAlchemy maps beyond columns: inheritance, and attributes that are more."""

from dataclasses import dataclass
from typing import Any, Optional

from sqlalchemy import Column, ForeignKey, Integer, String, func, select
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    column_property,
    composite,
    deferred,
    mapped_column,
    relationship,
    synonym,
)
from sqlmodel import Field

from tests.machinery.ordinary_db.models import Apart, apart


class Declared(AsyncAttrs, DeclarativeBase):
    registry = apart


class Employee(Declared):
    """A table for each class, joined."""

    __tablename__ = "ordinary_employee"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    __mapper_args__: dict[str, Any] = {"polymorphic_on": "kind", "polymorphic_identity": "employee"}  # noqa: RUF012


class Engineer(Employee):
    __tablename__ = "ordinary_engineer"
    id: Mapped[int] = mapped_column(ForeignKey("ordinary_employee.id"), primary_key=True)
    language: Mapped[str]
    __mapper_args__: dict[str, Any] = {"polymorphic_identity": "engineer"}  # noqa: RUF012


class Manager(Employee):
    __tablename__ = "ordinary_manager"
    id: Mapped[int] = mapped_column(ForeignKey("ordinary_employee.id"), primary_key=True)
    budget: Mapped[int]
    __mapper_args__: dict[str, Any] = {"polymorphic_identity": "manager"}  # noqa: RUF012


class Vehicle(Declared):
    """One table for all classes."""

    __tablename__ = "ordinary_vehicle"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    __mapper_args__: dict[str, Any] = {"polymorphic_on": "kind", "polymorphic_identity": "vehicle"}  # noqa: RUF012


class Car(Vehicle):
    doors: Mapped[int | None]
    __mapper_args__: dict[str, Any] = {"polymorphic_identity": "car"}  # noqa: RUF012


class Truck(Vehicle):
    load: Mapped[int | None]
    __mapper_args__: dict[str, Any] = {"polymorphic_identity": "truck"}  # noqa: RUF012


@dataclass
class Point:
    x: int
    y: int


class Place(Declared):
    """A composite, a deferred column, a synonym, and a proxy of what belongs to it."""

    __tablename__ = "ordinary_place"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    at: Mapped[Point] = composite(mapped_column("x"), mapped_column("y"))
    story: Mapped[str] = mapped_column(deferred=True)
    secret: Mapped[str] = mapped_column(deferred=True, deferred_group="hidden", deferred_raiseload=True)
    title = synonym("name")
    tags: Mapped[list["Tag"]] = relationship(
        back_populates="place", cascade="all, delete-orphan", order_by="Tag.id"
    )
    tag_names: AssociationProxy[list[str]] = association_proxy(
        "tags", "name", creator=lambda name: Tag(name=name)
    )


class Tag(Declared):
    __tablename__ = "ordinary_tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("ordinary_place.id"))
    place: Mapped[Optional["Place"]] = relationship(back_populates="tags")


class Worker(Apart, table=True):
    """A SQLModel with the same: set after the class, as Pydantic knows none of it."""

    __tablename__ = "ordinary_worker"
    model_config = {"ignored_types": (hybrid_property,)}  # noqa: RUF012

    id: int | None = Field(default=None, primary_key=True)
    first_name: str
    last_name: str
    notes: str = Field(default="", sa_column=Column("notes", String, nullable=False))
    boss_id: int | None = Field(default=None, sa_column=Column(Integer, ForeignKey("ordinary_worker.id")))

    @hybrid_property
    def name(self) -> str:
        return self.first_name + " " + self.last_name


def _complete(worker: Any) -> None:
    table = worker.__table__
    other = table.alias()
    worker.shouted = column_property(func.upper(table.c.first_name))
    under = select(func.count(other.c.id)).where(other.c.boss_id == table.c.id).correlate_except(other)
    worker.reports = column_property(under.scalar_subquery())
    worker.surname = synonym("last_name")
    worker.remarks = deferred(Column("remarks", String, nullable=True))


_complete(Worker)
