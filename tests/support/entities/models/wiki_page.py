"""Pages of a team: made within it, and addressed by a slug."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import Index
from sqlmodel import Field, SQLModel, col

from api.models.base import Create, Entity, Update, listed
from api.models.team import in_team
from api.models.types import Line, Text

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class WikiPageBase(SQLModel):
    slug: Slug = Field(min_length=1, max_length=80, unique=True)
    title: Line = Field(min_length=1, max_length=100)
    text: Text = Field(default="", max_length=5000)


class WikiPageCreate(WikiPageBase, Create): ...


class WikiPageUpdate(WikiPageBase, Update): ...


class WikiPagePublic(WikiPageBase, Entity):
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE", description="The id of the owner.")


class WikiPage(WikiPagePublic, table=True):
    __table_args__ = (
        Index(None, "team_id", "title", unique=True),
        *listed("team_id", by=("id", "title")),
    )


VISIBLE = in_team(col(WikiPage.team_id))
