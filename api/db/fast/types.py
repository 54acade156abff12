"""The column types that the driver and the ORM treat alike, and the conversions of their values."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import UTCDateTime

from api.models.base import uuid_of

LEANS_ON = (
    "sqlalchemy.types:TypeEngine.bind_processor",
    "sqlalchemy.types:TypeEngine.dialect_impl",
    "sqlalchemy.types:TypeEngine.result_processor",
    "sqlalchemy.types:TypeEngine._variant_mapping",
    "sqlalchemy.types:TypeDecorator.load_dialect_impl",
)

Convert = Callable[[Any], Any]

# PostgreSQL's numbers of types. They tell SQLAlchemy which values the driver converts itself.
CODES: dict[type[TypeEngine[Any]], int] = {sa.Float: 701, sa.Double: 701, sa.Numeric: 1700}
TYPES = {  # the driver and the ORM read and write exactly these types alike
    sa.String, sa.Text, sa.VARCHAR, sa.TEXT, sa.Integer, sa.INTEGER, sa.BigInteger, sa.SmallInteger,
    sa.Boolean, sa.Uuid,
    sa.DateTime, sa.Date, sa.Numeric, sa.Float, sa.Double, sa.JSON, sa.LargeBinary, sa.Enum,
}  # fmt: skip


class Unfit(Exception):
    """The reason why the ORM has to handle a statement or a table."""


def check_type(declared: TypeEngine[Any], dialect: Dialect) -> None:
    """Raise Unfit unless the list has the type, or the type that it decorates."""
    type = declared
    while isinstance(type, TypeDecorator):
        type = type.load_dialect_impl(dialect)
    is_zoned = isinstance(type, sa.DateTime) and type.timezone and not isinstance(declared, UTCDateTime)
    if (
        is_zoned
        or type.__class__ not in TYPES
        or declared._variant_mapping
        or (isinstance(type, sa.Enum) and type.native_enum)
    ):
        raise Unfit(f"the ORM has to convert values of type {declared!r}")


def to_driver(type: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return type.dialect_impl(dialect).bind_processor(dialect)


def from_driver(type: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if isinstance(
        type, UTCDateTime
    ):  # on PostgreSQL the connection uses UTC, so the driver returns the right value
        return None if dialect.name == "postgresql" else _to_moment
    if type.__class__ is sa.Uuid and dialect.name == "sqlite" and type.as_uuid:
        return _to_uuid
    convert: Convert | None = type.dialect_impl(dialect).result_processor(dialect, CODES.get(type.__class__))
    return convert


def _to_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


def _to_uuid(text: str | None) -> UUID | None:
    return None if text is None else uuid_of(int(text, 16))
