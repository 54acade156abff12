"""The state of a request that its middleware, dependencies and route share, in the ASGI scope."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from time import time
from typing import Any
from uuid import UUID

from fastapi import Response
from starlette.requests import HTTPConnection
from starlette.types import Scope

KEY = "api.context"


class Part(Enum):
    """What a row that is loaded is to the request: its own row, the parent of this row, or another one."""

    own = "own"
    parent = "parent"
    other = "other"


@dataclass(slots=True)
class Context:
    arrived: float = field(default_factory=time)  # when the last byte of the request came: seconds since 1970
    status: int = 0  # of the response, once it has begun
    headers: dict[bytes, bytes] = field(default_factory=dict)  # that HeadersMiddleware adds to the response
    may_run_again: bool = False  # whether the handler may be called a second time
    part: Part = Part.own  # of the row that a dependency is loading
    team_id: UUID | None = None  # of the rows of a team that dependencies have loaded
    # stores the response in the same transaction as its effect
    keep_answer: Callable[[Response], Awaitable[None]] | None = None


def context_of(place: Scope | HTTPConnection) -> Context:
    scope: Any = getattr(place, "scope", place)  # isinstance is slow for a class that is a Mapping
    context: Context | None = scope.get(KEY)
    if context is None:
        context = scope[KEY] = Context()
    return context
