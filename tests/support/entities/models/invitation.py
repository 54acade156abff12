"""Invitations to a team: whoever has the token of one may read it. The token is told once."""

from uuid import UUID

from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, listed
from api.models.types import Line


class InvitationBase(SQLModel):
    greeting: Line = Field(min_length=1, max_length=200)


class InvitationCreate(InvitationBase, Create): ...


class InvitationPublic(InvitationBase, Entity):
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE", description="To which team.")


class InvitationMade(InvitationPublic):
    token: str = Field(description="Whoever has it may read the invitation.")


class Invitation(InvitationPublic, table=True):
    __table_args__ = listed("team_id", by=("id",))

    token: str = Field(max_length=64, unique=True)
