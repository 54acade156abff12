"""Changes and deletions of all rows that a filter names: `PATCH /customers?status=draft`.

class AllCustomers(CustomerFilters, AllRows[Customer]): ...

@router.patch("")
async def update_customers(
    session: SessionDep, caller: CallerId, query: Annotated[AllCustomers, Query()], body: CustomerUpdate
) -> Affected:
    return await change_all(session, query, MINE, body, **scope_values(caller))
"""

from collections.abc import Callable, Sequence
from functools import partial
from inspect import isawaitable
from typing import Any, ClassVar, Generic
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import col, func, select

from api.db.live_events import TEAM
from api.db.session import Session
from api.lists.conditions import Condition
from api.lists.filters import Filters, Model
from api.lists.pagination import asked, conditions_of
from api.lists.team_rows import check_references, check_teams, refuse_others
from api.models.base import Update
from api.models.team import BasicTeamPermission, TeamPermission, is_of_team
from api.problems import ProblemCode, ProblemError, invalid

MOST = 1_000  # rows that are changed at once
ORDER = {"sort", "order"}  # of a list, which these queries do not have
ROWS = {"max_rows": "The most rows that are changed at once."}


class NamedRowsCode(ProblemCode):
    too_many_rows = (
        "too_many_rows",
        409,
        "These are too many rows for one request. Name fewer of them by more filters.",
        ROWS,
    )


class AllRows(Filters[Model], Generic[Model], frozen=True):
    """The query of a change: it concerns all rows that the filters find. At least one filter is required."""

    dry_run: bool = Field(default=False, description="Whether only to count the rows.")

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        for name in ORDER & cls.model_fields.keys():
            setattr(cls, name, cls.model_fields.pop(name).default)
        super().__pydantic_init_subclass__(**kwargs)
        cls.model_rebuild(force=True)


class Affected(BaseModel):
    """How many rows were changed or deleted, or would be."""

    is_affected: ClassVar = True  # read in web/routes.py

    count: int = Field(description="The number of rows.")


async def change_all(
    session: Session,
    query: AllRows[Model],
    scope: Condition | None,
    body: Update,
    each: Callable[[Model], Any] | None = None,
    by: Any = None,
    may: TeamPermission = BasicTeamPermission.write_rows,
    **bound: Any,
) -> Affected:
    """Change all rows of the query within the scope, which is that of rows that the caller may change.

    `each` changes one row; without it, `body.apply(row, by=by)` does. For rows of teams, the caller needs the
    permission `may` in the team of each row, else 403; without a scope, this is not asked. If the body refers
    to a row of a team, all rows have to be of this team, else 422.
    """
    return await _do(session, query, scope, bound, each or partial(body.apply, by=by), may, body)


async def delete_all(
    session: Session,
    query: AllRows[Model],
    scope: Condition | None,
    each: Callable[[Model], Any] | None = None,
    may: TeamPermission = BasicTeamPermission.write_rows,
    **bound: Any,
) -> Affected:
    """Delete all rows of the query within the scope, which is that of rows that the caller may delete.

    `may` is as for `change_all`.
    """
    return await _do(session, query, scope, bound, each or session.delete, may)


async def _do(
    session: Session,
    query: AllRows[Model],
    scope: Condition | None,
    bound: dict[str, Any],
    each: Callable[[Model], Any],
    may: TeamPermission,
    body: Update | None = None,
) -> Affected:
    if not query.given():
        said = "Give at least one filter. Without one, this would concern all rows."
        raise invalid(["query"], said, "missing_filter")
    shape, bound = asked(query, scope, bound)
    conditions = conditions_of(shape._replace(part="all"))
    teams, is_theirs = set[UUID](), scope is not None and is_of_team(query.model)
    if is_theirs:
        teams = await check_teams(session, query.model, conditions, bound, may)
    if query.dry_run:
        number = select(func.count(col(query.model.id))).where(*conditions)
        return Affected(count=(await session.exec(number, params=bound)).one())
    rows = await _locked(session, query, conditions, bound)
    if is_theirs:  # another request may have made rows meanwhile
        refuse_others(found := {getattr(row, TEAM) for row in rows}, teams)
        if body is not None and found:
            await check_references(session, query.model, body, found)
    for row in rows:
        done = each(row)
        if isawaitable(done):
            await done
    await session.flush()
    return Affected(count=len(rows))


async def _locked(
    session: Session, query: AllRows[Model], conditions: Sequence[Condition], bound: dict[str, Any]
) -> Sequence[Model]:
    """The rows, locked in the order of their ids, so that two requests do not wait for each other."""
    model = query.model
    ids = select(model.id).where(*conditions).order_by(col(model.id)).limit(MOST + 1)
    found = (await session.exec(ids.with_for_update(key_share=True), params=bound)).all()
    if len(found) > MOST:
        said = f"These are more than {MOST:,} rows. Name fewer of them by more filters."
        raise ProblemError(NamedRowsCode.too_many_rows, said, members={"max_rows": MOST})
    again = select(model).where(col(model.id).in_(found), *conditions).order_by(col(model.id))
    again = again.execution_options(populate_existing=True)
    return list((await session.exec(again, params=bound)).unique().all())
