"""Pages of a club: made within it, and addressed by a slug."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import Index
from sqlmodel import Field, SQLModel, col

from api.models.base import Create, Entity, Update, listed
from api.models.club import in_club
from api.models.types import Line, Text

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class WikiPageBase(SQLModel):
    slug: Slug = Field(min_length=1, max_length=80, unique=True)
    title: Line = Field(min_length=1, max_length=100)
    text: Text = Field(default="", max_length=5000)


class WikiPageCreate(WikiPageBase, Create): ...


class WikiPageUpdate(WikiPageBase, Update): ...


class WikiPagePublic(WikiPageBase, Entity):
    club_id: UUID = Field(foreign_key="clubs.id", ondelete="CASCADE", description="The id of the owner.")


class WikiPage(WikiPagePublic, table=True):
    __table_args__ = (
        Index(None, "club_id", "title", unique=True),
        *listed("club_id", by=("id", "title")),
    )


VISIBLE = in_club(col(WikiPage.club_id))
