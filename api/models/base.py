"""What every model is made of.

    Base    what a client may write          NoteBase
    Create  Base, unknown fields refused     NoteCreate(NoteBase, Create)
    Update  Base, every field optional       NoteUpdate(NoteBase, Update)
    Public  Base plus what the server owns   NotePublic(NoteBase, Owned, Entity)
    table   Public plus what stays private   Note(NotePublic, table=True)

A column is declared once. Because a row *is* its Public schema, a route annotated `-> NotePublic` simply returns
the row. Fields come only in the closed types below: they refuse what a database cannot store, and what only looks right.
"""

import os
import re
import time
import zlib
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID, SafeUUID

import sqlalchemy as sa
from fastapi.exceptions import RequestValidationError
from pydantic import (
    MISSING,
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Strict,
    StringConstraints,
    ValidationError,
)
from sqlalchemy import MetaData, text
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm.attributes import manager_of_class
from sqlmodel import Field, SQLModel, UTCDateTime

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$")]  # one line, no control characters
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]  # any text; PostgreSQL cannot store a NUL


def _to_utc(value: datetime) -> datetime:
    try:
        value = value.astimezone(UTC)
    except OverflowError:
        value = datetime.min.replace(tzinfo=UTC)
    if not 1 < value.year < 9999:  # the edges overflow as soon as somebody asks for another time zone
        raise ValueError("The year must be between 2 and 9998.")
    return value


def _written_out(value: Any) -> Any:
    if isinstance(value, int | float) or (isinstance(value, str) and not re.match(r"\d{4}-", value)):
        raise ValueError("This has to be written like 2030-12-31, with hours and zone where it is a time.")
    return value  # what pydantic also takes is a number of seconds since 1970, of which we know neither unit nor zone


def _a_number(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("This has to be a whole number.")
    return value


UtcDatetime = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_to_utc)]
Day = Annotated[date, BeforeValidator(_written_out)]
Flag = Annotated[bool, Strict()]  # not "yes", "1" or 1
Whole = Annotated[int, BeforeValidator(_a_number)]  # not "1" or true; 1.0 is one, says JSON Schema


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


def EnumField(enum: type[StrEnum], default: StrEnum, **kwargs: Any) -> Any:
    """A VARCHAR column checked against the enum's values: the same DDL on both engines.

    The constraint's name carries a checksum of the values, so Alembic sees when they change.
    """
    values = [member.value for member in enum]
    column = sa.Enum(
        enum,
        values_callable=lambda _: values,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=f"{enum.__name__.lower()}_{zlib.crc32(repr(values).encode()):08x}",
    )
    return Field(default=default, sa_type=column, **kwargs)


def listed(scope: str | None = None, *, by: tuple[str, ...]) -> tuple[sa.Index, ...]:
    """The indexes that serve a list: one for each order, within the column that every query of the list compares."""
    keys = [tuple(dict.fromkeys(filter(None, (scope, key, "id")))) for key in by]
    return tuple(sa.Index(None, *columns) for columns in keys if columns != ("id",))


class Create(SQLModel):
    """A request body: unknown fields are refused."""

    model_config = {"extra": "forbid"}


Row = TypeVar("Row", bound="Entity")


class Update(Create):
    """A PATCH body: any field may be absent, only nullable ones may be null."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        for field in cls.model_fields.values():
            field.default, field.default_factory = MISSING, None
        cls.__pydantic_decorators__.model_validators.clear()  # apply() runs them on the whole row
        cls.model_rebuild(force=True)

    def apply(self, row: Row) -> Row:
        """Change the row, if what it would become obeys the rules of its Base."""
        changes = {name: value for name, value in self.model_dump().items() if name in type(row).model_fields}
        try:
            type(self).__bases__[0].model_validate(row, update=changes)  # type: ignore[attr-defined]
        except ValidationError as error:
            raise RequestValidationError([e | {"loc": ("body", *e["loc"])} for e in error.errors()]) from None
        return row.sqlmodel_update(changes, update={"updated_at": utcnow()})


class Entity(SQLModel):
    """The columns every row and every Public schema begins with."""

    # revalidate_instances: a row returned as its Public schema is copied field by field, in declared
    # order, and an attribute that was never loaded is an error instead of silently absent.
    model_config = {"json_schema_serialization_defaults_required": True, "revalidate_instances": "always"}

    @declared_attr.directive
    def __tablename__(cls) -> str:  # BookingSlot -> booking_slots
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower() + "s"

    if not TYPE_CHECKING:

        @classmethod
        def model_validate(cls, obj: Any, *, update: dict[str, Any] | None = None, **options: Any) -> Any:
            """As SQLModel does it, but a new row gets its values at once, and not one by one through the ORM, which would
            note each as a change."""
            if not hasattr(cls, "__table__") or options:
                return super().model_validate(obj, update=update, **options)
            given = obj if isinstance(obj, dict) else {name: getattr(obj, name) for name in type(obj).model_fields}
            row = cls.__new__(cls)
            cls.__pydantic_validator__.validate_python({**given, **(update or {})}, self_instance=row)
            manager_of_class(cls).setup_instance(row)
            return row

    id: UUID = Field(default_factory=uuid7, primary_key=True, description="Made by the server; sorts by age.")
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


M = TypeVar("M", bound=BaseModel)
NOT_SET: frozenset[str] = frozenset()
_fill_fields, _fill_set, _fill_extra, _fill_private = (
    vars(BaseModel)[name].__set__
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


def bare(model: type[M], fields: dict[str, Any]) -> M:
    """An object with these fields as they are: nothing is validated, nothing is tracked."""
    made = object.__new__(model)
    _fill_fields(made, fields)
    _fill_set(made, NOT_SET)
    _fill_extra(made, None)
    _fill_private(made, None)
    return made


class Owned(SQLModel):
    """A row that belongs to the user who made it."""

    owner_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", description="Whose it is.")
