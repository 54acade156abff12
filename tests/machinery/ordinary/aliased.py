"""Entities with other names for their fields, or other ways to be written."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    ConfigDict,
    PlainSerializer,
    computed_field,
    field_serializer,
    model_serializer,
)
from pydantic.alias_generators import to_camel
from sqlmodel import Field

from tests.machinery.ordinary.house import Entity
from tests.machinery.ordinary.ladders import Apart, LadderBase


class LadderSerializedPublic(LadderBase, Entity):
    @field_serializer("amount")
    def _in_cents(self, value: Decimal) -> int:
        return int(value * 100)

    @field_serializer("created_at", when_used="json")
    def _as_seconds(self, value: datetime) -> float:
        return value.timestamp()


class LadderSerialized(LadderSerializedPublic, Apart, table=True): ...


class LadderModelSerializedPublic(LadderBase, Entity):
    @model_serializer(mode="wrap")
    def _sorted(self, inner: Any) -> dict[str, Any]:
        return {"kind": "ladder", **dict(sorted(inner(self).items()))}


class LadderModelSerialized(LadderModelSerializedPublic, Apart, table=True): ...


class LadderComputedPublic(LadderBase, Entity):
    @computed_field  # type: ignore[prop-decorator]
    @property
    def label(self) -> str:
        return f"{self.name} ({self.colour})"

    @computed_field(alias="isDear", return_type=bool)  # type: ignore[prop-decorator]
    @property
    def is_dear(self) -> bool:
        return self.amount > 1


class LadderComputed(LadderComputedPublic, Apart, table=True): ...


class LadderVersionPublic(LadderBase, Entity):
    version: int = 3


class LadderVersion(LadderVersionPublic, Apart, table=True): ...


class LadderAliasPublic(LadderBase, Entity):
    model_config = ConfigDict(validate_by_name=True)  # type: ignore[assignment]
    name: str = Field(alias="fullName")


class LadderAlias(LadderAliasPublic, Apart, table=True): ...


class LadderOnlyAliasPublic(
    LadderBase, Entity
):  # FastAPI reads such from what has the alias, and not from rows
    name: str = Field(alias="fullName")


class LadderWrittenAliasPublic(LadderBase, Entity):
    name: str = Field(serialization_alias="writtenName")


class LadderWrittenAlias(LadderWrittenAliasPublic, Apart, table=True): ...


class LadderReadAliasPublic(LadderBase, Entity):
    model_config = ConfigDict(validate_by_name=True)  # type: ignore[assignment]
    name: str = Field(validation_alias="readName")


class LadderReadAlias(LadderReadAliasPublic, Apart, table=True): ...


class LadderCamelPublic(LadderBase, Entity):
    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)  # type: ignore[assignment]


class LadderCamel(LadderCamelPublic, Apart, table=True): ...


class LadderAnnotatedPublic(LadderBase, Entity):
    amount: Annotated[Decimal, PlainSerializer(lambda value: f"{value} EUR", return_type=str)] = Decimal(2)
    note: Annotated[str | None, Field(exclude=True)] = None


class LadderAnnotated(LadderAnnotatedPublic, Apart, table=True): ...
