"""Rows: dependencies that load the row with the id in the path."""

from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import bindparam, inspect
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.db.request_session import SessionDep
from api.db.session import Session
from api.db.statements import lock
from api.deps.authentication import NOBODY, CallerId, CurrentUser, MaybeUser, declares, may
from api.deps.scopes import has_part, is_of_own, mine, ours
from api.deps.team_roles import check_row
from api.lists.conditions import Condition
from api.models.base import Entity, Permission, utcnow
from api.models.team import BasicTeamPermission, TeamPermission, is_of_team
from api.models.user import User
from api.problems import Code, ProblemError
from api.web.context import Part, context_of
from api.web.etags import check_if_match
from api.web.retries import may_run_again

RowT = TypeVar("RowT", bound=Entity)


def scope_values(caller: User | UUID | None) -> dict[str, Any]:
    """The values for CALLER and NOW in a scope: the caller's id and the current time."""
    return {"caller": caller.id if isinstance(caller, User) else caller or NOBODY, "now": utcnow()}


async def load(
    request: Request,
    session: Session,
    model: type[RowT],
    id: UUID,
    public: type[Entity],
    scope: Condition | None = None,
    caller: User | UUID | None = None,
    bound: Mapping[str, Any] | None = None,
) -> RowT:
    """The row with this id within the scope, else 404. `bound` has the values of more parameters.

    Every method but GET changes the row, so this locks it, or only holds it if the request may run again (see
    `Session.hold`), and checks If-Match. A parent is locked, and any other row only read (see nested.py).
    """
    values = {"id": id, **scope_values(caller), **(bound or {})}
    part = context_of(request).part
    if request.method == "GET" or part is Part.other:
        found = await session.rows(_by_id(model, scope, locked=False), **values)
    elif has_one_table(model):
        held = (
            await session.hold(_by_id(model, scope, locked=False), **values)
            if may_run_again(request) and part is Part.own
            else None
        )
        found = held if held is not None else await session.rows(_by_id(model, scope, locked=True), **values)
    else:
        await lock(session, model, id)
        found = await session.rows(_by_id(model, scope, locked=False), **values)
    if not found:
        raise ProblemError(Code.not_found)
    if request.method != "GET" and part is Part.own:
        check_if_match(request, found[0], public)
    row: RowT = found[0]
    return row


@lru_cache
def _by_id(model: type[RowT], scope: Condition | None, *, locked: bool) -> SelectOfScalar[RowT]:
    statement = select(model).where(col(model.id) == bindparam("id"))
    if locked:
        statement = statement.with_for_update(key_share=True)
    return statement if scope is None else statement.where(scope)


@lru_cache
def has_one_table(model: type[Entity]) -> bool:
    """Whether a query reads only the model's own table, so one statement can lock and read (see `lock`)."""
    mapper = inspect(model)
    return not mapper.relationships and mapper.column_attrs.keys() == mapper.local_table.columns.keys()


def found(model: type[RowT], public: type[Entity] | None = None) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the row with the id in the path, for all callers of the route, else 404."""

    @declares("", Code.not_found, Code.stale)
    async def get_row(id: UUID, request: Request, session: SessionDep) -> RowT:
        return await load(request, session, model, id, public or model.__bases__[0])

    return get_row


def visible(
    model: type[RowT],
    scope: Condition,
    public: type[Entity] | None = None,
    *,
    unless: Permission | None = None,
) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the row with the id in the path, if the caller may see it, else 404.

    With a scope of the caller's own rows, such as `mine(Kite) & …`, it is that of an owner, as `owned` is.
    With one of the caller's teams, such as `ours(Crate) & …`, it is that of a team, as `shared` is.
    """
    if is_of_team(model) and has_part(scope, ours(model)):
        return scoped_to_teams(model, scope, public, unless=unless)
    return _scoped("own" if is_of_own(model, scope) else "visible", model, scope, public, unless)


def visible_to_all(
    model: type[RowT], scope: Condition, public: type[Entity]
) -> Callable[..., Awaitable[RowT]]:
    """Like `visible`, for a public route."""

    @declares("public", Code.not_found, Code.stale)
    async def get_public_row(id: UUID, request: Request, session: SessionDep, user: MaybeUser) -> RowT:
        return await load(request, session, model, id, public, scope, user)

    return get_public_row


def owned(
    model: type[RowT],
    public: type[Entity] | None = None,
    column: str = "owner_id",
    *,
    unless: Permission | None = None,
) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the row with the id in the path, if the caller owns it or may see all, else 404."""
    return _scoped("own", model, mine(model, column), public, unless)


def scoped_to_teams(
    model: type[RowT],
    scope: Condition,
    public: type[Entity] | None = None,
    *,
    unless: Permission | None = None,
    role: TeamPermission = BasicTeamPermission.write_rows,
) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the row with the id in the path, if it is in the scope, else 404.

    Every method but GET asks for the permission in the row's team, else 403. All such rows of a request are
    of one team, else 404: a member of two teams cannot link rows of one to rows of the other.
    """

    async def check(request: Request, session: Session, row: Any, user_id: UUID) -> None:
        context = context_of(request)
        if context.team_id not in {None, row.team_id}:
            raise ProblemError(Code.not_found)
        context.team_id = row.team_id
        if request.method != "GET":
            await check_row(session, row, user_id, role)

    return _scoped(f"team, to change {role}", model, scope, public, unless, check)


def _scoped(
    who: str,
    model: type[RowT],
    scope: Condition,
    public: type[Entity] | None,
    unless: Permission | None,
    check: Callable[[Request, Session, RowT, UUID], Awaitable[None]] | None = None,
) -> Callable[..., Awaitable[RowT]]:
    shown, codes = public or model.__bases__[0], [Code.forbidden] * bool(check)

    @declares(who, Code.not_found, Code.stale, *codes)
    async def get_row(id: UUID, request: Request, session: SessionDep, caller: CallerId) -> RowT:
        row = await load(request, session, model, id, shown, scope, caller)
        if check is not None:
            await check(request, session, row, caller)
        return row

    @declares(f"{who} or {unless}", Code.not_found, Code.stale, *codes)
    async def get_row_by_permission(
        id: UUID, request: Request, session: SessionDep, user: CurrentUser
    ) -> RowT:
        wanted = within(user, scope, unless)
        row = await load(request, session, model, id, shown, wanted, user)
        if check is not None and wanted is not None:
            await check(request, session, row, user.id)
        return row

    return get_row_by_permission if unless else get_row


def within(user: User, scope: Condition, unless: Permission | None) -> Condition | None:
    """The scope for this user: None, if the user may see all rows."""
    return None if unless and may(user, unless) else scope


def governed(
    row: Callable[..., Awaitable[RowT]], owner: str, unless: Permission
) -> Callable[..., Awaitable[RowT]]:
    """A dependency: the row from `row`, if the caller owns it or has the permission, else 403."""

    @declares(f"own or {unless}", Code.forbidden)
    async def get_governed_row(user: CurrentUser, found: Annotated[RowT, Depends(row)]) -> RowT:
        if getattr(found, owner) != user.id and not may(user, unless):
            raise ProblemError(Code.forbidden)
        return found

    return get_governed_row
