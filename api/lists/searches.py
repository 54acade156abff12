"""The search of a list, declared as `q: Annotated[Search | None, Searches("title", "content")] = None`."""

import re
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import String, bindparam, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from api.lists.conditions import Condition
from api.lists.words import Matches, MatchesInTrash, words_of
from api.models.types import Verbatim

Search = Annotated[Verbatim, Field(min_length=1, max_length=100)]


def _as_pattern(text: str) -> str:
    return "%" + re.sub(r"([%_/])", r"/\1", text) + "%"


def column_of(model: type[Any], name: str) -> InstrumentedAttribute[Any]:
    column: InstrumentedAttribute[Any] = getattr(model, name)
    return column


class Searches:
    """The columns that `q` searches: for the text as it is, or with `words` for its words.

    With `of_all`, the list has rows of all users, and PostgreSQL gets an index. `words` always have one.
    Migrations derive the indexes from this (see alembic/env.py), so no migration names them.
    """

    def __init__(self, *columns: str, of_all: bool = False, words: bool = False) -> None:
        self.columns, self.of_all, self.words = columns, of_all, words

    def value(self, text: str) -> str:
        """The text as the condition takes it."""
        return words_of(text) if self.words else _as_pattern(text)

    def condition(self, query: Any, name: str) -> Condition:
        model = query.model
        if self.words:
            return (MatchesInTrash if query.is_of_trash else Matches)(model, self.columns, name)
        pattern = func.lower(bindparam(name, type_=String()))
        columns = (column_of(model, column) for column in self.columns)
        return or_(*(func.lower(column).like(pattern, escape="/") for column in columns))

    @property
    def description(self) -> str:
        said = f"Search in {', '.join(self.columns)}. "
        if not self.words:
            return said + "Upper and lower case are equal."
        return said + (
            "Finds rows with all of these words, or with words that begin with them. "
            "Upper and lower case are equal, and so are letters with and without accents."
        )
