"""Comments on posts."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from sqlalchemy import bindparam
from sqlmodel import col

from api.db import SessionDep, fresh
from api.deps import CurrentUser, governed, visible_to_all
from api.flows.notifications import notify
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.models.comment import VISIBLE, Comment, CommentCreate, CommentPublic, CommentUpdate
from api.models.notification import NotificationKind
from api.models.post import VISIBLE as POST_VISIBLE
from api.models.post import Post, PostPermission, PostPublic
from api.web import Router

router = Router(tags=["comments"])

OF_POST = col(Comment.post_id) == bindparam("post_id")

VisiblePost = Annotated[Post, Depends(visible_to_all(Post, POST_VISIBLE, PostPublic))]
visible_comment = visible_to_all(Comment, VISIBLE, CommentPublic)
VisibleComment = Annotated[Comment, Depends(visible_comment)]
GovernedComment = Annotated[Comment, Depends(governed(visible_comment, "author_id", PostPermission.moderate))]


class CommentNotificationKind(NotificationKind):
    created = "comment.created"


class CommentQuery(PageQuery[Comment]):
    q: Annotated[Search | None, Searches("body")] = None
    sort: Literal["id"] = "id"


@router.get("/posts/{id}/comments", response_model=Page[CommentPublic])
async def list_comments(
    session: SessionDep, post: VisiblePost, query: Annotated[CommentQuery, Query()]
) -> Page[Comment]:
    return await paginate(session, query, OF_POST, post_id=post.id)


@router.post("/posts/{id}/comments", status_code=201, response_model=CommentPublic)
async def create_comment(
    session: SessionDep, user: CurrentUser, post: VisiblePost, body: CommentCreate
) -> Comment:
    comment = Comment.model_validate(body, update={"author_id": user.id, "post_id": post.id})
    if post.author_id != user.id:
        title = f"{user.full_name} commented on {post.title}"
        notify(
            session,
            post.author_id,
            CommentNotificationKind.created,
            title,
            comment,
            {"post_id": str(post.id)},
        )
    return await fresh(session, comment)


@router.get("/comments/{id}", response_model=CommentPublic)
async def get_comment(comment: VisibleComment) -> Comment:
    return comment


@router.patch("/comments/{id}", response_model=CommentPublic)
async def update_comment(comment: GovernedComment, body: CommentUpdate) -> Comment:
    return body.apply(comment)


@router.delete("/comments/{id}", status_code=204)
async def delete_comment(session: SessionDep, comment: GovernedComment) -> None:
    await session.delete(comment)
