"""Seals: two entities have this one shape."""

from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Owned, Update, listed
from api.models.types import Line


class SealBase(SQLModel):
    motif: Line = Field(min_length=1, max_length=100)


class SealCreate(SealBase, Create): ...


class SealUpdate(SealBase, Update): ...


class SealPublic(SealBase, Owned, Entity): ...


class Seal(SealPublic, table=True):
    __table_args__ = listed("owner_id", by=("id",))
