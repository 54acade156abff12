"""A model for each type of column, each made as the house makes one: value is what there is to look at."""

import enum
import ipaddress
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import new_class
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from pydantic import NaiveDatetime
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import Range
from sqlmodel import AutoString, Field, SQLModel

from tests.machinery.ordinary_db.house import Create, Entity, Owned
from tests.machinery.ordinary_db.models import Apart


class Colour(enum.Enum):
    red = "RED!"
    green = "GREEN!"


class Mood(enum.StrEnum):
    good = "is good"
    bad = "is bad"


class Level(enum.IntEnum):
    low = 1
    high = 9


class Reversed(sa.types.TypeDecorator[str]):
    """A type of one's own."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else f"<{value[::-1]}>"

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value[-2:0:-1]


class Kind(NamedTuple):
    name: str
    model: Any
    public: Any
    create: Any
    values: tuple[Any, ...]
    only: str | None
    is_json: bool  # whether Pydantic can write it as JSON, and read it


KINDS: list[Kind] = []


def _kind(
    name: str, type: Any, column: Any, *values: Any, only: str | None = None, is_json: bool = True
) -> None:
    def add(own: dict[str, Any]) -> None:
        own["model_config"] = {"arbitrary_types_allowed": True}
        own["__annotations__"] = {"value": type | None}
        own["__module__"] = __name__
        own["value"] = Field(default=None, **({} if column is None else {"sa_type": column}))

    called = "Ordinary" + "".join(part.title() for part in name.split("_"))
    base = new_class(f"{called}Base", (SQLModel,), {}, add)
    create = new_class(f"{called}Create", (base, Create))
    public = new_class(f"{called}Public", (base, Owned, Entity))
    table = {
        "__tablename__": f"ordinary_kind_{name}",
        "__table_args__": {"info": {"only": only} if only else {}},
    }
    model = new_class(called, (public, Apart), {"table": True}, lambda own: own.update(table))
    KINDS.append(Kind(name, model, public, create, values, only, is_json))


_kind("str", str, None, "a", "ünï'\"%:x", "")
_kind("autostring", str, AutoString(20), "a")
_kind("text", str, sa.Text, "a\nb")
_kind("char", str, sa.CHAR(5), "ab")
_kind("unicode", str, sa.Unicode(20), "日本")
_kind("int", int, None, 0, -5, 2**31 - 1)
_kind("bigint", int, sa.BigInteger, 2**62, -(2**62))
_kind("smallint", int, sa.SmallInteger, 7, -7)
_kind("float", float, None, 1.5, 0.1, 1e300, -0.0)
_kind("float_column", float, sa.Float, 1.5, 2.0, 0.1)
_kind("float_rounded", Decimal, sa.Float(asdecimal=True, decimal_return_scale=3), Decimal("1.5"))
_kind("double", float, sa.Double, 1.5, 3.0)
_kind("real", float, sa.REAL, 1.5, 0.25)
_kind("decimal", Decimal, None, Decimal("1.5"), Decimal("12"))
_kind("numeric", Decimal, sa.Numeric(12, 2), Decimal("9.9"), Decimal("10.00"), Decimal("-0.05"))
_kind("numeric_float", float, sa.Numeric(12, 2, asdecimal=False), 9.9, 10.0)
_kind("bool", bool, None, True, False)
_kind("date", date, None, date(2020, 2, 29), date(1, 1, 1))
_kind("time", time, None, time(12, 30, 1, 5), time(0, 0))
_kind("naive", NaiveDatetime, None, datetime(2020, 1, 2, 3, 4, 5, 6), datetime(2020, 1, 2))  # noqa: DTZ001
_kind(
    "aware",
    datetime,
    None,
    datetime(2020, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))),
    datetime(2020, 7, 2, tzinfo=UTC),
)
_kind("aware_column", datetime, sa.DateTime(timezone=True), datetime(2020, 7, 2, 1, tzinfo=UTC))
_kind(
    "timedelta", timedelta, None, timedelta(days=400, seconds=5, microseconds=7), timedelta(-1), timedelta()
)
_kind("uuid", UUID, None, UUID(int=5), UUID(int=2**127))
_kind("uuid_text", str, sa.Uuid(as_uuid=False), str(UUID(int=6)))
_kind("bytes", bytes, None, b"abc", b"")
_kind("large_binary", bytes, sa.LargeBinary, b"\x00\xff'", is_json=False)
_kind("enum", Colour, None, Colour.red, Colour.green)
_kind("enum_in_text", Colour, sa.Enum(Colour, native_enum=False), Colour.red)
_kind(
    "enum_by_value",
    Colour,
    sa.Enum(Colour, name="colours", values_callable=lambda e: [x.value for x in e]),
    Colour.red,
)
_kind("strenum", Mood, None, Mood.good, Mood.bad)
_kind(
    "strenum_in_text", Mood, sa.Enum(Mood, native_enum=False, create_constraint=True, name="mood"), Mood.bad
)
_kind("intenum", Level, None, Level.low, Level.high)
_kind("enum_of_words", str, sa.Enum("some", "none", name="words"), "some")
_kind("json", Any, sa.JSON, {"a": [1, 2.5, None, True, "é"]}, [1], "text", 5)
_kind("json_null", Any, sa.JSON(none_as_null=True), {"a": {}})
_kind("pickle", Any, sa.PickleType, {"a": (1, {2}, date(2020, 1, 1))}, is_json=False)
_kind("decorated", str, Reversed, "abc", "x")

PG: dict[str, Any] = {"only": "postgresql"}
_kind("jsonb", Any, pg.JSONB, {"b": 1, "a": [1.50]}, [], **PG)
_kind("integers", list[int], pg.ARRAY(sa.Integer), [1, 2], [], **PG)
_kind("strings", list[str], pg.ARRAY(sa.String), ["a", 'b"{},'], **PG)
_kind("matrix", list[list[int]], sa.ARRAY(sa.Integer, dimensions=2), [[1, 2], [3, 4]], **PG)
_kind("decimals", list[Decimal], pg.ARRAY(sa.Numeric(8, 2)), [Decimal("1.50")], **PG)
_kind("uuids", list[UUID], pg.ARRAY(sa.Uuid), [UUID(int=5)], **PG)
_kind("enums", list[Mood], pg.ARRAY(sa.Enum(Mood, name="moods")), [Mood.good, Mood.bad], **PG)
_kind("tsvector", str, pg.TSVECTOR, "'a' 'fat':2", **PG)
_kind("macaddr", str, pg.MACADDR, "08:00:2b:01:02:03", **PG)
_kind("inet", Any, pg.INET, "10.1.2.3", "10.1.0.0/16", is_json=False, **PG)
_kind("cidr", Any, pg.CIDR, ipaddress.ip_network("10.1.0.0/16"), is_json=False, **PG)
_kind("bit", Any, pg.BIT(3), pg.BitString("101") if hasattr(pg, "BitString") else "101", is_json=False, **PG)
_kind("money", str, pg.MONEY, "$1.50", **PG)
_kind("citext", str, pg.CITEXT, "Abc", **PG)
_kind("hstore", dict[str, str | None], pg.HSTORE, {"a": "1", "b": None}, **PG)
_kind("interval", timedelta, pg.INTERVAL(precision=3), timedelta(days=3, hours=5), **PG)
_kind(
    "timestamp", datetime, pg.TIMESTAMP(timezone=True, precision=0), datetime(2020, 7, 2, 1, tzinfo=UTC), **PG
)
_kind("timetz", time, sa.Time(timezone=True), time(12, 30, tzinfo=UTC), **PG)
_kind("range", Any, pg.INT4RANGE, Range(1, 5), Range(empty=True), Range(3, None), is_json=False, **PG)
_kind("date_range", Any, pg.DATERANGE, Range(date(2020, 1, 1), date(2020, 2, 1)), is_json=False, **PG)
_kind("multirange", Any, pg.INT4MULTIRANGE, [Range(1, 5), Range(7, 9)], is_json=False, **PG)
_kind("oid", int, pg.OID, 5, **PG)
