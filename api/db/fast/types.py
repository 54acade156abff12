"""Which columns the driver reads and writes exactly as the ORM does, and how values are converted for it and
from it."""

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

# How PostgreSQL numbers types, by which SQLAlchemy sees what the driver gives by itself.
CODES: dict[type[TypeEngine[Any]], int] = {sa.Float: 701, sa.Double: 701, sa.Numeric: 1700}
TYPES = {  # columns of exactly these are read and written alike by either way
    sa.String, sa.Text, sa.VARCHAR, sa.TEXT, sa.Integer, sa.INTEGER, sa.BigInteger, sa.SmallInteger,
    sa.Boolean, sa.Uuid,
    sa.DateTime, sa.Date, sa.Numeric, sa.Float, sa.Double, sa.JSON, sa.LargeBinary, sa.Enum,
}  # fmt: skip


class Unfit(Exception):
    """Why the ORM has to do it."""


def check_type(declared: TypeEngine[Any], dialect: Dialect) -> None:
    """Raise unless it is on the list, or a decorator around one that is."""
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
        raise Unfit(f"values of type {declared!r} are the ORM's to read and write")


def to_driver(type: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return type.dialect_impl(dialect).bind_processor(dialect)


def from_driver(type: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if isinstance(
        type, UTCDateTime
    ):  # on PostgreSQL the connection is in UTC, and the driver gives the right thing at once
        return None if dialect.name == "postgresql" else _to_moment
    if type.__class__ is sa.Uuid and dialect.name == "sqlite" and type.as_uuid:
        return _to_uuid
    convert: Convert | None = type.dialect_impl(dialect).result_processor(dialect, CODES.get(type.__class__))
    return convert


def _to_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


def _to_uuid(text: str | None) -> UUID | None:
    return None if text is None else uuid_of(int(text, 16))
