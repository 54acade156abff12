"""What a body refers to by id has to be there: a field error says so, instead of a constraint."""

from uuid import UUID

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api.problems import invalid


async def check_reference(session: AsyncSession, model: type[SQLModel], id: UUID | None, field: str) -> None:
    if id is not None and await session.get(model, id) is None:
        raise invalid(["body", field], "There is no such thing.", "unknown_reference")
