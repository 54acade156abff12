"""Promises: tests that are asked of every entity, and the entities that say that they differ.

    class Letter(LetterPublic, table=True):
        __differs__ = {"what is deleted is gone": "A letter is archived."}

A promise is named by its test, in words. Of an entity that differs in it, the test has to fail.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

import pytest

from api.models.base import tables
from tests.conftest import ENGINES, THOROUGH

Decorator = Callable[[Any], Any]

ASKED: dict[str, set[str]] = {}  # by promise, the names of the models that it is asked of
_turns: dict[str, Iterator[int]] = {}


def promise_of(test: Callable[..., Any]) -> str:
    return test.__name__.removeprefix("test_").replace("_", " ")


def difference(promise: str, model: Any) -> list[pytest.MarkDecorator]:
    """Expects the test to fail, if the model says that it differs in this promise."""
    ASKED.setdefault(promise, set()).add(getattr(model, "__name__", ""))
    reason = getattr(model, "__differs__", {}).get(promise)
    return [] if reason is None else [pytest.mark.xfail(reason=reason, strict=True)]


def promise(argument: str, things: Iterable[Any], of: Callable[[Any], Any]) -> Decorator:
    """Ask a test of each of these; `of` tells the model that a thing belongs to."""

    def decorate(test: Callable[..., Any]) -> Any:
        name = promise_of(test)
        ASKED.setdefault(name, set())
        marked = [pytest.param(one, id=named(one), marks=difference(name, of(one))) for one in things]
        return pytest.mark.parametrize(argument, marked)(test)

    return decorate


def promise_on_one_engine(argument: str, things: Iterable[Any], of: Callable[[Any], Any]) -> Decorator:
    """The same with a database: on one engine for this and on the other for the next, so that the quick suite
    asks
    everything somewhere. With THOROUGH, each is asked on both."""

    def decorate(test: Callable[..., Any]) -> Any:
        name = promise_of(test)
        ASKED.setdefault(name, set())
        turn = next(_turns.setdefault(test.__module__, count()))
        marked = [
            pytest.param(kind, one, id=f"{kind}-{named(one)}", marks=difference(name, of(one)))
            for number, one in enumerate(things)
            for more in range(1 + THOROUGH)
            for kind in [ENGINES[(turn + number + more) % 2]]
        ]
        return pytest.mark.parametrize(("kind", argument), marked, indirect=["kind"], scope="session")(test)

    return decorate


def named(thing: Any) -> str:
    return str(getattr(thing, "path_format", None) or getattr(thing, "__name__", None) or thing)


def misunderstandings(models: Iterable[Any] | None = None) -> Iterator[str]:
    """What is wrong with what the models say of their differences."""
    for model in tables() if models is None else models:
        for promise, reason in getattr(model, "__differs__", {}).items():
            if promise not in ASKED:
                yield f"{model.__name__} differs in {promise!r}, which no test promises"
            elif model.__name__ not in ASKED[promise]:
                yield f"{model.__name__} differs in {promise!r}, which is not asked of it"
            if not reason.strip():
                yield f"{model.__name__} does not say why it differs in {promise!r}"
