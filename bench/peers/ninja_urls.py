"""The routes of ninja."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import jwt
import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from ninja import NinjaAPI, Router, Schema, Status
from ninja.errors import HttpError
from ninja.renderers import BaseRenderer
from ninja.security import HttpBearer
from pydantic import Field

from bench.peers import contract
from bench.peers.django_notes.models import Note, User, account, signed_in


class ORJSONRenderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data)


class Bearer(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        try:
            return account(token)
        except (jwt.InvalidTokenError, KeyError, ValueError):
            return None


Title = Annotated[str, Field(min_length=1, max_length=200)]
Content = Annotated[str, Field(max_length=50_000)]


class NoteIn(Schema):
    title: Title
    content: Content = ""


class NotePatch(Schema):
    title: Title | None = None
    content: Content | None = None


class NoteOut(Schema):
    id: UUID
    created_at: datetime
    updated_at: datetime
    title: str
    content: str
    owner_id: UUID


class NotePage(Schema):
    items: list[NoteOut]
    next_cursor: str | None
    total: int | None


class SignIn(Schema):
    username: str
    password: str


router = Router(auth=Bearer())


@router.get("/notes", response=NotePage)
def list_notes(request: HttpRequest, limit: int = 50, cursor: str | None = None, q: str | None = None) -> Any:
    found = list(Note.objects.asked_for(request.auth, cursor, q)[: limit + 1])
    more = len(found) > limit
    return {
        "items": found[:limit],
        "next_cursor": contract.next_cursor(found[limit - 1].id) if more else None,
        "total": None,
    }


@router.post("/notes", response={201: NoteOut})
def create_note(request: HttpRequest, body: NoteIn) -> Any:
    return Status(201, Note.objects.create(**body.dict(), owner_id=request.auth.id))


@router.get("/notes/{uuid:id}", response=NoteOut)
def get_note(request: HttpRequest, id: UUID) -> Any:
    return get_object_or_404(Note, id=id, owner_id=request.auth.id)


@router.patch("/notes/{uuid:id}", response=NoteOut)
def update_note(request: HttpRequest, id: UUID, body: NotePatch) -> Any:
    note = get_object_or_404(Note, id=id, owner_id=request.auth.id)
    for name, value in body.dict(exclude_unset=True).items():
        setattr(note, name, value)
    note.save()
    return note


@router.post("/auth/login", auth=None)
def login(request: HttpRequest, body: SignIn) -> dict[str, str]:
    user_id = signed_in(body.username, body.password)
    if user_id is None:
        raise HttpError(401, "Incorrect username or password")
    return {"access_token": contract.access_token(user_id), "token_type": "bearer"}


def health(_: HttpRequest) -> HttpResponse:
    return HttpResponse("true")


api = NinjaAPI(renderer=ORJSONRenderer(), openapi_url=None)
api.add_router("", router)
urlpatterns = [path("api/v1/", api.urls), path("health", health)]
