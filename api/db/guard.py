"""A guard: a condition that must be true for a session, such as "the caller's sign-in is not revoked".

The session checks it in the statement that reads or writes rows, if possible, and otherwise in a separate
statement. It does so before the response and before the commit. The code that sets the guard defines its
meaning; this package does not know it.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement


class Guard(NamedTuple):
    condition: ColumnElement[bool]  # a constant of its module, with parameters
    values: Mapping[str, Any]
    refusal: Callable[[], Exception]  # creates the exception that is raised if the condition is false
