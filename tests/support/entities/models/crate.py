"""Crates of a team, and the plates on them, which refer to crates of the same team."""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Update, listed
from api.models.team import Shared, TeamPermission, TeamRef
from api.models.trashable import Trashable
from api.models.types import EnumField, Line


class CratePermission(TeamPermission):
    seal = "crates:seal"


class Wood(StrEnum):
    oak = "oak"
    pine = "pine"


class CrateBase(SQLModel):
    content: Line = Field(min_length=1, max_length=100)
    wood: Wood = EnumField(Wood, Wood.pine)


class CrateCreate(CrateBase, TeamRef, Create): ...


class CrateUpdate(CrateBase, Update): ...


class CratePublic(CrateBase, Shared, Trashable, Entity): ...


class Crate(CratePublic, table=True):
    __live__ = ("created", "updated", "deleted")
    __table_args__ = listed("team_id", by=("id", "content"))


class PlateBase(SQLModel):
    words: Line = Field(default="", max_length=100)
    crate_id: UUID | None = Field(
        default=None, foreign_key="crates.id", ondelete="SET NULL", index=True, description="On which crate."
    )


class PlateCreate(PlateBase, TeamRef, Create): ...


class PlateUpdate(PlateBase, Update): ...


class PlatePublic(PlateBase, Shared, Entity): ...


class Plate(PlatePublic, table=True):
    __table_args__ = listed("team_id", by=("id",))
