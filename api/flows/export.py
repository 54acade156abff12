"""The export of a user's data.

It contains the rows that are deleted with the account, found through the models.
"""

from typing import Any, ClassVar

from pydantic import AwareDatetime, BaseModel, create_model
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import col, select

from api.db import Session
from api.models.base import CALLER, Entity, tables, utcnow
from api.models.user import User, UserPublic


def _mine() -> dict[str, tuple[type[Any], type[Entity], InstrumentedAttribute[Any]]]:
    """The exported tables: model, Public schema and user column.

    A table without a Public, such as tokens, is skipped.
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
                found[str(model.__tablename__)] = (model, shown, getattr(model, column.name))
    return dict(sorted(found.items()))


MINE = _mine()

ROWS = {
    table: select(model).where(whose == CALLER).order_by(col(model.id))
    for table, (model, _, whose) in MINE.items()
}


class About(BaseModel):
    __examples__: ClassVar[dict[str, Any]] = {"exported_at": "2030-05-13T18:20:00Z"}

    exported_at: AwareDatetime
    user: UserPublic


rows: dict[str, Any] = {
    table: (list[shown], ...)  # type: ignore[valid-type]
    for table, (_, shown, _) in MINE.items()
}
Export = create_model("Export", __base__=About, __doc__="All stored data of a user.", **rows)


async def export(session: Session, user: User) -> About:
    lists = {table: await session.rows(statement, caller=user.id) for table, statement in ROWS.items()}
    return Export(exported_at=utcnow(), user=user, **lists)
