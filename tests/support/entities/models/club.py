"""Clubs: who is in one sees what belongs to it."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import validates
from sqlmodel import Field, SQLModel, col, select

from api.models.base import CALLER, Create, Entity
from api.models.types import Line


class ClubBase(SQLModel):
    name: Line = Field(min_length=1, max_length=100)


class ClubCreate(ClubBase, Create): ...


class ClubPublic(ClubBase, Entity): ...


class Club(ClubPublic, table=True):
    name_key: str = Field(max_length=400, unique=True)

    @validates("name")
    def _fold(self, _: str, value: Any) -> Any:
        self.name_key = value.casefold()
        return value


class ClubMember(SQLModel, table=True):
    club_id: UUID = Field(primary_key=True, foreign_key="clubs.id", ondelete="CASCADE")
    user_id: UUID = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE", index=True)


def in_club(column: Any) -> Any:
    """The scope of rows whose column names a club of the caller."""
    mine = (ClubMember.club_id == column, ClubMember.user_id == CALLER)
    return select(ClubMember.club_id).where(*mine).exists()


VISIBLE = in_club(col(Club.id))
