"""What the database knows of the request that it works for: its sessions, and whether its client has left."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from uuid import UUID

from api.problems import Code, ProblemError

if TYPE_CHECKING:
    from api.db.session import Session


class RequestState:
    """The sessions of a request. The middleware closes those that are used after the handler."""

    __slots__ = (
        "client", "impersonator_id", "is_dry", "opening", "request_id", "sessions", "tasks", "user_id",
    )  # fmt: skip

    def __init__(self, client: Any = None, request_id: str | None = None) -> None:
        self.sessions: list[Session] = []
        self.is_dry = False  # whether all is rolled back in the end
        self.opening: Callable[[Session], Awaitable[None]] | None = None  # called with the new session
        self.tasks: list[Any] = []  # what is left for after the response, with the letters
        self.client = client  # the `send` of the server, until the response begins
        self.user_id: UUID | None = None  # the caller, as the token says
        self.impersonator_id: UUID | None = None  # the administrator who acts as the caller
        self.request_id = request_id

    @property
    def is_abandoned(self) -> bool:
        """Whether the client has closed its connection.

        By ASGI, only `receive` tells, which may be busy with the body. So this asks the server's transport.
        """
        transport = getattr(getattr(self.client, "__self__", None), "transport", None)
        return transport is not None and bool(transport.is_closing())

    @property
    def transaction(self) -> "Session | None":
        """The session that holds a connection."""
        return next((session for session in self.sessions if session.is_connected), None)


current: ContextVar[RequestState | None] = ContextVar("current", default=None)


def note_caller(user_id: UUID, impersonator_id: UUID | None = None) -> None:
    """Note who asks, for the history, the activity, and the log line of the request."""
    if (state := current.get()) is not None:
        state.user_id, state.impersonator_id = user_id, impersonator_id


def refuse_abandoned() -> None:
    """Refuse to begin for a client that has left, perhaps while its request waited for others."""
    state = current.get()
    if state is not None and state.is_abandoned:
        raise ProblemError(Code.unavailable)
