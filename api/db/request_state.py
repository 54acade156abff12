"""What the database knows of the request that it works for: its sessions."""

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.db.session import Session


class RequestState:
    """The sessions of a request. The middleware closes those that are used after the handler."""

    __slots__ = ("sessions",)

    def __init__(self) -> None:
        self.sessions: list[Session] = []

    @property
    def transaction(self) -> "Session | None":
        """The session that holds a connection."""
        return next((session for session in self.sessions if session.is_connected), None)


current: ContextVar[RequestState | None] = ContextVar("current", default=None)
