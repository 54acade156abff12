"""What came of a case, in words that can be compared: values with their types, rows as they are stored."""

import difflib
import json
import re
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, RowMapping, inspect
from sqlalchemy.exc import MissingGreenlet
from sqlalchemy.orm import InstanceState

YEAR = datetime.now(UTC).year
MADE_ID = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}-?7[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}")
MOMENT = re.compile(rf"{YEAR}-\d\d-\d\d(.)\d\d:\d\d:\d\d(?:(\.)\d+)?")
VERSION = re.compile(r"\b1[789]\d{14}\b")  # of a row, by the clock
people: dict[str, str] = {}  # the names of those whose ids are made by chance
CALLED = re.compile(rf"datetime\.datetime\({YEAR}(, \d+)+")


class Outcome(NamedTuple):
    """What a case gave, what it raised, what was heard of it, and the tables that are not as they were."""

    value: Any
    raised: str | None
    is_committed: bool
    heard: list[str]
    rows: dict[str, list[str]]


def person(name: str) -> UUID:
    """The id of one of them."""
    return next(UUID(id) for id, known in people.items() if known == name)


def masked(text: str) -> str:
    """Without what is made by chance or by the clock."""
    for id, name in people.items():
        text = text.replace(id, name).replace(id.replace("-", ""), name)
    text = VERSION.sub("<version>", MADE_ID.sub(r"<made\1id>", text))
    return CALLED.sub("datetime.datetime(<now>", MOMENT.sub(r"<now\1\2>", text))


def named(error: Exception) -> str:
    """The class of an error; of MissingGreenlet also where SQLAlchemy puts it into another one."""
    orig = getattr(error, "orig", None)
    return type(orig if isinstance(orig, MissingGreenlet) else error).__name__


def plain(value: Any, path: tuple[int, ...] = ()) -> Any:
    """The value and its type, and so on inwards; of an entity all that it has loaded."""
    kind = type(value).__name__
    if isinstance(value, type):
        return f"class {value.__name__}"
    if isinstance(value, Exception):
        return f"raised {named(value)}"
    state = inspect(value, raiseerr=False)
    if isinstance(state, InstanceState):
        if id(value) in path:
            return f"{kind}, again"
        path = (*path, id(value))
        known = {
            name: plain(state.dict[name], path)
            for name in sorted(state.mapper.attrs.keys())
            if name in state.dict
        }
        return {kind: known}
    if isinstance(value, Row):
        return {f"{kind} {value._fields}": [plain(one, path) for one in value]}
    if isinstance(value, dict | RowMapping):
        return {kind: {str(name): plain(one, path) for name, one in value.items()}}
    if isinstance(value, list | tuple):
        return {kind: [plain(one, path) for one in value]}
    if isinstance(value, set | frozenset):
        return {kind: sorted(map(repr, (plain(one, path) for one in value)))}
    return f"{kind}: {masked(repr(value))}"


def differences(ours: Outcome, theirs: Outcome) -> str:
    """In which lines the two differ; pytest would take minutes to find it out of values that are large."""
    was, has = (json.dumps(one._asdict(), indent=1, default=repr).splitlines() for one in (theirs, ours))
    return "\n".join(difflib.unified_diff(was, has, "plain SQLModel", "the house", n=2, lineterm=""))
