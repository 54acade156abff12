"""The scopes of what belongs to teams.

OURS = ours(Customer)                                                   # rows of the caller's teams
WRITABLE = ours(Customer, may=BasicTeamPermission.write_rows)           # those that the caller may change
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col, select

from api.lists.conditions import Condition
from api.models.base import CALLER
from api.models.team import BUILT_IN, Team, TeamMember, TeamPermission, member_of, permissions_of


class Grants(FunctionElement[bool]):
    """Whether the named roles of a team give a role a permission: of `roles`, `role` and permission."""

    type, name, inherit_cache = sa.Boolean(), "grants", True


@compiles(Grants, "postgresql")
def _on_postgresql(one: Grants, compiler: Any, **options: Any) -> str:
    roles, role, may = (compiler.process(part, **options) for part in one.clauses)
    return f"CAST({roles} -> {role} AS JSONB) @> to_jsonb(CAST({may} AS TEXT))"


@compiles(Grants, "sqlite")
def _on_sqlite(one: Grants, compiler: Any, **options: Any) -> str:
    roles, role, may = (compiler.process(part, **options) for part in one.clauses)
    granted = f"""json_each({roles}, '$."' || {role} || '"')"""
    return f"{may} IN (SELECT value FROM {granted})"  # noqa: S608 (the parts are compiled SQL)


def ours(model: type[Any], *, may: TeamPermission | None = None) -> Condition:
    """The scope of the rows of the caller's teams; with `may`, of teams in which the caller may do this."""
    check_shared(model)
    if may is None:
        condition: Condition = member_of(model.team_id)
        return condition
    built_in = [role for role in BUILT_IN if may in permissions_of(role, {})]
    permitted = col(TeamMember.role).in_(built_in) | Grants(
        Team.roles, TeamMember.role, sa.literal(str(may), sa.String)
    )
    teams = select(TeamMember.team_id).join(Team, col(Team.id) == col(TeamMember.team_id))
    return col(model.team_id).in_(teams.where(TeamMember.user_id == CALLER, permitted))


def in_team(model: type[Any], team_id: UUID) -> Condition:
    """The scope of the rows of one team, for references: a row refers to rows of its own team."""
    check_shared(model)
    condition: Condition = model.team_id == team_id
    return condition


def check_shared(model: type[Any]) -> None:
    if "team_id" not in model.model_fields:
        raise TypeError(
            f"{model.__name__} belongs to no team. Extend Shared in its Public: see models/team.py."
        )
