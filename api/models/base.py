"""The base classes of all models.

    Base    the fields a client writes       BookBase
    Create  Base, unknown fields refused     BookCreate(BookBase, Create)
    Update  Base, every field optional       BookUpdate(BookBase, Update)
    Public  Base plus the server's fields    BookPublic(BookBase, Owned, Entity)
    table   Public plus private columns      Book(BookPublic, table=True)

A route always returns a Public. A row of books *is* its Public, so a route annotated `-> BookPublic`
returns the row.

A Public may also have fields that are no columns: a nested row, or a count. Then the table extends a Row,
which has the public columns, and the Public adds these fields to the Row:

    Row     Base plus the server's columns   ShelfRow(ShelfBase, Entity)
    Public  Row plus fields without column   ShelfPublic(ShelfRow)
    table   Row plus private columns         Shelf(ShelfRow, table=True)

Such a route declares `response_model=ShelfPublic` and `-> Shelf`, and returns the row too.

Each column is declared once. Fields use only the types of `types.py`, which refuse values that a database
cannot store.
"""

import os
import re
import time
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, get_args
from uuid import UUID, SafeUUID

import sqlalchemy as sa
from fastapi.exceptions import RequestValidationError
from pydantic import MISSING, TypeAdapter, ValidationError
from sqlalchemy import MetaData, text
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel, UTCDateTime
from sqlmodel.main import default_registry

from api.models.children import with_children
from api.models.decimals import set_with_scale
from api.models.states import Beginning, check_transitions
from api.models.versions import Versioned, next_after
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
NOW_SQL = text("CURRENT_TIMESTAMP")


def utcnow() -> datetime:
    return datetime.now(UTC)


def uuid7() -> UUID:
    """An RFC 9562 version 7 id (method 3): milliseconds, 12 bits of their fraction, 62 random bits."""
    ms, ns = divmod(time.time_ns(), 1_000_000)
    chance = int.from_bytes(os.urandom(8)) >> 2
    return uuid_of(ms << 80 | 7 << 76 | (ns << 12) // 1_000_000 << 64 | 0b10 << 62 | chance)


def uuid_of(number: int) -> UUID:
    """UUID(int=number) without its checks, for a valid number."""
    made = object.__new__(UUID)
    object.__setattr__(made, "int", number)
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


def listed(scope: str | None = None, *, by: tuple[str, ...]) -> tuple[sa.Index, ...]:
    """The indexes of a list: one for each sort order, each beginning with the scope's column."""
    keys = [tuple(dict.fromkeys(filter(None, (scope, key, "id")))) for key in by]
    return tuple(sa.Index(None, *columns) for columns in keys if columns != ("id",))


class Create(Beginning):
    """A request body. It refuses unknown fields."""


Row = TypeVar("Row", bound="Entity")


class Update(Create):
    """A PATCH body: every field is optional, and only nullable fields accept null.

    An absent field reads as None, and is in neither `model_fields_set` nor `model_dump()`.
    """

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

    def apply(self, row: Row, *, by: Any = None) -> Row:
        """Change the row, if it is valid for its Base then. `by` is the caller, if its states ask for one."""
        changes = {name: value for name, value in self.model_dump().items() if name in type(row).model_fields}
        try:
            type(self).__bases__[0].model_validate(row, update=changes)  # type: ignore[attr-defined]
        except ValidationError as error:
            raise RequestValidationError([e | {"loc": ("body", *e["loc"])} for e in error.errors()]) from None
        check_transitions(row, changes, by)
        changes["updated_at"] = next_after(row.updated_at)
        if Entity.__fast__ and Entity.__fast__.change(row, changes):
            return row
        return row.sqlmodel_update(changes)


class Entity(Versioned, SQLModel):
    """The first columns of every table and every Public schema."""

    # The changes of a table that become live events, see db/live_events.py.
    __live__: ClassVar[tuple[Literal["created", "updated", "deleted"], ...]] = ()

    # revalidate_instances: a row returned as its Public schema is copied field by field, in declared
    # order, and an attribute that was never loaded is an error instead of silently absent.
    model_config = {"json_schema_serialization_defaults_required": True, "revalidate_instances": "always"}

    # The module db/fast/writing.py, which builds and changes rows with less work, if the fast path is on.
    __fast__: ClassVar[Any] = None

    # The tests of tests/promises that do not apply to this entity, each with the reason. They are skipped.
    # The key is the name of the test in words: {"a deleted row is gone": "An archive keeps all."}
    __differs__: ClassVar[dict[str, str]] = {}

    if not TYPE_CHECKING:

        @classmethod
        def model_validate(cls, obj: Any, *, update: dict[str, Any] | None = None, **options: Any) -> Any:
            """Pass a body to SQLModel as a dict, because SQLModel reads the fields of an object slowly."""
            if isinstance(obj, Create) and not options:
                if cls.__sqlmodel_relationships__:
                    return with_children(cls, super().model_validate, obj, update)
                obj, update = {**vars(obj), **(update or {})}, None
                if Entity.__fast__ and (row := Entity.__fast__.build(cls, obj)) is not None:
                    return row
            return super().model_validate(obj, update=update, **options)

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        types = (field.annotation for field in cls.model_fields.values())
        if any(Decimal in (one, *get_args(one)) for one in types):
            type.__setattr__(cls, "__setattr__", set_with_scale)

    @declared_attr.directive
    def __tablename__(cls) -> str:  # TeamMember -> team_members
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower() + "s"

    id: UUID = Field(default_factory=uuid7, primary_key=True, description="A UUIDv7, which sorts by age.")
    created_at: datetime = Field(default_factory=utcnow, sa_column_kwargs={"server_default": NOW_SQL})
    updated_at: datetime = Field(
        default_factory=utcnow, sa_column_kwargs={"server_default": NOW_SQL, "onupdate": utcnow}
    )


# The parameters of scopes: the caller's id and the current time. A scope is a constant beside its model or in
# its router, such as `col(Book.owner_id) == CALLER`. Each query binds the values.
CALLER, NOW = sa.bindparam("caller", type_=sa.Uuid()), sa.bindparam("now", type_=UTCDateTime())

# A query loads a relationship to one row with a join, and one to several with `to_many` of children.py.
TO_ONE = {"lazy": "joined", "innerjoin": True}
TO_ONE_OR_NONE = {"lazy": "joined"}


class Permission(OpenEnum):
    """All permissions that a role can have."""


OWNERS = ("owner_id", "user_id")  # the columns that may name the user whose row it is


class Owned(SQLModel):
    """A row that belongs to the user who created it."""

    owner_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", description="The id of the owner.")


def tables() -> list[Any]:
    """All classes with a table, sorted by table name."""
    mappers = sorted(default_registry.mappers, key=lambda mapper: str(mapper.local_table))
    return [mapper.class_ for mapper in mappers]


def public_of(model: type[Any]) -> type[Any] | None:
    """The Public schema of a table: a base class of the table, or the class that extends its Row."""
    shown, name = model.__bases__[0], f"{model.__name__}Public"
    return next((one for one in (shown, *shown.__subclasses__()) if one.__name__ == name), None)


@lru_cache
def _adapter(public: Any) -> TypeAdapter[Any]:
    return TypeAdapter(public)


def as_json(row: Any, public: Any) -> bytes:
    """The row as JSON, as a route with this Public schema returns it."""
    adapter = _adapter(public)
    return adapter.dump_json(adapter.validate_python(row, from_attributes=True), by_alias=True)
