"""A case is one function of a session. It is run in handlers of the house, and on a plain AsyncSession."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple, overload

import pytest

from tests.conftest import THOROUGH

ENGINES = ("sqlite", "postgresql")
Act = Callable[..., Awaitable[Any]]


MINOR = (
    "ignore:(?s).*session.exec:DeprecationWarning",  # SQLModel would rather have `exec` used
    "ignore:coroutine .* was never awaited:RuntimeWarning",  # what MissingGreenlet leaves behind
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
marks = [pytest.mark.anyio, *map(pytest.mark.filterwarnings, MINOR)]


class Case(NamedTuple):
    name: str
    act: Act
    only: str | None = None  # the engine that has what it needs
    raises: str | None = None  # what it ends with everywhere
    commits: bool = True
    around: Callable[[], AbstractContextManager[Any]] = nullcontext
    given: tuple[Any, ...] = ()  # what its handler is given beside the session: see `House`


class Cases(list[Case]):
    @overload
    def __call__(self, act: Act, *, name: str = "", **options: Any) -> Act: ...

    @overload
    def __call__(self, *, name: str = "", **options: Any) -> Callable[[Act], Act]: ...

    def __call__(self, act: Act | None = None, *, name: str = "", **options: Any) -> Any:
        """A decorator."""
        if act is None:
            return lambda act: self(act, name=name, **options)
        options.setdefault("commits", "raises" not in options)
        self.append(Case(name or getattr(act, "__name__", ""), act, **options))
        return act

    def on_each_engine(self) -> pytest.MarkDecorator:
        """Run a test for each case on each engine that it is for; without THOROUGH, on one of them in turn."""
        # What is equal pytest would run one after the other, and make each database anew every time.
        pairs = [
            (kind, case._replace(only=kind))
            for turn, kind in enumerate(ENGINES)
            for number, case in enumerate(self)
            if case.only == kind or (case.only is None and (THOROUGH or number % len(ENGINES) == turn))
        ]
        ids = [f"{kind}-{case.name}" for kind, case in pairs]
        return pytest.mark.parametrize(("kind", "case"), pairs, indirect=["kind"], ids=ids, scope="session")


FAST = (True, False) if THOROUGH else (True,)
WAYS = [(method, fast) for fast in FAST for method in ("GET", "POST")]
in_every_way = pytest.mark.parametrize(
    "way", WAYS, ids=[f"{method.lower()}_{'fast' if fast else 'slow'}" for method, fast in WAYS]
)
