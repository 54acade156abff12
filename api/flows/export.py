"""The export of a user's data.

It contains the rows that are deleted with the account, found through the models.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, create_model
from sqlalchemy import bindparam
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import col, select

from api.db import Database, trashed
from api.db.trash_tables import TRASH, is_trashable
from api.models.base import CALLER, Entity, as_json, tables, utcnow
from api.models.user import User, UserPublic


def _mine() -> dict[str, tuple[type[Any], type[Entity], InstrumentedAttribute[Any]]]:
    """The exported tables: model, Public schema and user column.

    A table without a Public, such as tokens, is skipped. The trash is a table of its own.
    """
    found = {}
    for model in tables():
        shown = model.__bases__[0]
        if shown is Entity or not issubclass(shown, Entity):
            continue
        for key in model.__table__.foreign_keys:
            column = key.parent
            of_user = key.column.table is User.__table__  # type: ignore[attr-defined]
            if of_user and (key.ondelete == "CASCADE" or column.name == "owner_id"):
                mine = (model, shown, getattr(model, column.name))
                found[str(model.__tablename__)] = mine
                if is_trashable(model):
                    found[TRASH[model.__table__].trash.name] = mine
    return dict(sorted(found.items()))


MINE = _mine()

CHUNK = 20  # rows in memory at a time: the largest have some 100 KB


def _rows(table: str) -> Any:
    """With the user as a range and in the order, as in lists/pagination.py."""
    model, _, whose = MINE[table]
    rows = select(model).where(whose.between(CALLER, CALLER), col(model.id) > bindparam("last"))
    rows = rows.order_by(whose, col(model.id)).limit(CHUNK)
    return rows if table == model.__tablename__ else trashed(rows, model)


ROWS = {table: _rows(table) for table in MINE}


class About(BaseModel):
    __examples__: ClassVar[dict[str, Any]] = {"exported_at": "2030-05-13T18:20:00Z"}

    exported_at: AwareDatetime
    user: UserPublic


rows: dict[str, Any] = {
    table: (list[shown], ...)  # type: ignore[valid-type]
    for table, (_, shown, _) in MINE.items()
}
Export = create_model("Export", __base__=About, __doc__="All stored data of a user.", **rows)


async def export(database: Database, user: User) -> AsyncIterator[bytes]:
    """An Export as JSON, in chunks. No session is open while the client reads."""
    yield About(exported_at=utcnow(), user=UserPublic.model_validate(user)).model_dump_json()[:-1].encode()
    for table, (_, shown, _) in MINE.items():
        yield f',"{table}":['.encode()
        separator = b""
        async for chunk in _chunks(database, table, user.id):
            yield separator + b",".join(as_json(row, shown) for row in chunk)
            separator = b","
        yield b"]"
    yield b"}"


async def _chunks(database: Database, table: str, user_id: UUID) -> AsyncIterator[Sequence[Any]]:
    last = UUID(int=0)
    while chunk := await database.rows(ROWS[table], caller=user_id, last=last):
        yield chunk
        last = chunk[-1].id
