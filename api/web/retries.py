"""Runs a request a second time if another request has changed its row meanwhile.

This happens only for handlers that are marked as repeatable.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from fastapi import Request, Response

from api.problems import RowChanged
from api.web.context import context_of

F = TypeVar("F", bound=Callable[..., Any])
Answer = Callable[[Request], Awaitable[Response]]

FUNCTION_SCOPE = "fastapi_function_astack"  # FastAPI's key for what ends before the response is sent


def repeatable(handler: F) -> F:
    """Mark a handler that may run twice for one request, because it changes nothing but its database session.

    The row in the path is then not locked. If another request changes the row meanwhile, this request is
    rolled back and runs again, with the row locked. A handler without this mark runs once, and its row is
    locked from the start.
    """
    handler.repeatable = True  # type: ignore[attr-defined]  # read by `is_repeatable`
    return handler


def is_repeatable(handler: Any) -> bool:
    return bool(getattr(handler, "repeatable", False))


def may_run_again(request: Request) -> bool:
    return context_of(request).may_run_again


async def answer_again(answer: Answer, request: Request) -> Response:
    """The response. If another request has changed the row meanwhile, it is the response to a second attempt.

    The session commits when its function scope ends, so each attempt has its own scope.
    """
    if not isinstance(request.scope.get(FUNCTION_SCOPE), AsyncExitStack):
        return await answer(request)
    context = context_of(request)
    context.may_run_again = True
    try:
        return await _in_scope(answer, request)
    except RowChanged:
        context.may_run_again = False
        return await _in_scope(answer, request)


async def _in_scope(answer: Answer, request: Request) -> Response:
    async with AsyncExitStack() as stack:
        request.scope[FUNCTION_SCOPE] = stack
        return await answer(request)
    raise RuntimeError("A dependency has swallowed the exception of its route.")
