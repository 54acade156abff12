"""What the layers of one request tell each other. It travels in the ASGI scope, and only this file knows
where."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import time

from fastapi import Response
from starlette.requests import HTTPConnection
from starlette.types import Scope

KEY = "api.context"


@dataclass(slots=True)
class Context:
    arrived: float = field(default_factory=time)  # seconds since 1970
    status: int = 0  # of the answer, once it has begun
    may_run_again: bool = False  # whether the handler may be called a second time
    keep_answer: Callable[[Response], None] | None = (
        None  # stores the answer with the effect, in one transaction
    )


def context_of(place: Scope | HTTPConnection) -> Context:
    scope = place.scope if isinstance(place, HTTPConnection) else place
    context: Context | None = scope.get(KEY)
    if context is None:
        context = scope[KEY] = Context()
    return context
