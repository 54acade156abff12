"""Files of my own."""

from typing import Annotated, Literal

from api.models.attachment import Attachment, AttachmentCreate, AttachmentPublic
from fastapi import Depends, File, Query, Response

from api.db import SessionDep
from api.deps import CallerId, mine, owned, scope_values
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.web import Router

router = Router(prefix="/attachments", tags=["attachments"])

MINE = mine(Attachment)
MyAttachment = Annotated[Attachment, Depends(owned(Attachment))]


class AttachmentQuery(PageQuery[Attachment]):
    size_min: int | None = None
    q: Annotated[Search | None, Searches("title")] = None
    sort: Literal["id", "size"] = "id"


class Raw(Response):
    media_type = "application/octet-stream"


@router.get("")
async def list_attachments(
    session: SessionDep, caller: CallerId, query: Annotated[AttachmentQuery, Query()]
) -> Page[AttachmentPublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201, form_limits={"max_files": 1})
async def create_attachment(
    session: SessionDep, caller: CallerId, form: Annotated[AttachmentCreate, File()]
) -> AttachmentPublic:
    data = await form.file.read()
    update = {"owner_id": caller, "data": data, "size": len(data)}
    attachment = Attachment.model_validate(form, update=update)
    session.add(attachment)
    return attachment


@router.get("/{id}")
async def get_attachment(attachment: MyAttachment) -> AttachmentPublic:
    return attachment


@router.get("/{id}/content", response_class=Raw)
async def get_content(attachment: MyAttachment) -> Response:
    return Raw(attachment.data)


@router.delete("/{id}", status_code=204)
async def delete_attachment(session: SessionDep, attachment: MyAttachment) -> None:
    await session.delete(attachment)
