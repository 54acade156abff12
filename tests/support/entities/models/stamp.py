"""Stamps: two entities have this one shape."""

from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Owned, Update, listed
from api.models.types import Line


class StampBase(SQLModel):
    motif: Line = Field(min_length=1, max_length=100)


class StampCreate(StampBase, Create): ...


class StampUpdate(StampBase, Update): ...


class StampPublic(StampBase, Owned, Entity): ...


class Stamp(StampPublic, table=True):
    __differs__ = {"what is deleted is gone": "A stamp that is given away stays in the album."}
    __table_args__ = listed("owner_id", by=("id",))
