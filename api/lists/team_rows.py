"""Rows of teams that are changed by a filter: the caller needs a permission in each of their teams."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.db.session import Session
from api.db.team_locks import refuse_ending, writing
from api.lists.conditions import Condition
from api.models.base import CALLER, Update
from api.models.team import NOT_IN_ROLE, Team, TeamMember, TeamPermission, permissions_of
from api.problems import Code, ProblemError, invalid


async def check_teams(
    session: Session,
    model: Any,
    conditions: Sequence[Condition],
    bound: Mapping[str, Any],
    may: TeamPermission,
) -> set[UUID]:
    """The teams of these rows. Raise unless the caller has the permission in each of them.

    The caller stays in them, with the same role, until the end of the transaction.
    """
    if "caller" not in bound:
        said = f"{model.__name__} belongs to teams, so a change of many has to know the caller"
        raise TypeError(f"{said}: pass **scope_values(caller).")
    of_rows = select(col(model.team_id)).where(*conditions).distinct()
    teams = {*(await session.exec(of_rows, params=dict(bound))).all()}
    roles = select(TeamMember.team_id, TeamMember.role, Team.roles)
    roles = roles.join(Team, col(Team.id) == col(TeamMember.team_id))
    roles = roles.where(TeamMember.user_id == CALLER, col(TeamMember.team_id).in_(teams))
    kept = writing(session, roles.with_for_update(read=True, of=TeamMember), TeamMember.team_id)
    found = (await session.exec(kept, params={"caller": bound["caller"]})).all()
    refuse_ending(session, found)
    permitted = {team for team, role, named, *_ in found if may in permissions_of(role, named)}
    refuse_others(teams, permitted)
    return permitted


def refuse_others(teams: Collection[UUID], permitted: Collection[UUID]) -> None:
    if not set(permitted).issuperset(teams):
        raise ProblemError(Code.forbidden, NOT_IN_ROLE)


async def check_references(session: Session, model: Any, body: Update, teams: Collection[UUID]) -> None:
    """Raise 422 if the body refers to a row of a team, and one of the rows is of another team."""
    for name in sorted(body.model_fields_set.intersection(model.__table__.columns.keys())):
        value = getattr(body, name)
        for key in model.__table__.columns[name].foreign_keys if value is not None else ():
            there = key.column.table
            if "team_id" not in there.columns or not there.columns.team_id.foreign_keys:
                continue
            of_team = select(there.c.team_id).where(key.column == value)
            if {*(await session.exec(of_team)).all()} != set(teams):
                said = "This row does not exist, or is not in the team of each row that is changed."
                raise invalid(["body", name], said, "unknown_reference")
