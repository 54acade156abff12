"""What is deleted by itself, and what stays."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, func, select, update

from api.db.engine import Database
from api.flows import pruning
from api.flows.pruning import prune
from api.models.base import Entity, utcnow
from api.models.idempotency_key import IdempotencyKey
from api.models.user_session import RefreshToken, UserSession
from api.settings import Settings
from tests.resources.test_auth import refresh
from tests.support.make import make_slot
from tests.support.people import Person

pytestmark = pytest.mark.anyio


async def count(database: Database, model: type[Entity]) -> int:
    async with database.read() as session:
        return (await session.exec(select(func.count()).select_from(model))).one()


async def change(database: Database, model: Any, condition: Any, **values: Any) -> None:
    async with database.write() as session, session.begin():
        await session.exec(update(model).where(condition).values(**values))


async def test_stored_answers_are_deleted_after_a_day(
    settings: Settings, database: Database, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)  # so that there are several
    slot = await make_slot(staff)
    for n in range(6):
        body = {"slot_id": slot["id"], "customer_name": "A"}
        answer = await staff.post("/bookings", json=body, headers={"Idempotency-Key": f"k{n}"})
        assert answer.status_code == 201
    old = col(IdempotencyKey.key).in_([f"k{n}" for n in range(5)])
    await change(database, IdempotencyKey, old, created_at=utcnow() - timedelta(hours=25))

    await prune(database, settings)

    assert await count(database, IdempotencyKey) == 1


async def test_expired_sessions_are_deleted_with_their_tokens(
    settings: Settings, database: Database, ada: Person, bob: Person
) -> None:
    await refresh(ada, ada.tokens["refresh_token"])
    expired = col(UserSession.user_id) == UUID(ada.id)
    await change(database, UserSession, expired, expires_at=utcnow() - timedelta(seconds=1))

    await prune(database, settings)

    assert (await count(database, UserSession), await count(database, RefreshToken)) == (1, 1)
    assert (await refresh(bob, bob.tokens["refresh_token"])).status_code == 200
