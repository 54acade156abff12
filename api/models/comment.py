"""Comments on posts."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import column_property
from sqlmodel import Field, Relationship, SQLModel, func, select

from api.models.base import TO_ONE, Create, Entity, Update, listed
from api.models.post import VISIBLE as POST_VISIBLE
from api.models.post import Post
from api.models.types import Text
from api.models.user import User, UserSummary


class CommentBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {"body": "We will be there!"}

    body: Text = Field(min_length=1, max_length=5000)


class CommentCreate(CommentBase, Create): ...


class CommentUpdate(CommentBase, Update): ...


class CommentRow(CommentBase, Entity):
    post_id: UUID = Field(foreign_key="posts.id", ondelete="CASCADE", description="The id of the post.")


class CommentPublic(CommentRow):
    author: UserSummary


class Comment(CommentRow, table=True):
    __table_args__ = (*listed("post_id", by=("id",)), *listed("author_id", by=("id",)))

    author_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    author: User = Relationship(sa_relationship_kwargs=TO_ONE)


Post.comment_count = column_property(  # a field of PostPublic, counted in the same query
    select(func.count()).where(Comment.post_id == Post.id).correlate_except(Comment).scalar_subquery()
)

# A comment is visible to all users who may see its post.
VISIBLE = select(Post.id).where(Post.id == Comment.post_id, POST_VISIBLE).exists()
