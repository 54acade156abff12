"""The types of fields. They refuse values that a database cannot store, and ambiguous values."""

import json
import re
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    FiniteFloat,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError
from sqlalchemy import TypeDecorator
from sqlmodel import Field

from api.open_enums import OpenEnum
from api.security import is_visible

F = TypeVar("F", bound=Callable[..., Any])


def pure(validator: F) -> F:
    """Mark a validator without side effects that depends only on the value, so its results can be cached."""
    validator.pure = True  # type: ignore[attr-defined]  # read by the fast path
    return validator


def idempotent(validator: F) -> F:
    """Mark a pure validator that never changes its own results, so stored values need not pass it again."""
    validator.idempotent = True  # type: ignore[attr-defined]  # read by the fast path
    return pure(validator)


# Characters that show nothing: white space, and the most common ones without width or shape.
BLANK = (
    r"\s\x80-\xa0\xad\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
ONE_LINE = rf"^([^\x00-\x1f\x7f]*[^\x00-\x1f\x7f{BLANK}][^\x00-\x1f\x7f]*)?$"
NO_NUL = rf"^([^\x00]*[^\x00-\x1f\x7f{BLANK}][^\x00]*)?$"  # PostgreSQL cannot store a NUL
VERBATIM = r"^[^\x00]*$"
URL = r"^https?://[^\x00-\x20\x7f]+$"
WORDED = {  # what is said about a value that does not match the pattern
    ONE_LINE: "Write at least one visible character, on one line, and no control characters.",
    NO_NUL: "Write at least one visible character, and no NUL characters.",
    VERBATIM: "Remove the NUL characters.",
    URL: "Write an address that begins with https:// or http://, without spaces.",
}

Line = Annotated[str, StringConstraints(pattern=ONE_LINE)]  # empty, or one line that shows something
Text = Annotated[str, StringConstraints(pattern=NO_NUL)]  # empty, or any text that shows something
Verbatim = Annotated[str, StringConstraints(pattern=VERBATIM)]  # also only spaces, as a password
# An address of a page. Others do harm when they are clicked, such as `javascript:`
Url = Annotated[
    str,
    StringConstraints(pattern=URL),
    WithJsonSchema({"type": "string", "format": "uri", "maxLength": 2000}),
]


@idempotent
def visible(value: str) -> str:
    if not is_visible(value):
        raise ValueError("This contains an invisible character. Remove it, or write the name anew.")
    return value


Name = Annotated[Line, AfterValidator(visible)]  # one line that is unique, so each name looks different


@idempotent
def _to_utc(value: datetime) -> datetime:
    try:
        value = value.astimezone(UTC)
    except OverflowError:
        value = datetime.min.replace(tzinfo=UTC)
    if not 1 < value.year < 9999:  # other years overflow in some time zones
        raise ValueError("The year must be between 2 and 9998.")
    return value


def _written(pattern: str, said: str) -> BeforeValidator:
    """Refuse numbers, which Pydantic also accepts: their unit is ambiguous. Refuse texts of another form."""

    @idempotent
    def check(value: Any) -> Any:
        if isinstance(value, int | float) or (isinstance(value, str) and not re.match(pattern, value)):
            raise ValueError(said)
        return value

    return BeforeValidator(check)


@idempotent
def _storable(value: timedelta) -> timedelta:
    if abs(value) > timedelta(days=365_000):  # SQLite stores the moment so long after 1970
        raise ValueError("A duration has at most 365,000 days.")
    return value


@idempotent
def _a_number(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("This must be a whole number.")
    return value


DATE = _written(r"\d{4}-", "Write a date like 2030-12-31, and a time like 2030-12-31T09:00:00Z.")
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?$"

UtcDatetime = Annotated[AwareDatetime, DATE, AfterValidator(_to_utc)]
Day = Annotated[date, DATE]
TimeOfDay = Annotated[
    time,
    _written(CLOCK, "Write a time like 09:30:00, without a time zone."),
    WithJsonSchema({"type": "string", "pattern": CLOCK, "examples": ["09:30:00"]}),
]
Duration = Annotated[
    timedelta, _written(r"[+-]?P", "Write a duration like PT1H30M."), AfterValidator(_storable)
]
Flag = Annotated[bool, Strict()]  # not "yes", "1" or 1
Whole = Annotated[int, BeforeValidator(_a_number)]  # not "1" or true; in JSON Schema, 1.0 is an integer
Number = Annotated[FiniteFloat, Strict()]  # not "1" or true


def EnumField(enum: type[StrEnum], default: StrEnum, **kwargs: Any) -> Any:
    """A VARCHAR column with a CHECK constraint of the enum's values: the same DDL on both engines.

    The constraint's name contains a checksum of the values, so Alembic detects a change of them.
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


class OpenEnumColumn(TypeDecorator[OpenEnum]):
    """A VARCHAR column whose values the app checks, so that a new value needs no migration.

    A stored value that no entity declares any more reads as the default.
    """

    impl, cache_ok = sa.String, True

    def __init__(self, enum: type[OpenEnum], default: OpenEnum) -> None:
        super().__init__(32)
        self.enum, self.default = enum, default

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Any) -> OpenEnum | None:
        return None if value is None else self.enum.of(value) or self.default


def OpenEnumField(enum: type[OpenEnum], default: OpenEnum, **kwargs: Any) -> Any:
    """A column for an enum whose members are declared beside several entities."""
    return Field(default=default, sa_type=OpenEnumColumn(enum, default), **kwargs)


@idempotent
def _as_text(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError('Write the amount as a string, like "12.50", because a JSON number is not exact.')
    return value


Money = Annotated[
    Decimal,
    Field(ge=0, max_digits=12, decimal_places=2),
    BeforeValidator(_as_text),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,10}([.][0-9]{1,2})?$", "examples": ["12.50"]}),
]


LARGEST, DEEPEST = 20_000, 10
WORDY = f"Use at most {LARGEST:,} characters of JSON."
BOUNDS = f"Any JSON object of at most {LARGEST} characters and {DEEPEST} levels."


@idempotent
def _bounded(data: dict[str, Any]) -> dict[str, Any]:
    if _depth(data) > DEEPEST:
        raise ValueError(f"This is nested too deeply: at most {DEEPEST} levels are allowed.")
    text = json.dumps(data)
    if len(text) > LARGEST:
        raise PydanticCustomError("too_long", WORDY, {"max_length": LARGEST})
    if "\\u0000" in text:
        raise ValueError("This contains a NUL character. Remove it.")
    return data


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0) if isinstance(value, (dict, list)) else 0


JsonObject = Annotated[dict[str, Any], AfterValidator(_bounded)]
