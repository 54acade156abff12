"""What a body refers to by id has to be there: a field error says so, instead of a constraint."""

from uuid import UUID

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api.models import Booking, Group, User
from api.problems import invalid


async def check_user(session: AsyncSession, id: UUID, field: str) -> None:
    await _check(session, User, id, field)


async def check_group(session: AsyncSession, id: UUID | None) -> None:
    await _check(session, Group, id, "group_id")


async def check_booking(session: AsyncSession, id: UUID | None) -> None:
    await _check(session, Booking, id, "booking_id")


async def _check(session: AsyncSession, model: type[SQLModel], id: UUID | None, field: str) -> None:
    if id is not None and await session.get(model, id) is None:
        raise invalid(["body", field], "There is no such thing.", "unknown_reference")
