"""Links between rows, in an association table: set and unset in one statement, however often it is asked.

await link(session, InvoiceTag, invoice, tag)
await unlink(session, InvoiceTag, invoice, tag)
await link_only(session, InvoiceTag, invoice, Tag, body.tag_ids)
"""

from collections.abc import Iterable
from importlib import import_module  # for the dialect in use
from typing import Any
from uuid import UUID

from sqlmodel import delete
from sqlmodel.ext.asyncio.session import AsyncSession

from api.models.base import Entity
from api.models.children import reference


async def link(session: AsyncSession, links: type[Any], one: Entity, other: Entity) -> None:
    """Link two rows. If they are linked already, this changes nothing."""
    await _insert(session, links, [_ends(links, one, type(other), other.id)])


async def unlink(session: AsyncSession, links: type[Any], one: Entity, other: Entity) -> None:
    """Unlink two rows. If they are not linked, this changes nothing."""
    ends = _ends(links, one, type(other), other.id)
    await session.exec(delete(links).where(*(getattr(links, name) == id for name, id in ends.items())))


async def link_only(
    session: AsyncSession, links: type[Any], one: Entity, model: type[Entity], ids: Iterable[UUID]
) -> None:
    """Link a row to the rows of this model with these ids, and to no others. Its own row is locked or new."""
    wanted = [_ends(links, one, model, id) for id in dict.fromkeys(ids)]
    near, far = reference(links, type(one)), reference(links, model)
    others = getattr(links, far).not_in([ends[far] for ends in wanted])
    await session.flush()
    await session.exec(delete(links).where(getattr(links, near) == one.id, others))
    await _insert(session, links, wanted)


def _ends(links: type[Any], one: Entity, model: type[Entity], id: UUID) -> dict[str, UUID]:
    return {reference(links, type(one)): one.id, reference(links, model): id}


async def _insert(session: AsyncSession, links: type[Any], rows: list[dict[str, UUID]]) -> None:
    if rows:
        await session.flush()
        dialect = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}")
        await session.exec(dialect.insert(links.__table__).values(rows).on_conflict_do_nothing())
