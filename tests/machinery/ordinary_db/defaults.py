"""Models whose values are made by columns, by the database, or by listeners, who say so in `heard`."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Computed,
    DateTime,
    Identity,
    Integer,
    Sequence,
    String,
    event,
    func,
    text,
)
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.orm import reconstructor, validates
from sqlmodel import Field

from tests.machinery.ordinary_db.models import Apart

heard: list[str] = []


def _label(context: Any) -> str:
    return f"made for {context.get_current_parameters()['name']}"


class Made(Apart, table=True):
    """Each column has its value from somewhere else."""

    __tablename__ = "ordinary_made"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    by_field: int = Field(default_factory=lambda: 7)
    by_column: str = Field(default=None, sa_column=Column(String, default=_label, nullable=False))
    by_sql: int = Field(default=None, sa_column=Column(Integer, default=text("40 + 2"), nullable=False))
    by_server: str | None = Field(default=None, sa_column=Column(String, server_default="from the server"))
    at: datetime | None = Field(
        default=None, sa_column=Column(DateTime(timezone=True), server_default=func.current_timestamp())
    )
    computed: int | None = Field(
        default=None, sa_column=Column(Integer, Computed("length(name) * 2", persisted=True))
    )


class Changed(Apart, table=True):
    """Each column notes a change of the row in another way."""

    __tablename__ = "ordinary_changed"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    number: int = 0
    by_python: str | None = Field(default=None, sa_column=Column(String, onupdate=lambda: "changed"))
    by_sql: str | None = Field(default=None, sa_column=Column(String, onupdate=func.lower("CHANGED")))
    computed: int | None = Field(
        default=None, sa_column=Column(Integer, Computed("number * 2", persisted=True))
    )


class Numbered(Apart, table=True):
    __tablename__ = "ordinary_numbered"

    id: int | None = Field(default=None, sa_column=Column(Integer, Identity(start=5), primary_key=True))
    name: str


class Queued(Apart, table=True):
    """Numbered by a sequence, where there are any."""

    __tablename__ = "ordinary_queued"

    id: int | None = Field(
        default=None, sa_column=Column(Integer, Sequence("ordinary_queue", start=5), primary_key=True)
    )
    name: str


VERSION: Any = Column("version", Integer, nullable=False)


class Versioned(Apart, table=True):
    __tablename__ = "ordinary_versioned"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    version: int | None = Field(default=None, sa_column=VERSION)

    __mapper_args__ = {"version_id_col": VERSION}  # noqa: RUF012


class Bag(Apart, table=True):
    """JSON that notes changes within it, and JSON that does not."""

    __tablename__ = "ordinary_bag"

    id: int | None = Field(default=None, primary_key=True)
    options: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(MutableDict.as_mutable(JSON()), nullable=False)
    )
    items: list[Any] = Field(
        default_factory=list, sa_column=Column(MutableList.as_mutable(JSON()), nullable=False)
    )
    frozen: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Listened(Apart, table=True):
    """Whatever happens to it is heard."""

    __tablename__ = "ordinary_listened"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    email: str = ""
    slug: str | None = None

    @validates("email")
    def _check_email(self, key: str, value: str) -> str:
        heard.append(f"validates {key}")
        if value and "@" not in value:
            raise ValueError("no address")
        return value.lower()

    @reconstructor
    def _come_back(self) -> None:
        heard.append("reconstructed")


def _listen(model: Any) -> None:
    for name in (
        "before_insert",
        "after_insert",
        "before_update",
        "after_update",
        "before_delete",
        "after_delete",
    ):
        event.listen(
            model, name, lambda mapper, connection, row, name=name: heard.append(f"{name} {row.name}")
        )
    event.listen(model, "load", lambda row, context: heard.append(f"load {row.name}"))
    event.listen(model, "refresh", lambda row, context, names: heard.append(f"refresh {sorted(names or ())}"))
    event.listen(model, "before_insert", lambda mapper, connection, row: _make_slug(row))
    event.listen(model.name, "set", lambda row, value, old, by: heard.append(f"set {value}"))


def _make_slug(row: Any) -> None:
    row.slug = row.name.lower().replace(" ", "-")


_listen(Listened)
