"""Stored answers of POST requests, for clients that repeat a request with the same Idempotency-Key."""

from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from api.models.base import Entity


class IdempotencyKey(Entity, table=True):
    __creator__ = "user_id"  # a kept answer counts as what the user has stored
    __table_args__ = (UniqueConstraint("user_id", "key"), Index(None, "created_at"))

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    key: str = Field(max_length=200)
    request_hash: str = Field(max_length=64)
    status: int = 0
    location: str | None = Field(default=None, max_length=500)
    body: str = Field(default="", max_length=1_000_000)
    team_ids: list[str] | None = Field(default=None, sa_type=JSON)  # the user's teams at that time
