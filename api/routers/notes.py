"""Your private notes."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CallerId, mine, owned, scope_values
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.models.note import Note, NoteCreate, NotePublic, NoteUpdate
from api.web import Router, repeatable

router = Router(prefix="/notes", tags=["notes"])

MINE = mine(Note)
MyNote = Annotated[Note, Depends(owned(Note))]


class NoteQuery(PageQuery[Note]):
    q: Annotated[Search | None, Searches("title", "content")] = None
    sort: Literal["id", "title", "updated_at"] = "id"


@router.get("")
async def list_notes(
    session: SessionDep, caller: CallerId, query: Annotated[NoteQuery, Query()]
) -> Page[NotePublic]:
    return await paginate(session, query, MINE, **scope_values(caller))


@router.post("", status_code=201)
async def create_note(session: SessionDep, caller: CallerId, body: NoteCreate) -> NotePublic:
    note = Note.model_validate(body, update={"owner_id": caller})
    session.add(note)
    return note


@router.get("/{id}")
async def get_note(note: MyNote) -> NotePublic:
    return note


@router.patch("/{id}")
@repeatable
async def update_note(note: MyNote, body: NoteUpdate) -> NotePublic:
    return body.apply(note)


@router.delete("/{id}", status_code=204)
@repeatable
async def delete_note(session: SessionDep, note: MyNote) -> None:
    await session.delete(note)
