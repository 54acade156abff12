"""Avatars: pictures of users, stored in the database, because replicas share it and backups include it."""

import re
from enum import StrEnum
from uuid import UUID

from fastapi import UploadFile
from sqlmodel import Field

from api.models.base import Create, Entity
from api.models.types import EnumField


class ImageType(StrEnum):
    png = "image/png"
    jpeg = "image/jpeg"
    webp = "image/webp"
    gif = "image/gif"


BEGINNINGS = {
    ImageType.png: rb"\x89PNG\r\n\x1a\n",
    ImageType.jpeg: rb"\xff\xd8\xff",
    ImageType.webp: rb"(?s:RIFF....WEBP)",
    ImageType.gif: rb"GIF8[79]a",
}


def image_type(data: bytes) -> ImageType | None:
    """The media type, from the content. Browsers trust it, so the client's declared type is ignored."""
    return next((type for type, beginning in BEGINNINGS.items() if re.match(beginning, data)), None)


class AvatarUpload(Create):
    file: UploadFile = Field(
        description="A PNG, JPEG, WebP or GIF file. The server detects the format from the content."
    )


class AvatarPublic(Entity):
    content_type: ImageType = EnumField(ImageType, ImageType.png)


class Avatar(AvatarPublic, table=True):
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    data: bytes
