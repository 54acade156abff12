"""Teams: who is in one sees what belongs to it."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import validates
from sqlmodel import Field, SQLModel, col, select

from api.models.base import CALLER, Create, Entity
from api.models.types import Line


class TeamBase(SQLModel):
    name: Line = Field(min_length=1, max_length=100)


class TeamCreate(TeamBase, Create): ...


class TeamPublic(TeamBase, Entity): ...


class Team(TeamPublic, table=True):
    name_key: str = Field(max_length=400, unique=True)

    @validates("name")
    def _fold(self, _: str, value: Any) -> Any:
        self.name_key = value.casefold()
        return value


class TeamMember(SQLModel, table=True):
    team_id: UUID = Field(primary_key=True, foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE", index=True)


def in_team(column: Any) -> Any:
    """The scope of rows whose column names a team of the caller."""
    mine = (TeamMember.team_id == column, TeamMember.user_id == CALLER)
    return select(TeamMember.team_id).where(*mine).exists()


VISIBLE = in_team(col(Team.id))
