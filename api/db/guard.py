"""A guard: a condition that has to hold for a session's statements to count, such as that a sign-in was not
ended.

The session confirms it with the statement that finds or writes rows, where it can, and otherwise by a
statement of its own
before anything is answered or committed. What the condition is about is not the business of this room.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement


class Guard(NamedTuple):
    condition: ColumnElement[bool]  # a constant of its module, with parameters
    values: Mapping[str, Any]
    refusal: Callable[[], Exception]  # what is raised when it does not hold
