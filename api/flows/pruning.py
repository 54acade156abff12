"""Pruning: deleting what is too old, in small batches."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, tuple_
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import Database
from api.db.history import WITH_HISTORY, forgotten
from api.db.trash_tables import trashes
from api.models.activity import Activity
from api.models.base import Entity, utcnow
from api.models.event import Event, Inbox
from api.models.idempotency_key import IdempotencyKey
from api.models.notification import Notification
from api.models.row_change import RowChange
from api.models.team import TeamInvitation
from api.models.user_session import UserSession
from api.settings import Settings
from api.web.idempotency import KEPT

log = logging.getLogger(__name__)

BATCH = 500
EVERY = 3600.0  # seconds
Remove = Callable[[AsyncSession, Any], Awaitable[int]]
LOCK = 0x5EED_C1EA  # any constant: the key of the lock that lets only one replica prune


async def prune_for_ever(settings: Settings) -> None:
    """Prune about once an hour, at random times, so that replicas do not start at the same moment."""
    while True:
        await asyncio.sleep(EVERY * random.uniform(0.5, 1.5))  # noqa: S311  no secret
        patient = Database(settings, is_patient=True)
        try:
            await prune(patient, settings)
        except (SQLAlchemyError, OSError) as error:
            log.warning("Old rows could not be deleted; the next attempt is in about an hour: %s", error)
        finally:
            await patient.close()


async def prune(database: Database, settings: Settings) -> None:
    """Delete old rows. Each batch has its own transaction, so other writers do not wait long."""
    activity_days = settings.activity_days  # 0: kept for ever
    for remove, kept in (
        (_events, timedelta(days=settings.events_kept_days)),
        (_older(Notification, "created_at"), timedelta(days=settings.notifications_kept_days)),
        (_older(IdempotencyKey, "created_at"), KEPT),
        (_older(UserSession, "expires_at"), timedelta()),  # with its refresh tokens
        *((_trashed(trash), timedelta(days=settings.trash_days)) for trash in trashes()),
        (_older(TeamInvitation, "expires_at"), timedelta()),
        *((_forgotten(model), timedelta()) for model in WITH_HISTORY),
        *([(_older(Activity, "created_at"), timedelta(days=activity_days))] if activity_days else []),
    ):
        before = utcnow() - kept
        more = True
        while more:
            async with database.write() as session, session.begin():
                more = await _alone(session) and await remove(session, before) == BATCH


async def _alone(session: AsyncSession) -> bool:
    """Whether no other replica is pruning. On SQLite, this transaction is the only writer."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool((await session.exec(select(func.pg_try_advisory_xact_lock(LOCK)))).one())


async def _events(session: AsyncSession, before: Any) -> int:
    """Delete old events, and store the last deleted number in each inbox.

    A client that reconnects with an older number gets `reset`.
    """
    old = (
        select(Event.user_id, Event.number)
        .where(col(Event.created_at) < before)
        .order_by(col(Event.created_at))
        .limit(BATCH)
    )
    found = (await session.exec(old)).all()
    highest: dict[UUID, int] = {}
    for id, number in found:
        highest[id] = max(number, highest.get(id, 0))
    for id in sorted(highest):  # in the order in which writers also lock them
        await session.exec(
            update(Inbox)
            .where(col(Inbox.user_id) == id, col(Inbox.pruned) < highest[id])
            .values(pruned=highest[id])
        )
    if found:
        await session.exec(delete(Event).where(tuple_(col(Event.user_id), col(Event.number)).in_(found)))
    return len(found)


def _forgotten(model: type[Entity]) -> Remove:
    """A function that deletes the history of rows that are gone, and not in the trash."""

    async def remove(session: AsyncSession, _: Any) -> int:
        connection = await session.connection()
        found = (await connection.execute(forgotten(model).limit(BATCH))).scalars().all()
        if found:
            await session.exec(delete(RowChange).where(col(RowChange.id).in_(found)))
        return len(found)

    return remove


def _trashed(trash: Table) -> Remove:
    """A function that purges the rows that were moved to the trash before a moment, with what is theirs."""

    async def remove(session: AsyncSession, before: Any) -> int:
        old = select(trash.c.id).where(trash.c.deleted_at < before, trash.c.deleted_with == trash.c.id)
        found = (await session.exec(old.order_by(trash.c.deleted_at).limit(BATCH))).all()
        if found:
            await session.exec(delete(trash).where(trash.c.id.in_(found)))
        return len(found)

    return remove


def _older(model: type[Entity], column: str) -> Remove:
    """A function that deletes the rows of a table whose time is before a moment."""
    time = col(getattr(model, column))

    async def remove(session: AsyncSession, before: Any) -> int:
        old = select(model.id).where(time < before).order_by(time).limit(BATCH)
        found = (await session.exec(old)).all()
        if found:
            await session.exec(delete(model).where(col(model.id).in_(found)))
        return len(found)

    return remove
