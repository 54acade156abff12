"""Models of the house in whose rows the database, SQLAlchemy or a listener has a say."""

from typing import Any

from sqlalchemy import JSON, Column, Computed, Integer, String, event, func, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.orm import column_property, deferred, reconstructor, validates
from sqlmodel import Field, SQLModel

from tests.machinery.ordinary_db.defaults import heard
from tests.machinery.ordinary_db.house import Entity, Owned
from tests.machinery.ordinary_db.models import Apart


class ExtraBase(SQLModel):
    name: str


class OrdinaryVersionPublic(ExtraBase, Owned, Entity):
    version: int | None = Field(default=None, nullable=False)


class OrdinaryVersion(OrdinaryVersionPublic, Apart, table=True):
    __tablename__ = "ordinary_extra_versions"


class OrdinaryComputedPublic(ExtraBase, Owned, Entity):
    doubled: int | None = None


class OrdinaryComputed(OrdinaryComputedPublic, Apart, table=True):
    __tablename__ = "ordinary_extra_computed"

    doubled: int | None = Field(
        default=None, sa_column=Column(Integer, Computed("length(name) * 2", persisted=True))
    )


class OrdinaryUpdatedPublic(ExtraBase, Owned, Entity):
    by_python: str | None = None
    by_sql: str | None = None


class OrdinaryUpdated(OrdinaryUpdatedPublic, Apart, table=True):
    __tablename__ = "ordinary_extra_updated"

    by_python: str | None = Field(
        default=None, sa_column=Column(String, default=lambda: "new", onupdate=lambda: "changed")
    )
    by_sql: str | None = Field(default=None, sa_column=Column(String, onupdate=func.lower("CHANGED")))


class OrdinaryServedPublic(ExtraBase, Owned, Entity):
    state: str | None = None


class OrdinaryServed(OrdinaryServedPublic, Apart, table=True):
    __tablename__ = "ordinary_extra_served"

    state: str | None = Field(default=None, sa_column=Column(String, server_default="from the server"))


class OrdinaryBagPublic(ExtraBase, Owned, Entity):
    options: dict[str, Any] = Field(default_factory=dict)
    items: list[Any] = Field(default_factory=list)


class OrdinaryBag(OrdinaryBagPublic, Apart, table=True):
    __tablename__ = "ordinary_extra_bags"

    options: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(MutableDict.as_mutable(JSON()), nullable=False)
    )
    items: list[Any] = Field(
        default_factory=list, sa_column=Column(MutableList.as_mutable(JSON()), nullable=False)
    )


class OrdinaryRenamedPublic(ExtraBase, Owned, Entity):
    title: str = ""


class OrdinaryRenamed(OrdinaryRenamedPublic, Apart, table=True):
    __tablename__ = "ordinary_extra_renamed"

    title: str = Field(default="", sa_column=Column("headline", String, nullable=False))


class OrdinaryToldPublic(ExtraBase, Owned, Entity):
    email: str = ""


class OrdinaryTold(OrdinaryToldPublic, Apart, table=True):
    __tablename__ = "ordinary_extra_told"

    @validates("email")
    def _check_email(self, key: str, value: str) -> str:
        heard.append(f"validates {key}")
        return value.lower()


class OrdinaryMadePublic(ExtraBase, Owned, Entity): ...


class OrdinaryMade(OrdinaryMadePublic, Apart, table=True):
    __tablename__ = "ordinary_extra_made"

    @reconstructor
    def _come_back(self) -> None:
        heard.append("reconstructed")


class OrdinaryMorePublic(ExtraBase, Owned, Entity): ...


class OrdinaryMore(OrdinaryMorePublic, Apart, table=True):
    __tablename__ = "ordinary_extra_more"
    model_config = {"ignored_types": (hybrid_property,)}

    @hybrid_property
    def shouted(self) -> str:
        return self.name + "!"


def _complete(version: Any, told: Any, more: Any) -> None:
    version.__mapper__.version_id_col = version.__table__.c.version
    for name in ("before_insert", "before_update", "after_update", "before_delete"):
        event.listen(
            told, name, lambda mapper, connection, row, name=name: heard.append(f"{name} {row.name}")
        )
    event.listen(told, "load", lambda row, context: heard.append(f"load {row.name}"))
    event.listen(told.name, "set", lambda row, value, old, by: heard.append(f"set {value}"))
    table, other = more.__table__, more.__table__.alias()
    more.others = column_property(select(func.count(other.c.id)).scalar_subquery())
    more.upper = column_property(func.upper(table.c.name))
    more.story = deferred(Column("story", String, nullable=True))


_complete(OrdinaryVersion, OrdinaryTold, OrdinaryMore)

EXTRAS: dict[Any, dict[str, Any]] = {
    OrdinaryVersion: {"version": 1},
    OrdinaryComputed: {},
    OrdinaryUpdated: {"by_python": "seed", "by_sql": "seed"},
    OrdinaryServed: {"state": "seed"},
    OrdinaryBag: {"options": {"a": 1}, "items": [1]},
    OrdinaryRenamed: {"headline": "seed"},
    OrdinaryTold: {"email": "seed@example.com"},
    OrdinaryMade: {},
    OrdinaryMore: {"story": "long"},
}
