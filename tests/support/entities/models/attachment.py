"""Attachments: files of somebody's own, made by a form."""

from fastapi import UploadFile
from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Owned, listed
from api.models.types import Line, Text


class AttachmentBase(SQLModel):
    title: Line = Field(min_length=1, max_length=100)
    remark: Text = Field(default="", max_length=1000)


class AttachmentCreate(AttachmentBase, Create):
    file: UploadFile = Field(description="Anything.")


class AttachmentPublic(AttachmentBase, Owned, Entity):
    size: int = Field(description="How many bytes it has.")


class Attachment(AttachmentPublic, table=True):
    __table_args__ = listed("owner_id", by=("id", "size"))

    data: bytes
