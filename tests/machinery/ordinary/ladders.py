"""Entities as the house has them, each with something on its Public schema that Pydantic documents.

Their tables have a registry of their own, so that no other test takes them for the app's.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    field_validator,
    model_validator,
)
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from tests.machinery.ordinary.house import Entity, EnumField

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Apart(SQLModel, registry=registry()):
    """What makes a table one of these."""


class Colour(StrEnum):
    red = "red"
    blue = "blue"


ROW: dict[str, Any] = {
    "id": UUID(int=7),
    "created_at": NOON,
    "updated_at": NOON + timedelta(hours=1),
    "name": "rung",
    "note": None,
    "amount": Decimal("2.25"),
    "colour": Colour.blue,
}


class LadderBase(SQLModel):
    name: str
    note: str | None = None
    amount: Decimal = Decimal("1.50")
    colour: Colour = EnumField(Colour, Colour.red)


class LadderPlainPublic(LadderBase, Entity): ...


class LadderPlain(LadderPlainPublic, Apart, table=True):
    secret: str = "hidden"


class LadderBeforePublic(LadderBase, Entity):
    @field_validator("name", mode="before")
    @classmethod
    def _shout(cls, value: Any) -> Any:
        return f"{value}!"


class LadderBefore(LadderBeforePublic, Apart, table=True): ...


class LadderAfterPublic(LadderBase, Entity):
    @field_validator("name", "note")
    @classmethod
    def _upper(cls, value: str | None) -> str:
        return (value or "nothing").upper()


class LadderAfter(LadderAfterPublic, Apart, table=True): ...


class LadderWrapPublic(LadderBase, Entity):
    @field_validator("amount", mode="wrap")
    @classmethod
    def _double(cls, value: Any, inner: Callable[[Any], Decimal]) -> Decimal:
        return inner(value) * 2


class LadderWrap(LadderWrapPublic, Apart, table=True): ...


class LadderModelAfterPublic(LadderBase, Entity):
    @model_validator(mode="after")
    def _complete(self) -> Self:
        self.__dict__["note"] = f"about {self.name}"
        return self


class LadderModelAfter(LadderModelAfterPublic, Apart, table=True): ...


class LadderModelWrapPublic(LadderBase, Entity):
    @model_validator(mode="wrap")
    @classmethod
    def _around(cls, value: Any, inner: Any) -> Any:
        made = inner(value)
        made.__dict__["note"] = "wrapped"
        return made


class LadderModelWrap(LadderModelWrapPublic, Apart, table=True): ...


def masked(iban: str) -> str:
    return f"{iban[:2]}{'*' * (len(iban) - 6)}{iban[-4:]}"


class LadderIbanPublic(LadderBase, Entity):
    iban: Annotated[str, AfterValidator(masked)] = "DE89370400440532013000"


class LadderIban(LadderIbanPublic, Apart, table=True): ...


class LadderEntityFirstPublic(Entity, LadderBase): ...


class LadderEntityFirst(LadderEntityFirstPublic, Apart, table=True): ...


class LadderExtraPublic(LadderBase, Entity):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, use_enum_values=True)  # type: ignore[assignment]


class LadderExtra(LadderExtraPublic, Apart, table=True): ...


class LinePublic(BaseModel):
    text: str
    count: int = 1

    @field_validator("count")
    @classmethod
    def _more(cls, value: int) -> int:
        return value + 1


class LadderNestedPublic(LadderBase, Entity):
    lines: list[LinePublic] = []
    by_name: dict[str, LinePublic] = {}
    first: LinePublic | None = None
    inner: LadderAfterPublic | None = None
    rungs: list[LadderPlainPublic] = []
