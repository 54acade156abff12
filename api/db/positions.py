"""Children in an order: their positions are 0, 1, 2 … without gaps.

The parent's row must be locked, as `parent` and `child` of `api.deps` do for every method but GET.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Field, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.models.base import Create, Entity
from api.models.children import Positioned, reference
from api.problems import ProblemCode, ProblemError


class PositionCode(ProblemCode):
    order_outdated = "order_outdated", 409, "Rows were added or removed meanwhile. Load them again."


class RowOrder(Create):
    """All rows of a parent, in a new order."""

    ids: list[UUID] = Field(max_length=1000, description="The ids of all rows, in the new order.")


async def append(session: AsyncSession, parent: Entity, row: Any) -> None:
    """Add a new row as the last child of its parent."""
    of_parent = col(getattr(type(row), _column(type(row), parent))) == parent.id
    row.position = (await session.exec(select(func.count()).select_from(type(row)).where(of_parent))).one()
    session.add(row)


async def remove(session: AsyncSession, parent: Entity, row: Any) -> None:
    """Delete a child. Those after it move up."""
    await session.delete(row)
    await session.flush()
    _number(await _children(session, parent, type(row)))


async def reorder(session: AsyncSession, parent: Entity, model: type[Any], ids: Sequence[UUID]) -> None:
    """Put the children of the parent in this order, which names each of them once."""
    rows = {row.id: row for row in await _children(session, parent, model)}
    if sorted(ids) != sorted(rows):
        raise ProblemError(PositionCode.order_outdated)
    _number([rows[id] for id in ids])


async def _children(session: AsyncSession, parent: Entity, model: type[Any]) -> Sequence[Any]:
    of_parent = col(getattr(model, _column(model, parent))) == parent.id
    return (await session.exec(select(model).where(of_parent).order_by(model.position, model.id))).all()


def _column(model: type[Any], parent: Entity) -> str:
    if not issubclass(model, Positioned):
        raise TypeError(f"{model.__name__} has no position: it needs `Positioned` among its bases.")
    return reference(model, type(parent))


def _number(rows: Sequence[Any]) -> None:
    for position, row in enumerate(rows):
        if row.position != position:  # as a change gives the row a new version
            row.position = position
