"""Readings: a field of every type, and an optional one of each."""

import base64
import binascii
import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    WithJsonSchema,
)
from sqlalchemy import JSON, Numeric, TypeDecorator
from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Owned, Update, listed
from api.models.types import (
    BOUNDS,
    Day,
    Duration,
    EnumField,
    Flag,
    JsonObject,
    Line,
    Money,
    Number,
    TimeOfDay,
    UtcDatetime,
    Whole,
    idempotent,
)


class Quality(StrEnum):
    good = "good"
    bad = "bad"


def _to_bytes(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("This is not base64.") from None


def _is_written(pattern: str, said: str) -> Any:
    @idempotent
    def check(value: Any) -> Any:
        if isinstance(value, bool | int | float) or (
            isinstance(value, str) and not re.fullmatch(pattern, value)
        ):
            raise ValueError(said)
        return value

    return BeforeValidator(check)


Blob = Annotated[
    bytes,
    Field(max_length=1000),
    BeforeValidator(_to_bytes),
    PlainSerializer(lambda value: base64.b64encode(value).decode(), when_used="json"),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]
Weight = Annotated[Number, Field(ge=0, le=1000)]
Factor = Annotated[
    Decimal,
    Field(ge=0, le=100, max_digits=8, decimal_places=3),
    _is_written(r"\d{1,3}(\.\d{1,3})?", "Write this like 1.500."),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,2}[.][0-9]{3}$"}),
]
Labels = Annotated[list[Annotated[Line, Field(max_length=20)]], Field(max_length=5)]


class Place(BaseModel):
    """Where it was taken."""

    model_config = ConfigDict(extra="forbid")

    room: Line = Field(max_length=50)
    floor: Whole = Field(default=0, ge=-9, le=99)


class Places(TypeDecorator[Place]):
    """A place, stored as JSON."""

    impl, cache_ok = JSON(none_as_null=True), True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return value.model_dump(mode="json") if isinstance(value, Place) else value

    def process_result_value(self, value: Any, dialect: Any) -> Place | None:
        return None if value is None else Place.model_validate(value)


class ReadingBase(SQLModel):
    factor: Factor
    price: Money
    day: Day
    clock: TimeOfDay
    span: Duration
    taken_at: UtcDatetime
    blob: Blob
    labels: Labels = Field(sa_type=JSON)
    place: Place = Field(sa_type=Places)
    more: JsonObject = Field(default={}, sa_type=JSON, description=BOUNDS)
    sure: Flag = True
    quality: Quality = EnumField(Quality, Quality.good)
    weight_before: Weight | None = None
    factor_before: Factor | None = Field(default=None, sa_type=Numeric(8, 3))
    price_before: Money | None = Field(default=None, sa_type=Numeric(12, 2))
    day_before: Day | None = None
    clock_before: TimeOfDay | None = None
    span_before: Duration | None = None
    taken_before_at: UtcDatetime | None = None
    blob_before: Blob | None = None
    labels_before: Labels | None = Field(default=None, sa_type=JSON(none_as_null=True))
    place_before: Place | None = Field(default=None, sa_type=Places)
    sure_before: Flag | None = None
    previous_id: UUID | None = Field(
        default=None,
        foreign_key="readings.id",
        ondelete="SET NULL",
        index=True,
        description="The one before.",
    )


class ReadingCreate(ReadingBase, Create): ...


class ReadingUpdate(ReadingBase, Update): ...


class ReadingPublic(ReadingBase, Owned, Entity): ...


class Reading(ReadingPublic, table=True):
    __table_args__ = listed(
        "owner_id", by=("id", "weight_before", "factor", "day", "taken_before_at", "quality")
    )
