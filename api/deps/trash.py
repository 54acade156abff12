"""Rows in the trash: a dependency that loads the row with the id in the path."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.db.request_session import SessionDep
from api.db.session import Session
from api.db.trash import lock_trashed, trashed
from api.db.trash_tables import trash_of
from api.deps.authentication import CallerId, CurrentUser, declares
from api.deps.rows import RowT, is_of_own, scope_values, within
from api.deps.teams import check_may
from api.lists.conditions import Condition
from api.models.base import Entity, Permission
from api.models.team import BasicTeamPermission, TeamPermission, is_shared
from api.models.user import User
from api.problems import Code, ProblemError
from api.web.etags import check_if_match


def in_trash(
    model: type[RowT],
    scope: Condition,
    public: type[Entity] | None = None,
    *,
    unless: Permission | None = None,
    may: TeamPermission = BasicTeamPermission.write_rows,
) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the row with the id in the path, if it is in the trash and the caller may see it.

    Else 404. With a scope of the caller's own rows, such as `mine(Kite)`, it is that of an owner. For rows of
    a team, every method but GET asks for the permission in the team, else 403.
    """
    trash_of(model)
    if is_shared(model) and not unless:
        return _of_team(model, scope, public or model.__bases__[0], may)
    who, shown = "own" if is_of_own(model, scope) else "visible", public or model.__bases__[0]

    @declares(who, Code.not_found, Code.stale)
    async def get_trashed(id: UUID, request: Request, session: SessionDep, caller: CallerId) -> RowT:
        return await _load(request, session, model, id, shown, scope, caller)

    @declares(f"{who} or {unless}", Code.not_found, Code.stale)
    async def get_trashed_by_permission(
        id: UUID, request: Request, session: SessionDep, user: CurrentUser
    ) -> RowT:
        return await _load(request, session, model, id, shown, within(user, scope, unless), user)

    return get_trashed_by_permission if unless else get_trashed


def _of_team(
    model: type[RowT], scope: Condition, shown: type[Entity], may: TeamPermission
) -> Callable[..., Awaitable[RowT]]:
    @declares(f"team, to change {may}", Code.not_found, Code.stale, Code.forbidden)
    async def get_trashed_of_team(id: UUID, request: Request, session: SessionDep, caller: CallerId) -> RowT:
        row: Any = await _load(request, session, model, id, shown, scope, caller)
        if request.method != "GET":
            await check_may(session, row.team_id, caller, may)
        return row  # type: ignore[no-any-return]  # loaded as a row of this model

    return get_trashed_of_team


async def _load(
    request: Request,
    session: Session,
    model: type[RowT],
    id: UUID,
    public: type[Entity],
    scope: Condition | None,
    caller: User | UUID,
) -> RowT:
    if request.method != "GET":
        await lock_trashed(session, model, id)
    found = await session.rows(_by_id(model, scope), id=id, **scope_values(caller))
    if not found:
        raise ProblemError(Code.not_found)
    if request.method != "GET":
        check_if_match(request, found[0], public)
    row: RowT = found[0]
    return row


@lru_cache
def _by_id(model: type[RowT], scope: Condition | None) -> SelectOfScalar[RowT]:
    statement = select(model).where(col(model.id) == bindparam("id"))
    return trashed(statement if scope is None else statement.where(scope), model)
