"""Bounds on what a user may store: rows and bytes, in all tables that name the user who made the row.

They are counted in the database once a minute for each user who writes, and estimated in between. So several
processes together let a user store a little more than the bound.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Dialect, Select, bindparam, func, inspect, select, union_all
from sqlalchemy.orm import Session

from api.db.trash_tables import TRASH
from api.models.base import tables
from api.models.user import User
from api.problems import Code, ProblemError
from api.settings import Settings

if TYPE_CHECKING:
    from api.db.engine import Database

KEPT_SECONDS = 60.0  # until a count is repeated
REPEATED_SECONDS = 5.0  # until the count of a user at the bound is repeated
MOST_USERS = 10_000  # whose counts are kept in memory
ROW_BYTES = 100  # of the ids and times of a row
TEXTS = (str, bytes)
LONG = (*TEXTS, dict, list)  # types of values without a fixed size


class Growth(NamedTuple):
    rows: int = 0
    bytes: int = 0

    def plus(self, other: "Growth") -> "Growth":
        return Growth(self.rows + other.rows, self.bytes + other.bytes)


@dataclass(slots=True)
class Usage:
    """What a user has stored."""

    rows: int
    bytes: int
    counted: float  # when, by the monotonic clock


@lru_cache
def creator_of(model: Any) -> str | None:
    """The column with the user who made the row, if the row belongs to them."""
    if given := getattr(model, "__creator__", None):
        return str(given)
    for key in model.__table__.foreign_keys:
        name, is_of_user = key.parent.name, key.column.table is User.__table__  # type: ignore[attr-defined]
        is_author = name == "author_id" and key.ondelete == "CASCADE"
        if is_of_user and (name in {"owner_id", "creator_id"} or is_author):
            return str(name)
    return None


@lru_cache
def _stored(dialect: Dialect, tables: tuple[tuple[sa.Table, str], ...]) -> Select[Any]:
    """Counts the rows and bytes of a user, in tables with a column that names the user."""
    size = func.octet_length if dialect.name == "postgresql" else func.length
    parts = []
    for table, creator in tables:
        texts = [text for column in table.columns if (text := _text_of(column)) is not None]
        row = sum((func.coalesce(size(text), 0) for text in texts), sa.literal(ROW_BYTES))
        mine = table.c[creator] == bindparam("creator", type_=sa.Uuid())
        total = func.coalesce(func.sum(row), 0).label("bytes")
        parts.append(select(func.count().label("rows"), total).where(mine))
    everything = union_all(*parts).subquery()
    return select(func.sum(everything.c.rows), func.sum(everything.c.bytes))


def _text_of(column: Any) -> Any:
    """The column as text, or as bytes, or None if its values have a fixed size."""
    type = column.type
    while isinstance(type, sa.TypeDecorator):
        type = type.impl_instance
    if isinstance(type, sa.JSON):
        return sa.cast(column, sa.Text)
    return column if isinstance(type, sa.String | sa.LargeBinary) else None


def stored_by(dialect: Dialect) -> Select[Any]:
    """Counts what a user, the `creator`, has stored, also in the trash."""
    named = [(model.__table__, creator) for model in tables() if (creator := creator_of(model))]
    named += [(TRASH[table].trash, creator) for table, creator in named if table in TRASH]
    return _stored(dialect, tuple(named))


class Quotas:
    def __init__(self, settings: Settings) -> None:
        self.most = Growth(settings.max_rows_per_user, settings.max_bytes_per_user)
        self.known: dict[UUID, Usage] = {}

    async def check(self, database: "Database", user_id: UUID, growth: Growth) -> None:
        """Raise if the user may not store so much more."""
        usage = self.known.get(user_id)
        if usage is None or self._is_outdated(usage, growth):
            counted = await database.rows(stored_by(database.engine.dialect), creator=user_id)
            usage = self._keep(user_id, counted[0])
        self._store(usage, growth, usage.rows + growth.rows, usage.bytes + growth.bytes)

    def check_in(self, session: Session, growths: Mapping[UUID, Growth]) -> None:
        """The same for what a transaction has written, on its connection."""
        for user_id, growth in growths.items():
            usage = self.known.get(user_id)
            if usage is not None and not self._is_outdated(usage, growth):
                self._store(usage, growth, usage.rows + growth.rows, usage.bytes + growth.bytes)
                continue
            counted = session.execute(stored_by(session.get_bind().dialect), {"creator": user_id}).one()
            usage = self._keep(user_id, counted)  # with what the transaction has written
            self._store(usage, growth, usage.rows, usage.bytes)

    def _is_outdated(self, usage: Usage, growth: Growth) -> bool:
        is_full = self._is_too_much(usage.rows + growth.rows, usage.bytes + growth.bytes)
        return time.monotonic() - usage.counted > (REPEATED_SECONDS if is_full else KEPT_SECONDS)

    def _keep(self, user_id: UUID, counted: Iterable[Any]) -> Usage:
        if len(self.known) >= MOST_USERS:
            self.known.clear()
        rows, size = map(int, counted)
        usage = self.known[user_id] = Usage(rows, size, time.monotonic())
        return usage

    def _store(self, usage: Usage, growth: Growth, rows: int, size: int) -> None:
        """Note that the user has stored this, or raise if it is too much."""
        if (growth.rows > 0 or growth.bytes > 0) and self._is_too_much(rows, size):
            most = self.most
            said = (
                f"You may store at most {most.rows:,} rows and {most.bytes:,} bytes. Delete something first."
            )
            members = {"max_rows": most.rows, "max_bytes": most.bytes}
            raise ProblemError(Code.quota_exceeded, said, members=members)
        usage.rows, usage.bytes = rows, size

    def _is_too_much(self, rows: int, size: int) -> bool:
        return rows > self.most.rows or size > self.most.bytes


def size_of(values: Iterable[Any]) -> int:
    """About so many bytes are needed to store these values."""
    texts = [one if isinstance(one, TEXTS) else str(one) for one in values if isinstance(one, LONG)]
    return sum(map(len, texts))


def growth_of(action: str, was: Iterable[Any], new: Iterable[Any]) -> Growth:
    """How much a change of a row adds, by its old and its new values."""
    rows = {"created": 1, "deleted": -1}.get(action, 0)
    return Growth(rows, rows * ROW_BYTES + size_of(new) - size_of(was))


def growth_in(row: Any, action: str) -> Growth:
    """The same for a row that the ORM has just flushed."""
    state = inspect(row)
    names = state.mapper.column_attrs.keys()
    if action != "updated":
        values = [state.dict.get(name) for name in names]
        return growth_of(action, *((values, ()) if action == "deleted" else ((), values)))
    changed = [history for name in names if (history := state.attrs[name].history).added]
    was, new = ([value for one in changed for value in one[part] or ()] for part in (2, 0))
    return growth_of(action, was, new)
