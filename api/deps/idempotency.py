"""Retries: a POST with an Idempotency-Key takes effect once. A repetition gets the same answer for 24 hours.

One transaction stores the key and the effect, so both exist or neither.
"""

import hashlib
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Request, Response
from sqlmodel import col, delete, func, select

from api.db.request_session import SessionDep
from api.deps.authentication import CurrentUser, declares
from api.models.base import utcnow
from api.models.idempotency_key import IdempotencyKey
from api.problems import Code, ProblemError
from api.web.context import context_of

KEPT = timedelta(hours=24)
WORDS = "A unique key of your choice. Requests with the same key take effect once and get the same answer."
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$", description=WORDS
    ),
]


class Replay(Exception):
    """Ends the request with the stored answer."""

    def __init__(self, kept: IdempotencyKey) -> None:
        headers = {"Idempotent-Replayed": "true"} | ({"Location": kept.location} if kept.location else {})
        self.response = Response(kept.body, kept.status, headers, media_type="application/json")


@declares("", Code.request_in_progress, Code.key_reused)
async def once(request: Request, session: SessionDep, user: CurrentUser, idempotency_key: Key = None) -> None:
    """Return the stored answer for a repeated request, else store the answer of this request."""
    if idempotency_key is None:
        return
    same_key = (col(IdempotencyKey.user_id) == user.id, col(IdempotencyKey.key) == idempotency_key)
    if session.get_bind().dialect.name == "postgresql":  # SQLite allows only one writer at a time
        lock = func.pg_try_advisory_xact_lock(func.hashtextextended(f"{user.id} {idempotency_key}", 0))
        if not (await session.exec(select(lock))).one():
            raise ProblemError(Code.request_in_progress)
    await session.exec(
        delete(IdempotencyKey).where(*same_key, col(IdempotencyKey.created_at) < utcnow() - KEPT)
    )
    kept = (await session.exec(select(IdempotencyKey).where(*same_key))).one_or_none()
    asked = hashlib.sha256(f"{request.url.path}\n".encode() + await request.body()).hexdigest()
    if kept is None:
        new = IdempotencyKey(user_id=user.id, key=idempotency_key, request_hash=asked)
        context_of(request).keep_answer = lambda response: session.add(_filled(new, response))
    elif kept.request_hash == asked:
        raise Replay(kept)
    else:
        raise ProblemError(Code.key_reused)


ONCE = Depends(once)


def _filled(row: IdempotencyKey, response: Response) -> IdempotencyKey:
    row.status, row.location = response.status_code, response.headers.get("location")
    row.body = bytes(response.body).decode()
    return row


def install(app: FastAPI) -> None:
    @app.exception_handler(Replay)
    async def replay(_: Request, ended: Replay) -> Response:
        return ended.response
