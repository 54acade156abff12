"""Posts. Everybody sees published posts; only the author sees drafts."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query

from api.db import SessionDep, fresh
from api.deps import CurrentUser, MaybeUser, governed, scope_values, visible_to_all
from api.lists import By, Page, PageQuery, Search, Searches, paginate
from api.models.post import (
    DRAFT,
    PUBLISHED,
    VISIBLE,
    Post,
    PostCreate,
    PostPermission,
    PostPublic,
    PostUpdate,
)
from api.web import Router

router = Router(prefix="/posts", tags=["posts"])

visible_post = visible_to_all(Post, VISIBLE, PostPublic)
VisiblePost = Annotated[Post, Depends(visible_post)]
GovernedPost = Annotated[Post, Depends(governed(visible_post, "author_id", PostPermission.moderate))]


class PostQuery(PageQuery[Post]):
    author_id: UUID | None = None
    published: Annotated[bool | None, By(lambda yes: PUBLISHED if yes else DRAFT)] = None
    q: Annotated[Search | None, Searches("title", "body", of_all=True)] = None
    sort: Literal["id", "published_at", "updated_at"] = "id"


@router.get("", response_model=Page[PostPublic])
async def list_posts(
    session: SessionDep, user: MaybeUser, query: Annotated[PostQuery, Query()]
) -> Page[Post]:
    return await paginate(session, query, VISIBLE, **scope_values(user))


@router.post("", status_code=201, response_model=PostPublic)
async def create_post(session: SessionDep, user: CurrentUser, body: PostCreate) -> Post:
    return await fresh(session, Post.model_validate(body, update={"author_id": user.id}))


@router.get("/{id}", response_model=PostPublic)
async def get_post(post: VisiblePost) -> Post:
    return post


@router.patch("/{id}", response_model=PostPublic)
async def update_post(post: GovernedPost, body: PostUpdate) -> Post:
    return body.apply(post)


@router.delete("/{id}", status_code=204)
async def delete_post(session: SessionDep, post: GovernedPost) -> None:
    await session.delete(post)
