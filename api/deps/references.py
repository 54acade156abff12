"""References in bodies: a row that a body refers to must exist and be visible to the caller, else 422."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.lists.conditions import Condition
from api.models.base import Entity
from api.problems import invalid


async def check_reference(
    session: AsyncSession,
    model: type[Entity],
    id: UUID | Sequence[UUID] | None,
    field: str,
    scope: Condition | None = None,
    *,
    other_than: UUID | None = None,
    **bound: Any,
) -> None:
    """Raise unless there is a row with this id, or with each of these ids.

    Rows of several ids, which are to be linked, cannot be deleted until the commit. `other_than` is the id of
    the row that refers, if it may refer to another row of its table only.
    """
    if not id:
        return
    if id == other_than:
        raise invalid(["body", field], "A row cannot refer to itself.", "own_reference")
    if isinstance(id, UUID):
        there = select(model.id).where(col(model.id) == id)
    else:
        there = select(model.id).where(col(model.id).in_(id)).with_for_update(read=True, key_share=True)
    found = {*(await session.exec(there if scope is None else there.where(scope), params=bound)).all()}
    for place, one in enumerate([id] if isinstance(id, UUID) else id):
        if one not in found:
            at: list[str | int] = ["body", field] if one is id else ["body", field, place]
            raise invalid(at, "This row does not exist, or you may not see it.", "unknown_reference")
