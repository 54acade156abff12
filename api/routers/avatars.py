"""Pictures of users. Users change their own; everybody sees them."""

from typing import Annotated, Any

from fastapi import Depends, File, Response
from sqlmodel import col

from api.db import SessionDep, delete_rows
from api.deps import PUBLIC, CurrentUser, SettingsDep, found
from api.flows.accounts import lock_user
from api.flows.pictures import clean_picture
from api.models.avatar import Avatar, AvatarUpload, ImageType, image_type
from api.models.base import utcnow
from api.models.user import User, UserPublic
from api.problems import Code, ProblemError, problems, too_large
from api.web import Router

router = Router(tags=["avatars"])

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}  # a new picture has a new path
SHOWN: dict[str, Any] = {type.value: {"schema": {"type": "string", "format": "binary"}} for type in ImageType}

AnyAvatar = Annotated[Avatar, Depends(found(Avatar))]


@router.put(
    "/users/me/avatar",
    response_model=UserPublic,
    form_limits={"max_files": 1},
    responses=problems(Code.invalid_request),
)
async def set_avatar(
    session: SessionDep, settings: SettingsDep, user: CurrentUser, form: Annotated[AvatarUpload, File()]
) -> User:
    """Replace the picture. The new picture has a new path in `avatar_url`.

    The server encodes the picture anew, without its metadata. Of an animation, it keeps the first frame.
    """
    data = await form.file.read()
    if len(data) > settings.max_upload_bytes:
        raise too_large(settings.max_upload_bytes)
    if (content_type := image_type(data)) is None:
        raise ProblemError(Code.unsupported_media_type, "Send a PNG, JPEG, WebP or GIF file.")
    data = await clean_picture(data, content_type, settings)
    me = await lock_user(session, user.id)
    await delete_rows(session, Avatar, col(Avatar.user_id) == me.id)
    avatar = Avatar(user_id=me.id, content_type=content_type, data=data)
    session.add(avatar)
    me.avatar_url, me.updated_at = f"/api/v1/avatars/{avatar.id}", utcnow()
    return me


@router.delete("/users/me/avatar", status_code=204)
async def delete_avatar(session: SessionDep, user: CurrentUser) -> None:
    me = await lock_user(session, user.id)
    await delete_rows(session, Avatar, col(Avatar.user_id) == me.id)
    if me.avatar_url is not None:
        me.avatar_url, me.updated_at = None, utcnow()


@router.get(
    "/avatars/{id}", dependencies=[PUBLIC], response_class=Response, responses={200: {"content": SHOWN}}
)
async def get_avatar(avatar: AnyAvatar) -> Response:
    return Response(avatar.data, media_type=avatar.content_type, headers=FOR_EVER)
