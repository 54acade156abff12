"""What every model is made of.

    Base    what a client may write          NoteBase
    Create  Base, unknown fields refused     NoteCreate(NoteBase, Create)
    Update  Base, every field optional       NoteUpdate(NoteBase, Update)
    Public  Base plus what the server owns   NotePublic(NoteBase, Owned, Entity)
    table   Public plus what stays private   Note(NotePublic, table=True)

A route always answers with a Public. A row of notes *is* its Public, so a route annotated `-> NotePublic`
returns the row.

A Public may also show what is no column: a row nested in it, or a count. Then the table has a Row instead,
which holds what is stored and shown, and the Public adds to it:

    Row     Base plus what the server owns   CourseRow(CourseBase, Entity)
    Public  Row plus what is not stored      CoursePublic(CourseRow)
    table   Row plus what stays private      Course(CourseRow, table=True)

Such a route declares `response_model=CoursePublic`, is annotated `-> Course`, and returns the row as well.

A column is declared once. Fields come only in the closed types of `types.py`: they refuse what a database
cannot store.
"""

import os
import re
import time
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar
from uuid import UUID, SafeUUID

import sqlalchemy as sa
from fastapi.exceptions import RequestValidationError
from pydantic import (
    MISSING,
    TypeAdapter,
    ValidationError,
)
from sqlalchemy import MetaData, text
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel, UTCDateTime
from sqlmodel.main import default_registry

from api.open_enums import OpenEnum

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


def utcnow() -> datetime:
    return datetime.now(UTC)


def uuid7() -> UUID:
    """RFC 9562 version 7 (method 3): milliseconds, 12 bits of their fraction, 62 random bits. Sorts by age."""
    ms, ns = divmod(time.time_ns(), 1_000_000)
    chance = int.from_bytes(os.urandom(8)) >> 2
    return uuid_of(ms << 80 | 7 << 76 | (ns << 12) // 1_000_000 << 64 | 0b10 << 62 | chance)


def uuid_of(number: int) -> UUID:
    """As UUID(int=number) does, for a number that is known to be good."""
    made = object.__new__(UUID)
    object.__setattr__(made, "int", number)
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


def listed(scope: str | None = None, *, by: tuple[str, ...]) -> tuple[sa.Index, ...]:
    """The indexes that serve a list: one for each order, within the column that every query of the list compares."""
    keys = [tuple(dict.fromkeys(filter(None, (scope, key, "id")))) for key in by]
    return tuple(sa.Index(None, *columns) for columns in keys if columns != ("id",))


class Create(SQLModel):
    """A request body: unknown fields are refused."""

    model_config = {"extra": "forbid"}


Row = TypeVar("Row", bound="Entity")


class Update(Create):
    """A PATCH body: any field may be absent, only nullable ones may be null. An absent field reads as None, and is in
    neither `model_fields_set` nor `model_dump()`."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        for field in cls.model_fields.values():
            field.default, field.default_factory = MISSING, None
        cls.__pydantic_decorators__.model_validators.clear()  # apply() runs them on the whole row
        cls.model_rebuild(force=True)

    def model_post_init(self, context: Any, /) -> None:
        for name in vars(self).keys() - self.model_fields_set:
            del vars(self)[name]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in type(self).model_fields:
                return None
            return super().__getattr__(name)

    def apply(self, row: Row) -> Row:
        """Change the row, if what it would become obeys the rules of its Base."""
        changes = {name: value for name, value in self.model_dump().items() if name in type(row).model_fields}
        try:
            type(self).__bases__[0].model_validate(row, update=changes)  # type: ignore[attr-defined]
        except ValidationError as error:
            raise RequestValidationError([e | {"loc": ("body", *e["loc"])} for e in error.errors()]) from None
        return row.sqlmodel_update(changes, update={"updated_at": utcnow()})


@lru_cache
def _places(model: Any, name: str) -> Decimal | None:
    table = getattr(model, "__table__", None)
    scale = getattr(table.columns[name].type, "scale", None) if table is not None and name in table.columns else None
    return None if scale is None else Decimal(1).scaleb(-scale)


class Entity(SQLModel):
    """The columns every row and every Public schema begins with."""

    # Of a table: the changes that are sent to listeners, see db/live_events.py.
    __live__: ClassVar[tuple[Literal["created", "updated", "deleted"], ...]] = ()

    # revalidate_instances: a row returned as its Public schema is copied field by field, in declared
    # order, and an attribute that was never loaded is an error instead of silently absent.
    model_config = {"json_schema_serialization_defaults_required": True, "revalidate_instances": "always"}

    # Which promises of every entity this one breaks on purpose, each with its reason: the tests skip exactly these.
    # A promise is named by its test in tests/promises, in words: {"what is deleted is gone": "An archive keeps all."}
    __differs__: ClassVar[dict[str, str]] = {}

    if not TYPE_CHECKING:

        @classmethod
        def model_validate(cls, obj: Any, *, update: dict[str, Any] | None = None, **options: Any) -> Any:
            """As SQLModel does it, which looks up the fields of a body one by one; here they are given to it as a dict."""
            if isinstance(obj, Create) and not options and not cls.__sqlmodel_relationships__:
                obj, update = {**vars(obj), **(update or {})}, None
            return super().model_validate(obj, update=update, **options)

    def __setattr__(self, name: str, value: Any) -> None:
        """A decimal gets the places that its column has, so that a row reads alike before and after it is stored."""
        if isinstance(value, Decimal) and value.is_finite():
            model: Any = type(self)
            if (places := _places(model, name)) is not None:
                value = value.quantize(places, ROUND_HALF_UP)
        super().__setattr__(name, value)

    @declared_attr.directive
    def __tablename__(cls) -> str:  # BookingSlot -> booking_slots
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower() + "s"

    id: UUID = Field(default_factory=uuid7, primary_key=True, description="A UUIDv7 from the server. Newer rows have higher ids.")
    created_at: datetime = Field(default_factory=utcnow, sa_column_kwargs={"server_default": text("CURRENT_TIMESTAMP")})
    updated_at: datetime = Field(
        default_factory=utcnow, sa_column_kwargs={"server_default": text("CURRENT_TIMESTAMP"), "onupdate": utcnow}
    )


# What a scope compares with: who is asking, and when. A scope is a constant beside its model or in its router, such as
# `col(Task.owner_id) == CALLER`; the values are bound when it is used.
CALLER, NOW = sa.bindparam("caller", type_=sa.Uuid()), sa.bindparam("now", type_=UTCDateTime())

# A relationship to one row is loaded in the same query. (One to many is not declared: such rows have a list of their own.)
TO_ONE = {"lazy": "joined", "innerjoin": True}
TO_ONE_OR_NONE = {"lazy": "joined"}


class Permission(OpenEnum):
    """What a role can permit."""


class Owned(SQLModel):
    """A row that belongs to the user who made it."""

    owner_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", description="The id of the owner.")


def tables() -> list[Any]:
    """Every class that has a table, by the name of its table."""
    mappers = sorted(default_registry.mappers, key=lambda mapper: str(mapper.local_table))
    return [mapper.class_ for mapper in mappers]


def public_of(model: type[Any]) -> type[Any] | None:
    """The Public schema of a table: the class that it is, or the one that adds to the Row that it is."""
    shown, name = model.__bases__[0], f"{model.__name__}Public"
    return next((one for one in (shown, *shown.__subclasses__()) if one.__name__ == name), None)


@lru_cache
def _adapter(public: Any) -> TypeAdapter[Any]:
    return TypeAdapter(public)


def as_json(row: Any, public: Any) -> bytes:
    """The row as a route answers with it that declares this Public schema."""
    adapter = _adapter(public)
    return adapter.dump_json(adapter.validate_python(row, from_attributes=True), by_alias=True)
