"""Shields the clean-up of dependencies with `yield` when the request is cancelled, as FastAPI does."""

from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any

from anyio import CancelScope
from anyio.lowlevel import checkpoint_if_cancelled


class Shielded(AbstractAsyncContextManager[Any]):
    """A dependency, and a scope that has been entered before it and is left after it.

    A scope that is entered only for the clean-up would be inside those that the dependency has entered,
    although these are left first.
    """

    __slots__ = ("dependency", "scope")

    def __init__(self, dependency: AbstractAsyncContextManager[Any], scope: CancelScope) -> None:
        self.dependency, self.scope = dependency, scope

    async def __aenter__(self) -> Any:
        return await self.dependency.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        was_shielded, self.scope.shield = self.scope.shield, True
        try:
            is_swallowed = await self.dependency.__aexit__(kind, error, trace)
        finally:
            self.scope.shield = was_shielded
        if error is None or is_swallowed:
            await checkpoint_if_cancelled()  # the clean-up may have swallowed the cancellation
        return is_swallowed
