"""Retries: a POST with an Idempotency-Key takes effect once. A repetition gets the same answer for 24 hours.

This holds for every POST whose caller is signed in and which uses the session. One transaction stores the
key and the effect, so both exist or neither.

An answer may contain rows of teams. It is repeated only while the user is in all teams that they were in when
it was given.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import Field, TypeAdapter, ValidationError
from sqlmodel import col, delete, func, select

from api.db.session import Session
from api.models.base import utcnow
from api.models.idempotency_key import IdempotencyKey
from api.models.team import TeamMember
from api.problems import Code, ProblemError
from api.security import fingerprint
from api.web.context import context_of
from api.web.duplicates import TYPE, dependencies_of
from api.web.field_errors import field_error
from api.web.requests import JSON, identifying

F = TypeVar("F", bound=Callable[..., Any])

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
LONGEST = 1_000_000  # characters of an answer that is kept
PATTERN = r"^[\x21-\x7e]+$"
BOUNDARY = re.compile(r"""^multipart/.*?boundary=["']?([^"';,\s]+)""", re.I)
KEY = TypeAdapter(Annotated[str, Field(min_length=1, max_length=200, pattern=PATTERN)])
CODES = (Code.request_in_progress, Code.answer_withheld, Code.key_reused)


class Replay(Exception):
    """Ends the request with the stored answer."""

    def __init__(self, kept: IdempotencyKey) -> None:
        headers = {"Idempotent-Replayed": "true"} | ({"Location": kept.location} if kept.location else {})
        media_type = JSON if kept.body else None
        self.response = Response(kept.body or None, kept.status, headers, media_type=media_type)


def not_kept(reason: str) -> Callable[[F], F]:
    """Mark a POST whose answers are not kept, so that it takes no Idempotency-Key: they contain secrets."""

    def mark(handler: F) -> F:
        handler.not_kept = reason  # type: ignore[attr-defined]  # read by `takes_key`
        return handler

    return mark


def takes_key(route: Any) -> bool:
    """Whether a route takes an Idempotency-Key: a POST, or another route that declares ONCE."""
    calls = [one.call for one in dependencies_of(route.dependant)]
    is_once = "POST" in (route.methods or ()) or any(getattr(call, "is_once", False) for call in calls)
    kind = getattr(route.response_class, "value", route.response_class)
    is_stream = issubclass(kind, StreamingResponse | FileResponse)
    is_stream = is_stream or getattr(getattr(route, "original_route", route), "is_sse_stream", False)
    return (
        is_once
        and any(getattr(call, "is_session", False) for call in calls)
        and next(identifying(route.dependant), None) is not None
        and not is_stream
        and not getattr(route.endpoint, "not_kept", None)
    )


def key_in(request: Request) -> str:
    """The key in the header, if it is valid, else a 422."""
    given = request.headers.getlist(HEADER)
    try:
        if len(given) > 1:
            error = {"loc": ("header", HEADER.lower()), "msg": "Give this only once.", "type": TYPE}
            raise ProblemError(Code.invalid_request, errors=[field_error(error)])
        return KEY.validate_python(given[0])
    except ValidationError as error:
        found = [one | {"loc": ("header", HEADER)} for one in error.errors()]
        raise RequestValidationError(found) from None


async def asked_by(request: Request) -> str:
    """A digest of all that is asked. It has a key, because the body may contain what could be guessed."""
    body = await request.body()
    if boundary := BOUNDARY.search(request.headers.get("content-type", "")):
        body = body.replace(boundary[1].encode("latin-1"), b"")  # clients choose another one each time
    digest = hashlib.sha256(body).hexdigest()
    return fingerprint(request.app.state.settings, request.url.path, request.url.query, digest)


async def keep_once(request: Request, session: Session, user_id: UUID, key: str, asked: str) -> None:
    """Raise the stored answer of a repeated request, else keep the answer of this one."""
    same_key = (col(IdempotencyKey.user_id) == user_id, col(IdempotencyKey.key) == key)
    if session.get_bind().dialect.name == "postgresql":  # SQLite allows only one writer at a time
        lock = func.pg_try_advisory_xact_lock(func.hashtextextended(f"{user_id} {key}", 0))
        if not (await session.exec(select(lock))).one():
            raise ProblemError(Code.request_in_progress)
    await session.exec(
        delete(IdempotencyKey).where(*same_key, col(IdempotencyKey.created_at) < utcnow() - KEPT)
    )
    kept = (await session.exec(select(IdempotencyKey).where(*same_key))).one_or_none()
    if kept is None:
        new = IdempotencyKey(user_id=user_id, key=key, request_hash=asked)
        before = await _teams_of(session, user_id)

        async def keep(response: Response) -> None:
            row = _filled(new, response)
            row.team_ids = sorted(before | await _teams_of(session, user_id)) if row.body else []
            session.add(row)

        context_of(request).keep_answer = keep
    elif kept.request_hash != asked:
        raise ProblemError(Code.key_reused)
    elif kept.team_ids and not await _teams_of(session, user_id) >= {*kept.team_ids}:
        raise ProblemError(Code.answer_withheld)
    else:
        raise Replay(kept)


async def _teams_of(session: Session, user_id: UUID) -> set[str]:
    teams = select(TeamMember.team_id).where(TeamMember.user_id == user_id)
    return {str(id) for id in (await session.exec(teams)).all()}


def _filled(row: IdempotencyKey, response: Response) -> IdempotencyKey:
    body, kind = getattr(response, "body", None), (response.media_type or JSON).partition(";")[0]
    if body is None or (body and kind != JSON):
        said = "This answer cannot be kept for its Idempotency-Key, because it is no JSON."
        raise RuntimeError(f"{said} Mark the handler with @not_kept and the reason.")
    if len(body) > LONGEST:
        said = "The answer would be too long to be kept for its Idempotency-Key. Send fewer rows at once."
        raise ProblemError(Code.too_large, said)
    row.status, row.location = response.status_code, response.headers.get("location")
    row.body = bytes(body).decode()
    return row
