"""Links between rows, in an association table: set and unset in one statement, however often it is asked.

await link(session, InvoiceTag, invoice, tag)
await unlink(session, InvoiceTag, invoice, tag)
await link_only(session, InvoiceTag, invoice, Tag, body.tag_ids)

Rows of teams are linked to rows of their own team only.
"""

from collections.abc import Iterable
from importlib import import_module  # for the dialect in use
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.activity import note_links
from api.models.base import Entity
from api.models.children import reference
from api.models.team import is_of_team
from api.problems import Code, ProblemError, invalid


async def link(session: AsyncSession, links: type[Any], one: Entity, other: Entity) -> None:
    """Link two rows. If they are linked already, this changes nothing. If their teams differ, it is a 404."""
    given: Any = (one, other)
    if all(is_of_team(type(row)) for row in given) and len({row.team_id for row in given}) > 1:
        raise ProblemError(Code.not_found)
    ends = _ends(links, one, type(other), other.id)
    far = reference(links, type(other))
    note_links(session.sync_session, one, far, (), await _insert(session, links, far, [ends]))


async def unlink(session: AsyncSession, links: type[Any], one: Entity, other: Entity) -> None:
    """Unlink two rows. If they are not linked, this changes nothing."""
    near, far = reference(links, type(one)), reference(links, type(other))
    gone = await _delete(session, links, far, getattr(links, near) == one.id, getattr(links, far) == other.id)
    note_links(session.sync_session, one, far, gone, ())


async def link_only(
    session: AsyncSession, links: type[Any], one: Entity, model: type[Entity], ids: Iterable[UUID]
) -> None:
    """Link a row to the rows of this model with these ids, and to no others. Its own row is locked or new.

    If one of them is of another team, it is a 422.
    """
    wanted = [_ends(links, one, model, id) for id in dict.fromkeys(ids)]
    near, far = reference(links, type(one)), reference(links, model)
    await _check_team(session, one, model, [ends[far] for ends in wanted], far)
    others = getattr(links, far).not_in([ends[far] for ends in wanted])
    await session.flush()
    gone = await _delete(session, links, far, getattr(links, near) == one.id, others)
    note_links(session.sync_session, one, far, gone, await _insert(session, links, far, wanted))


async def _check_team(session: AsyncSession, one: Any, model: Any, ids: list[UUID], far: str) -> None:
    if not ids or not is_of_team(type(one)) or not is_of_team(model):
        return
    others = select(model.id).where(col(model.id).in_(ids), col(model.team_id) != one.team_id)
    if (await session.exec(others.limit(1))).first() is not None:
        said = "One of these rows does not exist, or you may not see it."
        raise invalid(["body", f"{far}s"], said, "unknown_reference")


def _ends(links: type[Any], one: Entity, model: type[Entity], id: UUID) -> dict[str, UUID]:
    return {reference(links, type(one)): one.id, reference(links, model): id}


async def _delete(session: AsyncSession, links: type[Any], far: str, *where: Any) -> list[UUID]:
    """The other ends of the links that were there."""
    gone = await session.exec(delete(links).where(*where).returning(getattr(links, far)))
    return list(gone.scalars())


async def _insert(
    session: AsyncSession, links: type[Any], far: str, rows: list[dict[str, UUID]]
) -> list[UUID]:
    """The other ends of the links that were not there."""
    if not rows:
        return []
    await session.flush()
    dialect = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}")
    insert = dialect.insert(links.__table__).values(rows).on_conflict_do_nothing()
    new = await session.exec(insert.returning(links.__table__.c[far]))
    return list(new.scalars())
