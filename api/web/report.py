"""The routes and tables that take the fast path, and the reasons why others do not."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import select

from api.doors import open_door
from api.models.base import public_of, tables

DIALECTS = (sqlite.dialect(), postgresql.dialect())  # type: ignore[no-untyped-call]  # by SQLAlchemy


class Line(NamedTuple):
    """A route or a table, and the reasons why it does not take the fast path."""

    name: str
    reasons: list[str]


def routes(app: FastAPI) -> Iterator[Line]:
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute):
            name = f"{' '.join(sorted(route.methods or ()))} {route.path}"
            yield Line(
                name, [reason for reason in (_carried_out(route), _written(route.response_model)) if reason]
            )


def _carried_out(route: Any) -> str | None:
    door = open_door("api.web.fast.steps")
    reason = door.reason_against(route) if door else "api.web.fast.steps cannot be loaded"
    return f"FastAPI runs it: {reason}" if reason else None


def _written(answer: Any) -> str | None:
    door, schemas = open_door("api.web.fast.row_writer"), open_door("api.db.fast.representation")
    public = door.public_of(answer) if door else None
    reason = schemas.reason_against(public) if schemas and public else None
    return f"FastAPI writes its rows: {reason}" if reason else None


def models() -> Iterator[Line]:
    """All tables, with the reasons why the ORM reads or writes their rows, or Pydantic answers them."""
    for model in tables():
        yield Line(model.__name__, [*_read(model), *_changed(model), *_answered(model)])


def _read(model: Any) -> Iterator[str]:
    door = open_door("api.db.fast.statements")
    plans = [door.plan(select(model), dialect) for dialect in DIALECTS] if door else []
    yield from {f"The ORM reads it: {plan}" for plan in plans if isinstance(plan, Exception)}


def _changed(model: Any) -> Iterator[str]:
    door = open_door("api.db.fast.changes")
    for reason in {door.unfit(model, dialect) for dialect in DIALECTS} if door else ():
        if reason:
            yield f"The ORM writes it: {reason}"


def _answered(model: Any) -> Iterator[str]:
    door, public = open_door("api.db.fast.representation"), public_of(model)
    reason = door.show_of(model, public) if door and public else None
    if public and isinstance(reason, Exception):
        yield f"Pydantic answers it as {public.__name__}: {reason}"
