"""Entities whose Public types a column more closely than its table does."""

from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BaseModel, SecretStr, StringConstraints
from sqlmodel import Field

from tests.machinery.ordinary.house import Entity
from tests.machinery.ordinary.ladders import Apart, LadderBase


class Part(BaseModel):
    street: str


class LadderTypedPublic(LadderBase, Entity):
    items: list[Part]
    by_name: dict[str, Part]
    secrets: dict[str, SecretStr]
    numbers: list[float]


class LadderTyped(LadderBase, Entity, Apart, table=True):
    items: Any = Field(sa_type=sa.JSON)
    by_name: Any = Field(sa_type=sa.JSON)
    secrets: Any = Field(sa_type=sa.JSON)
    numbers: Any = Field(sa_type=sa.JSON)


PART = {"street": "a", "hidden": "not for clients"}
TYPED = {"items": [PART], "by_name": {"a": PART}, "secrets": {"a": "b"}, "numbers": [1]}


class LadderLoudPublic(LadderBase, Entity):
    name: Annotated[str, StringConstraints(to_upper=True)]


class LadderLoud(LadderBase, Entity, Apart, table=True): ...
