"""Refuses a summary that no request reaches, because a route before it takes its path."""

from collections.abc import Sequence
from typing import Any

from fastapi.routing import APIRoute

from api.lists import Summary


def check_is_reached(routes: Sequence[Any]) -> None:
    """Raise TypeError if the last route is a summary that an earlier route hides, as `/{id}` does."""
    *earlier, last = routes
    answered = getattr(last, "response_model", None)
    if not isinstance(last, APIRoute) or not isinstance(answered, type) or not issubclass(answered, Summary):
        return
    for one in earlier:
        if (
            isinstance(one, APIRoute)
            and set(one.methods or ()) & set(last.methods or ())
            and one.path_regex.match(last.path)
        ):
            raise TypeError(
                f"{last.name} is never reached: {one.name} is declared before it, at {one.path}. "
                f"Declare {last.name}, at {last.path}, before {one.name}."
            )
