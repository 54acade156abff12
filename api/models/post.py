"""Posts. A post is a draft until `published_at`."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import case, true
from sqlmodel import Field, Relationship, SQLModel, col

from api.models.admin_view import AdminView
from api.models.base import CALLER, NOW, TO_ONE, Create, Entity, Permission, Update, listed, utcnow
from api.models.types import Line, Text, UtcDatetime
from api.models.user import User, UserSummary


class PostPermission(Permission):
    moderate = "posts:moderate"


class PostBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "title": "Summer party",
        "body": "Bring cake. We have lemonade.",
        "published_at": "2030-05-01T07:00:00Z",
    }

    title: Line = Field(min_length=1, max_length=200)
    body: Text = Field(default="", max_length=100_000)
    published_at: UtcDatetime | None = Field(
        default=None, description="If null or in the future, the post is a draft."
    )


class PostCreate(PostBase, Create): ...


class PostUpdate(PostBase, Update): ...


class PostRow(PostBase, Entity): ...


class PostPublic(PostRow):
    __examples__: ClassVar[dict[str, Any]] = {"comment_count": 2}

    author: UserSummary
    comment_count: int = Field(description="The number of comments.")


class Post(PostRow, table=True):
    __table_args__ = (*listed("author_id", by=("id",)), *listed(by=("published_at", "updated_at")))
    __admin__ = AdminView(buttons={"Publish now": {"published_at": utcnow}})

    author_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    author: User = Relationship(sa_relationship_kwargs=TO_ONE)


PUBLISHED = col(Post.published_at) <= NOW
DRAFT = col(Post.published_at).is_(None) | (col(Post.published_at) > NOW)
# Not an OR: SQLite would read a separate index for each half, and sort all rows for the first page.
VISIBLE = case((PUBLISHED, true()), else_=col(Post.author_id) == CALLER)
