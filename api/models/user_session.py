"""Sessions: one for each sign-in on a device, with all its refresh tokens."""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from api.models.base import Entity
from api.models.types import Line
from api.models.user import UserSummary


class UserSessionRow(Entity):
    __examples__: ClassVar[dict[str, Any]] = {
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "ip_address": "203.0.113.7",
        "last_used_at": "2030-05-13T18:20:00Z",
        "expires_at": "2030-06-13T18:20:00Z",
    }

    user_agent: Line | None = Field(
        default=None, max_length=300, description="The `User-Agent` header of the client."
    )
    ip_address: Line | None = Field(default=None, max_length=45)
    last_used_at: datetime
    expires_at: datetime


class UserSessionPublic(UserSessionRow):
    __examples__: ClassVar[dict[str, Any]] = {"impersonator": None}

    current: bool = Field(description="Whether this request uses this session.")
    impersonator: UserSummary | None = Field(
        description="The administrator who acts as you by this session. Null if it is your own."
    )


OF_IMPERSONATORS = text("impersonator_session_id IS NOT NULL")


class UserSession(UserSessionRow, table=True):
    __activity__ = False  # it is a sign-in
    __table_args__ = (
        Index(None, "user_id", "id"),
        Index(None, "user_id", "last_used_at"),
        Index(None, "expires_at"),
        Index(
            None,
            "impersonator_session_id",
            sqlite_where=OF_IMPERSONATORS,
            postgresql_where=OF_IMPERSONATORS,
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    revoked_at: datetime | None = None
    confirmed_at: datetime | None = None  # when the user last gave the password, here or at the sign-in
    # Of an administrator who acts as the user: the administrator's own session. This one ends with it.
    impersonator_session_id: UUID | None = Field(
        default=None, foreign_key="user_sessions.id", ondelete="CASCADE"
    )


class RefreshToken(Entity, table=True):
    """A refresh token of a session.

    Used tokens stay stored until the session expires, so that the server detects their reuse.
    """

    session_id: UUID = Field(foreign_key="user_sessions.id", ondelete="CASCADE", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    used_at: datetime | None = None
    contended_at: datetime | None = None  # when a parallel request sent the same token


class Tokens(SQLModel):
    """The response of signing in, registering, refreshing, and acting as another user."""

    __examples__: ClassVar[dict[str, Any]] = {"expires_in": 900}

    model_config = {"json_schema_serialization_defaults_required": True}

    access_token: str = Field(description="Send it as `Authorization: Bearer …`.")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  a term of OAuth2
    expires_in: int = Field(description="Seconds until the access token expires.")
    refresh_token: str | None = Field(description="Null if it is in the cookie, or if there is none.")
