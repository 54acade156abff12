"""The list of the changes of a row."""

from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import bindparam
from sqlmodel import col

from api.db.session import Session
from api.lists.conditions import Condition
from api.lists.pagination import Page, PageQuery, paginate
from api.models.base import Entity
from api.models.row_change import RowChange, has_history


class HistoryQuery(PageQuery[RowChange]):
    """The query parameters of a row's history."""

    sort: Literal["id"] = "id"


async def history(session: Session, query: HistoryQuery, row: Entity) -> Page[Any]:
    """One page of the changes of a row, as a `Page[Change[KitePublic]]`."""
    if not has_history(type(row)):
        name = type(row).__name__
        raise TypeError(f"{name} has no history: write __history__ = True in the class {name}.")
    return await paginate(session, query, _of_row(), row_id=row.id)


@lru_cache
def _of_row() -> Condition:
    return col(RowChange.row_id) == bindparam("row_id")
