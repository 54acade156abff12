"""A request that adds one row, and asks its session nothing else, is committed in one round trip.

PostgreSQL is given the row, the event about it and the event's number in one statement. SQLite has no such statements,
but is given all of them at once. Whatever else a session does, it does by way of the ORM.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect, bindparam, inspect, literal, true
from sqlmodel import SQLModel, col, insert, select

from api.claims import HOLDS, Claim
from api.events import counting_up, events_of
from api.models import Event, Inbox
from api.models.base import utcnow
from api.statements import Prepared, prepare_plain

Script = Sequence[tuple[str, Any]]


def stands_alone(row: SQLModel) -> bool:
    """Whether the row is complete: nothing in it is made by the database, or by the ORM from another object."""
    mapper, has = inspect(type(row)).mapper, vars(row)
    return has.keys() >= set(mapper.local_table.columns.keys()) and has.keys().isdisjoint(mapper.relationships.keys())


def script(row: SQLModel, dialect: Dialect, claim: Claim | None) -> tuple[Script, list[UUID]]:
    """The statements, each with its values, the last of which finds the event's number; and whom the event is for.

    It finds nothing, and they write nothing, if there is a claim that does not hold.
    """
    events = events_of(row, "created")
    values = vars(row) | (claim._asdict() if claim else {}) | {"event_created_at": utcnow()}
    values |= {f"event_{name}": value for event in events for name, value in event.items()}
    statements = _statements(type(row), bool(events), claim is not None, dialect)
    return [one.bind(values) for one in statements], [event["user_id"] for event in events]


@lru_cache
def _statements(model: Any, told: bool, claimed: bool, dialect: Dialect) -> list[Prepared]:
    columns = _bound(model)
    row = insert(model).from_select([*columns], select(*columns.values()).where(HOLDS if claimed else true()))
    row = row.returning(*model.__table__.primary_key)
    if not told:
        return [prepare_plain(row, dialect)]
    event = {name: bindparam(f"event_{name}", type_=parameter.type) for name, parameter in _bound(Event).items()}
    first = {"user_id": event["user_id"], "number": literal(1), "pruned": literal(0)}
    if dialect.name == "postgresql":
        made = row.cte("made")
        number = counting_up(dialect.name).from_select([*first], select(*first.values()).select_from(made))
        numbered = number.returning(Inbox.number).cte("numbered")
        written = insert(Event).from_select([*event], select(*(event | {"number": numbered.c.number}).values()))
        whole: Any = select(numbered.c.number).add_cte(written.cte("told"))
        return [prepare_plain(whole, dialect)]
    newest = select(Inbox.number).where(col(Inbox.user_id) == event["user_id"])
    written = insert(Event).values(event | {"number": newest.scalar_subquery()})
    return [prepare_plain(one, dialect) for one in (row, counting_up(dialect.name).values(first), written, newest)]


def _bound(model: Any) -> dict[str, Any]:
    return {column.key: bindparam(column.key, type_=column.type) for column in model.__table__.columns}
