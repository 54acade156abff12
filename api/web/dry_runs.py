"""Dry runs: a write with `Prefer: dry-run` is answered as it would be, and leaves nothing behind.

The session checks everything that a commit checks, and is then rolled back (see api/db/dry_run.py). What runs
after the response does not run. A route whose attempts are counted, or whose answer is a secret, refuses.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Request

from api.db.dry_run import DryRunCode
from api.db.request_state import RequestState
from api.problems import ProblemError
from api.web.context import context_of
from api.web.duplicates import dependencies_of

F = TypeVar("F", bound=Callable[..., Any])

WRITES = {"POST", "PUT", "PATCH", "DELETE"}
DRY_RUN = "dry-run"
APPLIED = {b"preference-applied": DRY_RUN.encode()}


def no_dry_run(reason: str) -> Callable[[F], F]:
    """Mark a handler that cannot be tried, with the reason: it has effects outside of the database."""

    def mark(handler: F) -> F:
        handler.no_dry_run = reason  # type: ignore[attr-defined]  # read by `why_not`
        return handler

    return mark


def counting(dependency: F) -> F:
    """Mark a dependency that counts attempts. Its routes refuse dry runs, which would be free guesses."""
    dependency.counts = True  # type: ignore[attr-defined]  # read by `why_not`
    return dependency


def why_not(route: Any) -> str | None:
    """Why a route refuses dry runs, or None if it does not."""
    if reason := getattr(route.endpoint, "no_dry_run", None):
        return str(reason)
    counts = any(getattr(one.call, "counts", False) for one in dependencies_of(route.dependant))
    asks = any(getattr(one.call, "is_throttle", False) for one in route.dependant.dependencies)
    return "Attempts are counted." if counts or asks else None


def wants_dry_run(request: Request) -> bool:
    """Whether `Prefer` has this preference, by RFC 7240."""
    given = ",".join(request.headers.getlist("prefer")).split(",")
    return any(one.partition(";")[0].strip().lower() == DRY_RUN for one in given)


def begin(request: Request, state: RequestState, reason: str | None) -> None:
    if reason is not None:
        raise ProblemError(DryRunCode.no_dry_run)
    state.is_dry = True
    context_of(request).headers.update(APPLIED)
