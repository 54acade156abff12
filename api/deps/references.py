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
    id: UUID | None,
    field: str,
    scope: Condition | None = None,
    **bound: Any,
) -> None:
    if id is None:
        return
    there = select(model.id).where(col(model.id) == id)
    if (await session.exec(there if scope is None else there.where(scope), params=bound)).first() is None:
        raise invalid(["body", field], "This row does not exist, or you may not see it.", "unknown_reference")


async def check_references(
    session: AsyncSession,
    model: type[Entity],
    ids: Sequence[UUID],
    field: str,
    scope: Condition | None = None,
    **bound: Any,
) -> None:
    """The same for a list of ids. Rows that are found cannot be deleted until the commit."""
    there = select(model.id).where(col(model.id).in_(ids)).with_for_update(read=True, key_share=True)
    found = {*(await session.exec(there if scope is None else there.where(scope), params=bound)).all()}
    for place, id in enumerate(ids):
        if id not in found:
            said = "This row does not exist, or you may not see it."
            raise invalid(["body", field, place], said, "unknown_reference")
