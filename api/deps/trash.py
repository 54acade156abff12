"""Rows in the trash: a dependency that loads the row with the id in the path."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
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
from api.deps.rows import RowT, scope_values, within
from api.deps.scopes import is_of_own
from api.deps.team_roles import check_row
from api.lists.conditions import Condition
from api.models.base import Entity, Permission
from api.models.team import BasicTeamPermission, TeamPermission, is_of_team
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
    teams, every method but GET asks for the permission `may` in the row's team, else 403, as `shared` does.
    """
    trash_of(model)
    who, shown = "own" if is_of_own(model, scope) else "visible", public or model.__bases__[0]
    is_theirs = is_of_team(model)
    who = f"team, to change {may}" if is_theirs else who
    codes = [Code.not_found, Code.stale] + [Code.forbidden] * is_theirs

    @declares(who, *codes)
    async def get_trashed(id: UUID, request: Request, session: SessionDep, caller: CallerId) -> RowT:
        row = await _load(request, session, model, id, shown, scope, caller)
        if is_theirs and request.method != "GET":
            await check_row(session, row, caller, may)
        return row

    @declares(f"{who} or {unless}", *codes)
    async def get_trashed_by_permission(
        id: UUID, request: Request, session: SessionDep, user: CurrentUser
    ) -> RowT:
        wanted = within(user, scope, unless)
        row = await _load(request, session, model, id, shown, wanted, user)
        if is_theirs and wanted is not None and request.method != "GET":
            await check_row(session, row, user.id, may)
        return row

    return get_trashed_by_permission if unless else get_trashed


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
